//! What the next user of a connection must not see.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use aludel::dbapi::IsolationLevel;
use aludel::{Connection, Engine, ExecutionOptions};

use super::site::{NONE, Site, count, insert};

fn connect(engine: &Engine) -> Connection {
    engine.connect().unwrap()
}

pub(crate) fn options_end_with_the_connection(site: &Site) {
    let mut conn = connect(&site.engine);
    let level = conn.get_isolation_level().unwrap();
    assert_eq!(conn.default_isolation_level(), Some(level));
    conn.rollback().unwrap();
    let others = [IsolationLevel::Serializable, IsolationLevel::ReadUncommitted];
    let other = others.into_iter().find(|other| *other != level).expect("there are two");
    let options = ExecutionOptions::new().isolation_level(other).timeout(Duration::from_secs(60));
    conn.execution_options(&options).unwrap();
    assert_eq!(conn.get_isolation_level().unwrap(), other);
    insert(&mut conn, 1).unwrap();
    assert!(conn.execution_options(&options).is_err(), "inside a transaction");
    drop(conn);
    let mut next = connect(&site.engine);
    assert_eq!(next.get_execution_options(), &ExecutionOptions::new());
    assert_eq!(next.get_isolation_level().unwrap(), level);
    drop(next);
    let mut of_engine = connect(&site.engine.execution_options(&options));
    assert_eq!(of_engine.get_isolation_level().unwrap(), other);
    drop(of_engine);
    assert_eq!(connect(&site.engine).get_isolation_level().unwrap(), level);
}

pub(crate) fn a_read_only_transaction_writes_nothing(site: &Site) {
    let read_only = ExecutionOptions::new().read_only(true);
    let reports = site.engine.execution_options(&read_only);
    let mut conn = connect(&reports);
    assert_eq!(count(&mut conn), 0);
    insert(&mut conn, 1).unwrap_err();
    conn.rollback().unwrap();
    conn.execution_options(&ExecutionOptions::new().read_only(false)).unwrap();
    insert(&mut conn, 2).unwrap();
    conn.commit().unwrap();
    drop(conn);
    let refused = reports.execute("insert into t (id, x) values (3, 1)", ());
    assert!(refused.is_err(), "also without a connection of the program's");
    drop(refused);
    let mut next = connect(&site.engine);
    insert(&mut next, 4).unwrap();
    next.commit().unwrap();
    drop(next);
    assert_eq!(site.ids(), [2, 4]);
}

pub(crate) fn autocommit_ends_with_the_connection(site: &Site) {
    let autocommit = ExecutionOptions::new().isolation_level(IsolationLevel::Autocommit);
    let mut conn = connect(&site.engine.execution_options(&autocommit));
    insert(&mut conn, 1).unwrap();
    assert!(!conn.in_transaction());
    assert_eq!(conn.get_isolation_level().unwrap(), IsolationLevel::Autocommit);
    let in_block = conn.begin(|conn| {
        insert(conn, 2)?;
        insert(conn, 2)
    });
    assert!(in_block.is_err());
    assert!(conn.savepoint().is_err(), "there is no transaction to be nested in");
    // A transaction of the program's own, which nobody commits.
    conn.execute("begin", ()).unwrap();
    insert(&mut conn, 3).unwrap();
    assert!(conn.in_transaction());
    drop(conn);
    let mut next = connect(&site.engine);
    insert(&mut next, 4).unwrap();
    drop(next);
    assert_eq!(site.ids(), [1, 2]);
}

pub(crate) fn what_was_not_committed_is_not_seen_by_the_next(site: &Site) {
    for id in 0..20 {
        let mut conn = connect(&site.engine);
        assert_eq!(count(&mut conn), 0);
        insert(&mut conn, id).unwrap();
        match id % 4 {
            0 => drop(conn),
            1 => conn.close().unwrap(),
            2 => drop(conn.savepoint().unwrap()),
            _ => drop(conn.execute("select 1", ()).unwrap()),
        }
    }
    assert_eq!(site.ids(), NONE);
}

pub(crate) fn a_handle_of_the_last_user_cancels_nobody(site: &Site) {
    let mut last = connect(&site.engine);
    let handle = last.cancel_handle().unwrap();
    count(&mut last);
    let call = handle.last_call().expect("it is connected");
    drop(last);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(SeqCst) {
                handle.cancel().unwrap();
                handle.cancel_call(call).unwrap();
            }
        });
        let mut next = connect(&site.engine);
        for _ in 0..100 {
            let one: aludel::Result<i64> = next.scalar(site.short, ());
            is_over.fetch_or(one.is_err(), SeqCst);
            assert_eq!(one.unwrap(), 1);
        }
        is_over.store(true, SeqCst);
    });
}
