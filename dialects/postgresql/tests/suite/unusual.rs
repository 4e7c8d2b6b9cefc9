//! What a connection meets now and then: COPY as a statement, the end of its session, an unread result.

use aludel::Value;
use aludel::abi::host::{ExecuteOptions, Limits};

use crate::support::{connect, error_of, prepare, run, scalar, try_prepare};

#[test]
fn copy_as_a_statement_is_refused_and_the_connection_goes_on() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table copied (a int)");
    run(&mut connection, "insert into copied select generate_series(1, 10000)");
    for sql in ["copy copied from stdin", "copy copied to stdout", "copy copied to stdout csv"] {
        let error = error_of(&mut connection, sql);
        assert!(error.help().unwrap().contains("bulk"), "{error}");
        assert_eq!(scalar(&mut connection, "select count(*) from copied"), Value::I64(10_000));
    }
}

#[test]
fn a_session_that_was_ended_tells_why_at_the_next_call() {
    let (Some(mut connection), Some(mut other)) = (connect(), connect()) else { return };
    let pid = scalar(&mut connection, "select pg_backend_pid()");
    let Value::I64(pid) = pid else { panic!("{pid:?}") };
    run(&mut other, &format!("select pg_terminate_backend({pid}, 5000)"));
    assert!(connection.is_alive(), "nothing was asked of it yet");
    let error = error_of(&mut connection, "select 1");
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("57P01"), true));
    assert!(!connection.is_alive());
    let error = connection.ping(Limits::NONE).unwrap_err();
    assert!(error.is_disconnect());
}

#[test]
fn another_statement_may_run_while_rows_are_left() {
    let Some(mut connection) = connect() else { return };
    let statement = prepare(&mut connection, "select n from generate_series(1, 100000) n");
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.next().unwrap().is_some());
    drop(cursor);
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    let cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    drop(cursor);
    connection.rollback(Limits::NONE).unwrap();
}

#[test]
fn a_statement_of_another_connection_is_refused() {
    let (Some(mut one), Some(mut other)) = (connect(), connect()) else { return };
    let statement = try_prepare(&mut one, "select 1").unwrap();
    let error = other.execute(&statement, &(), ExecuteOptions::default()).map(drop).unwrap_err();
    assert!(!error.is_disconnect(), "{error}");
}

#[test]
fn closing_says_goodbye() {
    let (Some(mut connection), Some(mut other)) = (connect(), connect()) else { return };
    let pid = scalar(&mut connection, "select pg_backend_pid()");
    let Value::I64(pid) = pid else { panic!("{pid:?}") };
    connection.close(Limits::NONE).unwrap();
    let gone = format!("select count(*) from pg_stat_activity where pid = {pid}");
    while scalar(&mut other, &gone) != Value::I64(0) {}
}
