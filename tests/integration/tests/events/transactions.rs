//! Events of transactions: told in order, able to act inside, and to refuse.

use aludel::dbapi::IsolationLevel;
use aludel::{Engine, Error, Result};

use crate::{Log, engine, rows};

fn told(log: &Log) -> Engine {
    let engine = engine();
    let writer = log.clone();
    engine.events().engine_connect(move |_| writer.write("engine_connect"));
    let writer = log.clone();
    engine.events().begin(move |connection| {
        assert!(connection.in_transaction());
        writer.write("begin");
    });
    let writer = log.clone();
    engine.events().commit(move |connection| {
        assert!(connection.in_transaction());
        writer.write("commit");
    });
    let writer = log.clone();
    engine.events().rollback(move |connection| {
        assert!(connection.in_transaction());
        writer.write("rollback");
    });
    engine
}

#[test]
fn begin_commit_and_rollback_are_told_once_for_each_transaction() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    let mut connection = engine.connect()?;
    assert_eq!(log.take(), ["engine_connect"]);
    connection.commit()?;
    connection.rollback()?;
    assert!(log.take().is_empty(), "there was no transaction");
    connection.execute("insert into t (x) values (1)", ())?;
    connection.execute("insert into t (x) values (2)", ())?;
    connection.commit()?;
    connection.execute("insert into t (x) values (3)", ())?;
    connection.rollback()?;
    assert_eq!(log.take(), ["begin", "commit", "begin", "rollback"]);
    Ok(())
}

#[test]
fn autocommit_begins_no_transaction() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    engine.execute("insert into t (x) values (1)", ())?;
    assert_eq!(log.take(), ["engine_connect"]);
    let mut connection = engine.connect()?;
    connection.set_isolation_level(IsolationLevel::Autocommit)?;
    connection.execute("insert into t (x) values (2)", ())?;
    connection.commit()?;
    assert_eq!(log.take(), ["engine_connect"]);
    Ok(())
}

#[test]
fn what_a_listener_to_begin_executes_belongs_to_the_transaction() -> Result<()> {
    let engine = engine();
    engine.events().begin(|connection| {
        connection.execute("insert into t (y) values ('begun')", ())?;
        Ok(())
    });
    let mut connection = engine.connect()?;
    assert_eq!(rows(&mut connection), 1);
    connection.rollback()?;
    assert_eq!(
        rows(&mut connection),
        1,
        "the first was rolled back, the second transaction has one"
    );
    Ok(())
}

#[test]
fn a_refused_begin_leaves_no_transaction() -> Result<()> {
    let engine = engine();
    engine.events().once().begin(|_| Err(Error::invalid_request("not now")));
    let mut connection = engine.connect()?;
    let error = connection.execute("insert into t (x) values (1)", ()).unwrap_err();
    assert_eq!(error.message(), "not now");
    assert!(!connection.in_transaction());
    assert_eq!(rows(&mut connection), 0);
    Ok(())
}

#[test]
fn a_refused_commit_leaves_the_transaction_open() -> Result<()> {
    let engine = engine();
    engine.events().once().commit(|_| Err(Error::invalid_request("not now")));
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    assert_eq!(connection.commit().unwrap_err().message(), "not now");
    assert!(connection.in_transaction());
    connection.commit()?;
    connection.rollback()?;
    assert_eq!(rows(&mut connection), 1);
    Ok(())
}

#[test]
fn a_rollback_cannot_be_refused() -> Result<()> {
    let engine = engine();
    engine.events().once().rollback(|_| Err(Error::invalid_request("heard")));
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    assert_eq!(connection.rollback().unwrap_err().message(), "heard");
    assert!(!connection.in_transaction());
    assert_eq!(rows(&mut connection), 0);
    Ok(())
}

#[test]
fn a_listener_to_commit_can_still_change_what_is_committed() -> Result<()> {
    let engine = engine();
    engine
        .events()
        .commit(|connection| connection.execute("insert into t (y) values ('last')", ()).map(drop));
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    connection.commit()?;
    connection.rollback()?;
    assert_eq!(rows(&mut connection), 2);
    Ok(())
}
