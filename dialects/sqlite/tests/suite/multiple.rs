//! Several statements of one connection at once.
//!
//! A cursor that is forgotten stays open, which is what a program with two open results does.

use crate::support::{error_of, memory, prepare, run, scalar};
use aludel::Value;
use aludel::abi::host::{DriverConnection, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::{TransactionOptions, TransactionState};

fn open(connection: &mut DriverConnection, sql: &str) -> DriverStatement {
    let statement = prepare(connection, sql);
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.next().unwrap().is_some());
    std::mem::forget(cursor);
    statement
}

fn filled() -> DriverConnection {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    let insert = prepare(&mut connection, "insert into t values (?)");
    let rows: Vec<[i64; 1]> = (0..1000).map(|row| [row]).collect();
    connection.execute_many(&insert, &rows, Limits::NONE).unwrap();
    connection
}

#[test]
fn other_statements_run_while_one_is_open() {
    let mut connection = filled();
    open(&mut connection, "select * from t");
    run(&mut connection, "insert into t values (1000)");
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(1001));
}

#[test]
fn an_open_statement_keeps_its_table_and_the_error_says_so() {
    let mut connection = filled();
    let statement = open(&mut connection, "select * from t");
    let error = error_of(&mut connection, "drop table t");
    assert_eq!(error.message(), "database table is locked");
    assert_eq!(
        error.help(),
        Some(
            "a statement of this connection is still open on it; read its rows to the end or close it"
        )
    );
    connection.close_statement(statement);
    run(&mut connection, "drop table t");
}

#[test]
fn a_rollback_succeeds_while_statements_are_open() {
    let mut connection = filled();
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "delete from t where a > 500");
    let statement = open(&mut connection, "select * from t");
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    let mut rows = 0;
    while cursor.next().unwrap().is_some() {
        rows += 1;
    }
    assert_eq!(rows, 1000);
}

#[test]
fn a_commit_succeeds_while_a_query_is_open() {
    let mut connection = filled();
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "delete from t where a > 500");
    open(&mut connection, "select * from t");
    connection.commit(Limits::NONE).unwrap();
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(501));
}

#[test]
fn a_connection_closes_with_its_statements_open() {
    let mut connection = filled();
    open(&mut connection, "select * from t");
    open(&mut connection, "select * from t");
    connection.close(Limits::NONE).unwrap();
    drop(filled());
}

#[test]
fn a_connection_moves_between_threads_with_its_statements() {
    let mut connection = filled();
    let statement = prepare(&mut connection, "select count(*) from t");
    for _ in 0..4 {
        connection = std::thread::spawn(move || {
            let mut cursor =
                connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
            assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 1000);
            drop(cursor);
            connection
        })
        .join()
        .unwrap();
    }
}
