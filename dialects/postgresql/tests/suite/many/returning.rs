//! Rows that come back from an executemany.

use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::TransactionState;
use aludel::error::Result;

use crate::support::{Row, begin, connect, connect_with, prepare, run, scalar, text};

/// Executes for each row and collects what comes back, and how many rows were changed.
fn returning(
    connection: &mut DriverConnection,
    sql: &str,
    rows: &[Row],
) -> Result<(Vec<Row>, Option<u64>)> {
    let statement = prepare(connection, sql);
    let mut cursor = connection.execute_many_returning(&statement, rows, Limits::NONE)?;
    let mut got = Vec::new();
    while let Some(row) = cursor.next()? {
        got.push((0..row.len()).map(|index| row.owned_value(index).unwrap()).collect());
    }
    let affected = cursor.affected();
    drop(cursor);
    connection.close_statement(statement);
    Ok((got, affected))
}

fn numbered(count: i64) -> Vec<Row> {
    (0..count).map(|n| vec![Value::I64(n), text(&format!("row {n}"))]).collect()
}

#[test]
fn the_rows_of_all_executions_come_in_their_order() {
    for options in ["", "prepared_statements=off"] {
        let Some(mut connection) = connect_with(options) else { return };
        run(&mut connection, "create temp table t (n int, s text)");
        for count in [0, 1, 2, 300, 30_000] {
            let given = numbered(count);
            let sql = "insert into t values ($1, $2) returning n, s";
            let (got, affected) = returning(&mut connection, sql, &given).unwrap();
            assert!(got == given, "{count} rows");
            assert_eq!(affected, Some(count as u64));
            assert_eq!(connection.transaction_state(), TransactionState::Idle);
        }
        assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(30_303));
    }
}

#[test]
fn more_rows_come_back_than_went_out_and_neither_side_waits_for_the_other() {
    let Some(mut connection) = connect() else { return };
    let given: Vec<Row> = vec![vec![text(&"x".repeat(20_000))]; 1000];
    let sql = "select $1 || n from generate_series(1, 3) n";
    let (got, _) = returning(&mut connection, sql, &given).unwrap();
    assert_eq!(got.len(), 3000);
    assert!(got.iter().all(|row| matches!(&row[0], Value::Text(text) if text.len() == 20_001)));
}

#[test]
fn rows_before_an_error_are_delivered_and_the_failing_row_is_named() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (n int primary key, s text)");
    for in_transaction in [false, true] {
        let mut given = numbered(5000);
        given[4000][0] = Value::I64(7);
        if in_transaction {
            begin(&mut connection);
        }
        let statement = prepare(&mut connection, "insert into t values ($1, $2) returning n");
        let mut cursor =
            connection.execute_many_returning(&statement, &given, Limits::NONE).unwrap();
        let mut count = 0;
        let error = loop {
            match cursor.next() {
                Ok(Some(_)) => count += 1,
                Ok(None) => panic!("an error comes"),
                Err(error) => break error,
            }
        };
        drop(cursor);
        assert_eq!((count, error.failing_row()), (4000, Some(4000)));
        assert_eq!(error.is_transaction_aborted(), in_transaction);
        if in_transaction {
            connection.rollback(Limits::NONE).unwrap();
        }
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
        assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(0));
        connection.close_statement(statement);
    }
}

#[test]
fn what_is_not_read_is_executed_even_so() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (n int, s text)");
    let statement = prepare(&mut connection, "insert into t values ($1, $2) returning s");
    let given = numbered(30_000);
    let mut cursor = connection.execute_many_returning(&statement, &given, Limits::NONE).unwrap();
    assert!(cursor.next().unwrap().is_some());
    drop(cursor);
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(30_000));
}

#[test]
fn nobody_need_read_the_rows_at_all() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (n int, s text)");
    let sql = "insert into t values ($1, $2) returning n, s";
    let statement = prepare(&mut connection, sql);
    let changed = connection.execute_many(&statement, &numbered(30_000), Limits::NONE);
    assert_eq!(changed.unwrap(), Some(30_000));
}

#[test]
fn statements_that_the_server_has_dropped_are_prepared_again() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (n int, s text)");
    let sql = "insert into t values ($1, $2) returning n";
    for drop in ["", "deallocate all", "do 'begin execute ''deallocate all''; end'"] {
        if !drop.is_empty() {
            run(&mut connection, drop);
        }
        let (got, _) = returning(&mut connection, sql, &numbered(300)).unwrap();
        assert_eq!(got.len(), 300);
    }
    run(&mut connection, "alter table t alter n type bigint");
    let (got, _) = returning(&mut connection, sql, &numbered(300)).unwrap();
    assert_eq!(got.len(), 300, "though the type of the column has changed");
}

#[test]
fn rows_of_alternating_types_need_no_room_in_the_cache() {
    for options in ["statement_cache_size=0", "statement_cache_size=1", "prepared_statements=off"] {
        let Some(mut connection) = connect_with(options) else { return };
        let value = |n: i64| if n % 2 == 0 { text("text") } else { Value::Bytes(vec![1]) };
        let names = ["text[]", "bytea[]"].map(text);
        let given: Vec<Row> = (0..300).map(|n| vec![value(n), Value::I64(n)]).collect();
        let wanted = |n: usize| vec![names[n % 2].clone(), Value::I64(n as i64)];
        for _ in 0..2 {
            let sql = "select pg_typeof(array[$1])::text, $2::int";
            let (got, _) = returning(&mut connection, sql, &given).unwrap();
            assert_eq!(got, (0..300).map(wanted).collect::<Vec<_>>(), "{options}");
        }
        run(&mut connection, "select 1");
        let left = "select count(*) from pg_prepared_statements where statement ~ 'pg_typeof'";
        let Value::I64(left) = scalar(&mut connection, left) else { panic!("a count") };
        assert!(left <= 1, "{left} statements with {options}");
    }
}
