//! Transactions that are run again.

use std::time::Duration;

use aludel::engine::RetryPolicy;
use aludel::{Connection, Error, Result};

use super::site::{NONE, Site, insert};

fn policy() -> RetryPolicy {
    RetryPolicy::new().backoff(Duration::from_millis(1))
}

fn deadlock() -> Error {
    Error::operational("a deadlock").retryable()
}

pub(crate) fn a_transaction_runs_until_it_succeeds(site: &Site) {
    let mut runs = 0;
    let work = |conn: &mut Connection| -> Result<i32> {
        runs += 1;
        insert(conn, 1)?;
        if runs < 4 { Err(deadlock()) } else { Ok(runs) }
    };
    assert_eq!(site.engine.begin_retrying(&policy(), work).unwrap(), 4);
    assert_eq!(site.ids(), [1], "the runs that failed left nothing");
}

pub(crate) fn the_last_error_says_how_often_it_ran(site: &Site) {
    let mut runs = 0;
    let mut run = |policy: &RetryPolicy, error: fn() -> Error| {
        runs = 0;
        let failed = site.engine.begin_retrying(policy, |conn| {
            runs += 1;
            insert(conn, 1)?;
            Err::<(), _>(error())
        });
        (runs, failed.unwrap_err())
    };
    let (runs, error) = run(&policy().attempts(3), deadlock);
    assert_eq!((runs, error.notes().collect::<Vec<_>>()), (3, vec![("runs", "3")]));
    let (runs, error) = run(&policy(), || Error::integrity("taken"));
    assert_eq!((runs, error.notes().count()), (1, 0), "not worth another run");
    let lost = || Error::operational("gone").disconnected();
    assert_eq!(run(&policy().attempts(2), lost).0, 2);
    assert_eq!(run(&policy().retry_disconnects(false), lost).0, 1);
    assert_eq!(site.ids(), NONE);
}

pub(crate) fn a_lost_connection_is_replaced(site: &Site) {
    if site.connections == 1 {
        // The database is lost with the connection.
        return;
    }
    let mut runs = 0;
    let done = site.engine.begin_retrying(&policy(), |conn| {
        runs += 1;
        insert(conn, runs)?;
        if runs == 1 {
            conn.invalidate()?;
            return Err(Error::operational("gone").disconnected());
        }
        Ok(())
    });
    done.unwrap();
    assert_eq!(site.ids(), [2]);
}
