//! Disposing of an engine, closing it, and counting what is in use.

use std::time::{Duration, Instant};

use aludel::ErrorKind;

use crate::{engine, file, memory};

#[test]
fn connections_in_use_are_counted_until_they_return_however_they_do() {
    let (_directory, url) = file();
    let engine = engine(&url);
    let connection = engine.connect().unwrap();
    let raw = engine.raw_connection().unwrap();
    let result = engine.execute("select 1", ()).unwrap();
    assert_eq!(engine.checkedout(), 3);
    drop(connection);
    drop(raw);
    assert_eq!(engine.checkedout(), 1);
    drop(result);
    assert_eq!(engine.checkedout(), 0);
    assert!(crate::engine("sqlite:////no/such/directory/x.db").connect().is_err());
    let unreachable = crate::engine("sqlite:////no/such/directory/x.db");
    assert!(unreachable.connect().is_err());
    assert_eq!(unreachable.checkedout(), 0);
}

#[test]
fn a_raw_connection_is_the_drivers_own_and_shares_the_database() {
    let engine = memory();
    engine.execute("create table t (x integer)", ()).unwrap();
    let mut raw = engine.raw_connection().unwrap();
    let mut outcome = aludel::dbapi::ScriptOutcome::default();
    let limits = aludel::abi::host::Limits::NONE;
    raw.execute_script("begin; insert into t values (1)", &mut outcome, limits).unwrap();
    drop(raw);
    let count: i64 = engine.execute("select count(*) from t", ()).unwrap().scalar().unwrap();
    assert_eq!(count, 0, "what was open is rolled back");
}

#[test]
fn disposing_gives_idle_connections_up_and_leaves_the_engine_usable() {
    let engine = memory();
    engine.execute("create table t (x integer)", ()).unwrap();
    engine.dispose();
    engine.dispose();
    assert!(engine.execute("select * from t", ()).is_err(), "another database in memory");
}

#[test]
fn a_connection_that_is_in_use_survives_disposing_and_is_closed_when_it_returns() {
    let engine = crate::private_memory();
    let mut held = engine.connect().unwrap();
    held.execute("create table t (x integer)", ()).unwrap();
    engine.dispose();
    engine.execute("create table other (x integer)", ()).unwrap();
    held.execute("insert into t values (1)", ()).unwrap();
    held.commit().unwrap();
    assert_eq!(engine.checkedout(), 1);
    drop(held);
    assert_eq!(engine.checkedout(), 0);
    engine.execute("select * from other", ()).unwrap();
    assert!(engine.execute("select * from t", ()).is_err(), "it went with its connection");
}

#[test]
fn a_closed_engine_gives_no_connection_out() {
    let engine = memory();
    engine.execute("select 1", ()).unwrap().scalar::<i64>().unwrap();
    engine.close(Duration::from_secs(10)).unwrap();
    engine.close(Duration::from_secs(10)).unwrap();
    for error in [
        engine.connect().map(drop).unwrap_err(),
        engine.raw_connection().map(drop).unwrap_err(),
        engine.execute("select 1", ()).map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::ResourceClosed);
        assert_eq!(error.message(), "this engine is closed");
    }
}

#[test]
fn closing_waits_for_connections_in_use() {
    let (_directory, url) = file();
    let engine = engine(&url);
    let held = engine.connect().unwrap();
    let begun = Instant::now();
    let returning = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        drop(held);
    });
    engine.close(Duration::from_secs(60)).unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(50));
    assert_eq!(engine.checkedout(), 0);
    returning.join().unwrap();
}

#[test]
fn closing_says_how_many_connections_did_not_return_in_time() {
    let (_directory, url) = file();
    let engine = engine(&url);
    let (mut one, two) = (engine.connect().unwrap(), engine.connect().unwrap());
    let error = engine.close(Duration::from_millis(10)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.message().contains("2 connections are still in use after 0.01 s"), "{error}");
    one.execute("select 1", ()).unwrap().scalar::<i64>().unwrap();
    drop(one);
    let error = engine.close(Duration::ZERO).unwrap_err();
    assert!(error.message().contains("1 connection is still in use"), "{error}");
    drop(two);
    engine.close(Duration::ZERO).unwrap();
}
