//! Executemany that is stopped: by its deadline, by a cancel, by the end of the session.

use std::thread;
use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::TransactionState;
use aludel::error::Error;

use crate::support::{Row, begin, connect, prepare, run, scalar};

/// Rows that take the server far longer than any test waits.
const SLOW: &str = "insert into slow select $1::int where pg_sleep(0.002) is not null";

fn numbers(count: i64) -> Vec<Row> {
    (0..count).map(|n| vec![Value::I64(n)]).collect()
}

fn slow_table(connection: &mut DriverConnection) {
    run(connection, "create temp table slow (n int)");
    run(connection, "create temp table locked (n int)");
}

/// Runs the slow insert beside something that is to stop it.
fn stopped(connection: &mut DriverConnection, limits: Limits) -> Error {
    let statement = prepare(connection, SLOW);
    let started = Instant::now();
    let error = connection.execute_many(&statement, &numbers(100_000), limits).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(60), "it was not waited for");
    error
}

#[test]
fn a_deadline_amid_the_rows_cancels_and_the_connection_lives_on() {
    let Some(mut connection) = connect() else { return };
    slow_table(&mut connection);
    for in_transaction in [false, true] {
        if in_transaction {
            begin(&mut connection);
        }
        let error = stopped(&mut connection, Limits::within(Duration::from_millis(300)));
        assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("HYT00"), false), "{error}");
        assert!(error.failing_row().is_some_and(|row| (1..2000).contains(&row)), "{error:?}");
        if in_transaction {
            assert_ne!(connection.transaction_state(), TransactionState::Idle);
            connection.rollback(Limits::NONE).unwrap();
        }
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
        assert_eq!(scalar(&mut connection, "select count(*) from slow"), Value::I64(0));
    }
}

#[test]
fn a_deadline_of_an_insert_at_once_is_no_row_s() {
    let (Some(mut connection), Some(mut holder)) = (connect(), connect()) else { return };
    run(&mut connection, "drop table if exists held_many");
    run(&mut connection, "create table held_many (n int primary key)");
    begin(&mut holder);
    run(&mut holder, "insert into held_many values (5)");
    let statement = prepare(&mut connection, "insert into held_many values ($1)");
    let limits = Limits::within(Duration::from_millis(300));
    let error = connection.execute_many(&statement, &numbers(100), limits).unwrap_err();
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("HYT00"), false), "{error}");
    holder.commit(Limits::NONE).unwrap();
    let error = connection.execute_many(&statement, &numbers(100), Limits::NONE).unwrap_err();
    assert_eq!((error.sqlstate(), error.failing_row()), (Some("23505"), Some(5)));
    assert_eq!(scalar(&mut connection, "select count(*) from held_many"), Value::I64(1));
    run(&mut connection, "drop table held_many");
}

#[test]
fn a_cancel_stops_it_and_nothing_stays() {
    let Some(mut connection) = connect() else { return };
    slow_table(&mut connection);
    let cancel = connection.cancel_handle().unwrap();
    let canceller = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(2) {
            cancel.cancel().unwrap();
            thread::sleep(Duration::from_millis(20));
        }
    });
    let error = stopped(&mut connection, Limits::NONE);
    canceller.join().unwrap();
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("57014"), false), "{error}");
    assert_eq!(scalar(&mut connection, "select count(*) from slow"), Value::I64(0));
}

#[test]
fn the_end_of_the_session_amid_the_rows_is_told() {
    let (Some(mut connection), Some(mut other)) = (connect(), connect()) else { return };
    slow_table(&mut connection);
    let pid = scalar(&mut connection, "select pg_backend_pid()");
    let Value::I64(pid) = pid else { panic!("a number") };
    let killer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        run(&mut other, &format!("select pg_terminate_backend({pid})"));
    });
    let error = stopped(&mut connection, Limits::NONE);
    killer.join().unwrap();
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("57P01"), true), "{error}");
    assert!(!connection.is_alive());
    let statement = prepare(&mut connection, SLOW);
    let error = connection.execute_many(&statement, &numbers(2), Limits::NONE).unwrap_err();
    assert!(error.is_disconnect());
}
