//! Options of transactions as PostgreSQL has them, and what is worth running again.

use std::sync::Barrier;
use std::thread;

use aludel::dbapi::IsolationLevel;
use aludel::engine::RetryPolicy;
use aludel::{Connection, ExecutionOptions};

use crate::misuse::site::{count, insert};
use crate::site;

fn shown(conn: &mut Connection, setting: &str) -> String {
    conn.scalar(format!("show {setting}"), ()).unwrap()
}

#[test]
fn options_go_with_each_begin_and_leave_the_session_alone() {
    let Some(site) = site() else { return };
    let options = ExecutionOptions::new()
        .isolation_level(IsolationLevel::Serializable)
        .read_only(true)
        .deferrable(true);
    let mut conn = site.engine.connect().unwrap();
    conn.execution_options(&options).unwrap();
    for _ in 0..2 {
        assert_eq!(shown(&mut conn, "transaction_isolation"), "serializable");
        assert_eq!(shown(&mut conn, "transaction_read_only"), "on");
        assert_eq!(shown(&mut conn, "transaction_deferrable"), "on");
        assert_eq!(shown(&mut conn, "default_transaction_isolation"), "read committed");
        conn.commit().unwrap();
    }
    conn.invalidate().unwrap();
    assert_eq!(shown(&mut conn, "transaction_read_only"), "on", "also after connecting again");
    drop(conn);
    site.is_clean();
}

#[test]
fn serializable_transactions_that_get_in_each_others_way_are_run_again() {
    let Some(site) = site() else { return };
    let serializable = ExecutionOptions::new().isolation_level(IsolationLevel::Serializable);
    let engine = site.engine.execution_options(&serializable);
    // Each counts the rows and inserts one of that number: side by side they would take the same.
    let (meet, policy) = (Barrier::new(2), RetryPolicy::new().attempts(50));
    let runs: i64 = thread::scope(|scope| {
        let workers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut runs = 0;
                    let done = engine.begin_retrying(&policy, |conn| {
                        let rows = count(conn);
                        runs += 1;
                        if runs == 1 {
                            meet.wait();
                        }
                        conn.execute("insert into p values (?)".replace('?', "$1"), (rows + 100,))?;
                        insert(conn, rows)
                    });
                    done.map(|()| runs)
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap().unwrap()).sum()
    });
    assert!(runs > 2, "one of them had to run again");
    assert_eq!(site.ids(), [0, 1]);
    site.is_clean();
}

#[test]
fn an_engine_of_deferrable_transactions_executes_single_statements() {
    let Some(site) = site() else { return };
    let options = ExecutionOptions::new().isolation_level(IsolationLevel::Serializable);
    let writes = site.engine.execution_options(&options.clone().deferrable(true));
    writes.execute("insert into t (id, x) values (1, 1)", ()).expect("it commits itself");
    assert_eq!(site.ids(), [1]);
    let reads = site.engine.execution_options(&options.deferrable(true).read_only(true));
    let sql = "select current_setting('transaction_deferrable')";
    let deferrable: String = reads.execute(sql, ()).unwrap().scalar().unwrap();
    assert_eq!(deferrable, "on");
    drop((writes, reads));
    site.is_clean();
}
