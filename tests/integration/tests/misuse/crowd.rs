//! Many threads that do everything at once, and end it in every way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::thread;

use aludel::Result;
use aludel::engine::RetryPolicy;
use aludel::pool::settings::PoolClass;

use super::site::{Site, insert};

/// Times that each thread does each thing.
const ROUNDS: i64 = 10;

pub(crate) fn threads_that_do_all_of_it_leave_nothing(site: &Site) {
    let kept = AtomicI64::new(0);
    // What does not fit at once waits for its turn, where the pool has turns.
    let waits = site.engine.pool_config().class != PoolClass::AssertionPool;
    let threads = if waits { 4 } else { 1 };
    thread::scope(|scope| {
        for thread in 0..threads {
            let kept = &kept;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let id = (thread * ROUNDS + round) * 10;
                    kept.fetch_add(one_round(site, id).unwrap(), Relaxed);
                }
            });
        }
    });
    assert_eq!(site.ids().len() as i64, kept.load(Relaxed));
}

/// Ends transactions in every way; gives the number of rows that stay.
fn one_round(site: &Site, id: i64) -> Result<i64> {
    // Databases differ in what they let two writers do at once.
    let policy = RetryPolicy::new().attempts(100);
    let mut kept = 0;
    site.engine.begin_retrying(&policy, |conn| insert(conn, id))?;
    kept += 1;
    site.engine.begin_retrying(&policy, |conn| {
        insert(conn, id + 1)?;
        let _undone = conn.begin_nested(|conn| {
            insert(conn, id + 2)?;
            insert(conn, id + 2)
        });
        Ok(())
    })?;
    kept += 1;
    let caught = catch_unwind(AssertUnwindSafe(|| {
        site.engine.begin_retrying(&policy, |conn| {
            insert(conn, id + 3)?;
            assert!(id < 0, "as the test wants");
            Ok(())
        })
    }));
    assert!(caught.is_err());
    let mut conn = site.engine.connect()?;
    let mut rows = conn.execute("select id from t union all select 0", ())?;
    assert!(rows.next()?.is_some());
    drop(rows);
    match id / 10 % 3 {
        0 => conn.close()?,
        1 => conn.rollback()?,
        _ => drop(conn),
    }
    Ok(kept)
}
