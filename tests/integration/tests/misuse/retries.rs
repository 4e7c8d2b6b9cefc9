//! Transactions that are run again.

use std::time::Duration;

use aludel::dbapi::IsolationLevel;
use aludel::engine::RetryPolicy;
use aludel::{Connection, Error, ErrorKind, ExecutionOptions, Result};

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
    if !site.survives {
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

pub(crate) fn what_is_committed_is_not_run_again(site: &Site) {
    let lost = || Error::operational("gone").disconnected();
    let commits: [fn(&mut Connection) -> Result<()>; 2] =
        [|conn| conn.commit(), |conn| conn.execute("commit", ()).map(drop)];
    for (commit, error) in commits.into_iter().flat_map(|c| [(c, deadlock()), (c, lost())]) {
        let (mut runs, mut error) = (0, Some(error));
        let failed = site.engine.begin_retrying(&policy(), |conn| {
            runs += 1;
            insert(conn, runs)?;
            commit(conn)?;
            error.take().map_or(Ok(()), Err)
        });
        assert_eq!((failed.is_err(), runs), (true, 1), "{failed:?}");
        assert_eq!(site.ids(), [1]);
        site.engine.begin(|conn| conn.execute("delete from t", ()).map(drop)).unwrap();
    }
}

pub(crate) fn a_run_that_rolled_back_itself_is_run_again(site: &Site) {
    let mut runs = 0;
    let done = site.engine.begin_retrying(&policy(), |conn| {
        runs += 1;
        insert(conn, runs)?;
        if runs > 1 {
            return Ok(());
        }
        conn.rollback()?;
        Err(deadlock())
    });
    done.unwrap();
    assert_eq!(site.ids(), [2]);
}

pub(crate) fn nothing_is_run_again_with_autocommit(site: &Site) {
    let options = ExecutionOptions::new().isolation_level(IsolationLevel::Autocommit);
    let refused = site.engine.execution_options(&options).begin_retrying(&policy(), |conn| {
        insert(conn, 1)?;
        Err::<(), _>(deadlock())
    });
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(site.ids(), NONE, "it did not run");
}
