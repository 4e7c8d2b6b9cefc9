//! Servers that stop, die and come back while a connection uses them.

use std::thread;
use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::TransactionOptions;
use aludel::error::Error;
use aludel_test_services::{Kind, Profile, Services};

use crate::support::{error_of, prepare, run, scalar, try_connect, try_run};

/// A server of the running test's own.
fn own() -> Option<Services> {
    let test = thread::current().name().unwrap_or("?").to_owned();
    Services::own(&test, &[Kind::Pg], Profile::Fast)
}

fn url(services: &Services) -> &str {
    services.vars().get("ALUDEL_PG_URL").expect("the URL of a server that runs")
}

/// Executes and reads until an error comes; how many rows came before it.
fn read_to_error(connection: &mut DriverConnection, sql: &str, limits: Limits) -> (u64, Error) {
    let statement = prepare(connection, sql);
    let options = ExecuteOptions::default().limits(limits);
    let mut cursor = match connection.execute(&statement, &(), options) {
        Ok(cursor) => cursor,
        Err(error) => return (0, error),
    };
    let mut rows = 0;
    loop {
        match cursor.next() {
            Ok(Some(_)) => rows += 1,
            Ok(None) => panic!("it ended after {rows} rows"),
            Err(error) => return (rows, error),
        }
    }
}

#[test]
fn a_server_that_is_stopped_is_not_waited_for_beyond_the_deadline() {
    let Some(services) = own() else { return };
    let server = services.server(Kind::Pg);
    for busy in [false, true] {
        let mut connection = try_connect(url(&services)).unwrap();
        let statement = prepare(&mut connection, "select generate_series(1, 100000000)");
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        assert!(cursor.next().unwrap().is_some());
        drop(cursor);
        run(&mut connection, "select 1");
        server.pause().unwrap();
        let sql = if busy { "select generate_series(1, 100000000)" } else { "select 1" };
        let started = Instant::now();
        let limits = Limits::within(Duration::from_millis(300));
        let (_, error) = read_to_error(&mut connection, sql, limits);
        let elapsed = started.elapsed();
        server.resume().unwrap();
        assert!(elapsed >= Duration::from_millis(300), "{elapsed:?}: {error}");
        assert!(elapsed < Duration::from_secs(10), "{elapsed:?}: {error}");
        assert!(error.is_disconnect(), "nobody knows what the server still does: {error}");
        assert!(!connection.is_alive());
        let error = error_of(&mut connection, "select 1");
        assert!(error.is_disconnect(), "{error}");
    }
}

#[test]
fn a_stream_whose_server_process_is_killed_ends_with_a_disconnect_after_its_rows() {
    let Some(services) = own() else { return };
    let server = services.server(Kind::Pg);
    for in_transaction in [false, true] {
        let mut connection = try_connect(url(&services)).unwrap();
        if in_transaction {
            connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
        }
        let Value::I64(pid) = scalar(&mut connection, "select pg_backend_pid()") else {
            panic!("a number")
        };
        let statement =
            prepare(&mut connection, "select generate_series(1, 1000000000), repeat('x', 100)");
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        assert!(cursor.next().unwrap().is_some());
        server.kill_backend(pid as u32).unwrap();
        let error = loop {
            match cursor.next() {
                Ok(row) => assert!(row.is_some(), "a result that was cut off has no end"),
                Err(error) => break error,
            }
        };
        drop(cursor);
        assert!(error.is_disconnect(), "{error}");
        assert!(!connection.is_alive());
        // The server recovers meanwhile, and then takes connections again.
        let started = Instant::now();
        let mut connection = loop {
            match try_connect(url(&services)) {
                Ok(connection) => break connection,
                Err(error) if started.elapsed() > Duration::from_secs(30) => panic!("{error}"),
                Err(_) => thread::sleep(Duration::from_millis(20)),
            }
        };
        run(&mut connection, "select 1");
    }
}

#[test]
fn a_restart_is_told_with_its_reason_and_the_next_connection_works() {
    let Some(services) = own() else { return };
    let server = services.server(Kind::Pg);
    let mut idle = try_connect(url(&services)).unwrap();
    let mut begun = try_connect(url(&services)).unwrap();
    begun.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut begun, "create table never_committed (a int)");
    server.restart().unwrap();
    for connection in [&mut idle, &mut begun] {
        let error = error_of(connection, "select 1");
        assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("57P01"), true), "{error}");
        assert!(!connection.is_alive());
    }
    assert!(begun.commit(Limits::NONE).unwrap_err().is_disconnect());
    let mut connection = try_connect(url(&services)).unwrap();
    let error = try_run(&mut connection, "select * from never_committed", &()).unwrap_err();
    assert_eq!(error.sqlstate(), Some("42P01"));
}

#[test]
fn closing_a_connection_to_a_stopped_server_does_not_wait() {
    let Some(services) = own() else { return };
    let server = services.server(Kind::Pg);
    let mut connection = try_connect(url(&services)).unwrap();
    let statement = prepare(&mut connection, "select generate_series(1, 100000000)");
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.next().unwrap().is_some());
    std::mem::forget(cursor);
    server.pause().unwrap();
    let started = Instant::now();
    drop(connection.close(Limits::within(Duration::from_secs(1))));
    let elapsed = started.elapsed();
    server.resume().unwrap();
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
}
