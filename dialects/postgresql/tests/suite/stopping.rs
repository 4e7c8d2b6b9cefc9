//! Deadlines, cancels, and notifications that are waited for.

use std::thread;
use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::TransactionState;

use crate::support::{connect, prepare, run, scalar, text};

#[test]
fn a_deadline_cancels_the_statement_and_the_connection_lives_on() {
    let Some(mut connection) = connect() else { return };
    for sql in ["select pg_sleep(30)", "do $$ begin perform pg_sleep(30); end $$"] {
        let statement = prepare(&mut connection, sql);
        let limits = Limits::within(Duration::from_millis(150));
        let options = ExecuteOptions::default().limits(limits);
        let started = Instant::now();
        let error = connection.execute(&statement, &(), options).map(drop).unwrap_err();
        assert!(started.elapsed() >= Duration::from_millis(150));
        assert!(started.elapsed() < Duration::from_secs(15), "it was not waited for");
        assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("HYT00"), false), "{error}");
        assert!(connection.is_alive());
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
        connection.close_statement(statement);
    }
}

#[test]
fn a_cancel_stops_the_call_that_it_names() {
    let Some(mut connection) = connect() else { return };
    let cancel = connection.cancel_handle().unwrap();
    cancel.cancel().unwrap();
    let statement = prepare(&mut connection, "select pg_sleep(30)");
    let call = cancel.current_call() + 1;
    let canceller = thread::spawn(move || {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(20) && cancel.current_call() <= call {
            thread::sleep(Duration::from_millis(20));
            cancel.cancel_call(call).unwrap();
        }
    });
    let error =
        connection.execute(&statement, &(), ExecuteOptions::default()).map(drop).unwrap_err();
    assert_eq!(error.sqlstate(), Some("57014"));
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    canceller.join().unwrap();
}

#[test]
fn an_endless_query_that_nobody_reads_on_is_stopped() {
    let Some(mut connection) = connect() else { return };
    let statement =
        prepare(&mut connection, "select generate_series(1, 1000000000), repeat('x', 100)");
    for _ in 0..3 {
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        assert!(cursor.next().unwrap().is_some());
        drop(cursor);
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
    }
}

#[test]
fn what_changes_rows_is_not_stopped_when_its_rows_are_not_read() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table all_of_them (a int, b text)");
    let sql = "insert into all_of_them select n, repeat('x', 100) from generate_series(1, 50000) n \
         returning a, b";
    let statement = prepare(&mut connection, sql);
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.next().unwrap().is_some());
    drop(cursor);
    assert_eq!(scalar(&mut connection, "select count(*) from all_of_them"), Value::I64(50_000));
}

#[test]
fn notifications_are_waited_for_until_the_deadline() {
    let (Some(mut listener), Some(mut sender)) = (connect(), connect()) else { return };
    run(&mut listener, "listen news");
    let soon = Limits::within(Duration::from_millis(50));
    assert_eq!(listener.next_notification(soon).unwrap(), None);
    let pid = scalar(&mut sender, "select pg_backend_pid()");
    run(&mut sender, "notify news, 'one'");
    let got = listener.next_notification(Limits::NONE).unwrap().expect("a notification");
    assert_eq!((got.channel.as_str(), got.payload.as_str()), ("news", "one"));
    assert_eq!(got.sender.map(|pid| Value::I64(pid as i64)), Some(pid));
    run(&mut sender, "notify news, 'two'");
    while scalar(&mut listener, "select 'x'") != text("x") {}
    let got = listener.next_notification(Limits::within(Duration::from_secs(30))).unwrap();
    assert_eq!(got.expect("absorbed on the way").payload, "two");
}
