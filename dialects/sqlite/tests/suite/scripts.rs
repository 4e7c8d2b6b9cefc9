//! Several statements in one text.

use crate::support::{memory, run, scalar, text, try_script};
use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::error::ErrorKind;

/// The statements of a text, each as far as the dialect says that it goes.
fn pieces<'s>(connection: &mut DriverConnection, mut sql: &'s str) -> Vec<&'s str> {
    let mut pieces = Vec::new();
    while !sql.is_empty() {
        let options = PrepareOptions::default();
        let (statement, consumed) = connection.prepare(sql, options, Limits::NONE).unwrap();
        let (piece, rest) = sql.split_at(consumed);
        if let Some(statement) = statement {
            connection
                .execute(&statement, &(), ExecuteOptions::default())
                .unwrap()
                .finish()
                .unwrap();
            connection.close_statement(statement);
            pieces.push(piece);
        }
        assert!(consumed > 0);
        sql = rest;
    }
    pieces
}

#[test]
fn a_text_is_taken_statement_by_statement() {
    let mut connection = memory();
    let sql = ";; create table t (a);\ninsert into t values (';') -- no end;\n; select 1";
    assert_eq!(
        pieces(&mut connection, sql),
        [";; create table t (a);", "\ninsert into t values (';') -- no end;\n;", " select 1"]
    );
    assert_eq!(scalar(&mut connection, "select a from t"), text(";"));
}

#[test]
fn a_trigger_is_one_statement() {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    let sql = "create trigger tr after insert on t begin delete from t; select 1; end; select 2";
    assert_eq!(pieces(&mut connection, sql).len(), 2);
}

#[test]
fn a_text_without_a_statement_is_no_error() {
    let mut connection = memory();
    for sql in ["", " \n", "-- only a comment", "/* a */ ;; -- b\n", ";"] {
        let options = PrepareOptions::default();
        let (statement, consumed) = connection.prepare(sql, options, Limits::NONE).unwrap();
        assert!(statement.is_none(), "{sql:?}");
        assert_eq!(consumed, sql.len(), "{sql:?}");
    }
}

#[test]
fn statements_longer_than_any_window_are_taken_whole() {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    for length in [16_000, 16_350, 16_384, 16_400, 300_000, 5_000_000] {
        let value = "é".repeat(length / 2);
        let sql = format!("insert into t values ('{value}'); select 1; -- {value}");
        let taken = pieces(&mut connection, &sql);
        assert_eq!(taken.len(), 2);
        assert_eq!(scalar(&mut connection, "select a from t"), text(&value));
        run(&mut connection, "delete from t");
    }
    let comment = format!("/* {} */ select 1; select 2", "x".repeat(100_000));
    assert_eq!(pieces(&mut connection, &comment).len(), 2);
}

#[test]
fn a_long_script_takes_time_in_proportion_to_its_length() {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    let script = "insert into t values (1);\n".repeat(40_000);
    let started = std::time::Instant::now();
    let (result, outcome) = try_script(&mut connection, &format!("begin;{script}commit;"));
    result.unwrap();
    assert_eq!(outcome.affected, 40_000);
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(40_000));
    // Copying the rest of the text for every statement would move 20 GB.
    assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn a_script_tells_how_far_it_came() {
    let mut connection = memory();
    let sql = "create table t (a); insert into t values (1), (2); select * from t; oops; select 1";
    let (result, outcome) = try_script(&mut connection, sql);
    assert_eq!(result.unwrap_err().message(), "near \"oops\": syntax error");
    assert_eq!(&sql[outcome.consumed..], " oops; select 1");
    assert_eq!(outcome.affected, 2);
}

#[test]
fn a_nul_byte_in_the_text_is_refused_where_it_stands() {
    let mut connection = memory();
    for (sql, position) in [("select 1\0; select 2", 8), ("select 'a\0b'", 9), ("\0", 0)] {
        let error = connection.prepare(sql, PrepareOptions::default(), Limits::NONE).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Programming);
        assert_eq!(error.message(), "the SQL text holds a NUL byte, which ends it for SQLite");
        assert_eq!(error.position(), Some(position), "{sql:?}");
    }
    let (statement, consumed) =
        connection.prepare("select 1; \0", PrepareOptions::default(), Limits::NONE).unwrap();
    assert!(statement.is_some());
    assert_eq!(consumed, 9);
}
