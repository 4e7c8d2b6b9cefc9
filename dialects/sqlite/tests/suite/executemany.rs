//! Executing for many rows, and what a statement says that it changed.

use crate::support::{error_of, memory, prepare, rows, rows_with, run, scalar, text, try_run};
use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::TransactionState;
use aludel::error::ErrorKind;

fn table() -> DriverConnection {
    let mut connection = memory();
    run(&mut connection, "create table t (id integer primary key, a text)");
    connection
}

#[test]
fn every_row_arrives_once_and_the_changes_are_summed() {
    let mut connection = table();
    let insert = prepare(&mut connection, "insert into t values (?, ?)");
    let rows: Vec<(i64, String)> =
        (0..2000).map(|id| (id, "x".repeat(id as usize % 400))).collect();
    assert_eq!(connection.execute_many(&insert, &rows, Limits::NONE).unwrap(), Some(2000));
    assert_eq!(
        scalar(&mut connection, "select count(*) || ' ' || sum(length(a) = id % 400) from t"),
        text("2000 2000")
    );
    let update = prepare(&mut connection, "update t set a = ? where id % 2 = ?");
    let halves = [("even", 0_i64), ("odd", 1), ("none", 2)];
    assert_eq!(connection.execute_many(&update, &halves, Limits::NONE).unwrap(), Some(2000));
}

#[test]
fn the_failing_row_is_counted_from_the_first_of_all() {
    let mut connection = table();
    run(&mut connection, "begin");
    let insert = prepare(&mut connection, "insert into t values (?, ?)");
    let rows: Vec<(i64, &str)> =
        (0..1500).map(|id| (if id == 1234 { 7 } else { id }, "x")).collect();
    let error = connection.execute_many(&insert, &rows, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity);
    assert_eq!(error.failing_row(), Some(1234));
    assert_eq!(error.message(), "UNIQUE constraint failed: t.id");
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(1234));
    let again = [(5000_i64, "y"), (5001, "z")];
    assert_eq!(connection.execute_many(&insert, &again, Limits::NONE).unwrap(), Some(2));
    assert_eq!(connection.transaction_state(), TransactionState::Active);
}

#[test]
fn a_row_with_a_value_out_of_range_is_the_failing_row() {
    let mut connection = table();
    let insert = prepare(&mut connection, "insert into t (id) values (?)");
    let error = connection.execute_many(&insert, &[[1_u64], [u64::MAX]], Limits::NONE).unwrap_err();
    assert_eq!(error.failing_row(), Some(1));
    assert_eq!(error.message(), "parameter 1: integer out of range");
}

#[test]
fn rows_that_come_back_from_an_executemany_are_left_aside() {
    let mut connection = table();
    let insert = prepare(&mut connection, "insert into t (a) values (?) returning id");
    let changed = connection.execute_many(&insert, &[["a"], ["b"], ["c"]], Limits::NONE).unwrap();
    assert_eq!(changed, Some(3));
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(3));
}

#[test]
fn no_rows_change_nothing() {
    let mut connection = table();
    let insert = prepare(&mut connection, "insert into t (a) values (?)");
    let none: [[&str; 1]; 0] = [];
    assert_eq!(connection.execute_many(&insert, &none, Limits::NONE).unwrap(), Some(0));
}

#[test]
fn changes_are_told_by_statements_that_change_rows_and_by_no_others() {
    let mut connection = table();
    for (sql, affected) in [
        ("insert into t (a) values ('x'), ('y')", Some(2)),
        ("select * from t", None),
        ("create table u (a)", None),
        ("update t set a = 'z' where id > 100", Some(0)),
        ("-- comment\n with n as (select 1) update t set a = 'z'", Some(2)),
        ("pragma user_version = 1", None),
        ("begin", None),
        ("delete from t", Some(2)),
        ("commit", None),
        ("drop table u", None),
        ("explain delete from t", None),
    ] {
        assert_eq!(try_run(&mut connection, sql, &()).unwrap(), affected, "{sql}");
    }
}

#[test]
fn an_insert_tells_the_key_of_its_last_row() {
    let mut connection = table();
    for (sql, key) in [
        ("insert into t (a) values ('x')", Some(1)),
        ("insert into t (a) values ('y'), ('z')", Some(3)),
        ("insert or ignore into t values (1, 'x')", None),
        ("replace into t values (2, 'x')", Some(2)),
        ("update t set a = 'x'", None),
        ("with n(a) as (select 'q') insert into t (a) select a from n", Some(4)),
        ("with n(a) as (select 'q') update t set a = 'q'", None),
        ("select 1", None),
    ] {
        let statement = prepare(&mut connection, sql);
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        while cursor.next().unwrap().is_some() {}
        assert_eq!(cursor.last_insert_id(), key, "{sql}");
    }
}

#[test]
fn returning_brings_rows_and_the_number_of_changes() {
    let mut connection = table();
    let insert =
        prepare(&mut connection, "insert into t (a) values (?), (?) returning id, upper(a) as u");
    let mut cursor = connection.execute(&insert, &("x", "y"), ExecuteOptions::default()).unwrap();
    assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 1);
    assert_eq!(cursor.next().unwrap().unwrap().get_by::<&str>("u").unwrap(), "Y");
    assert!(cursor.next().unwrap().is_none());
    assert_eq!((cursor.affected(), cursor.last_insert_id()), (Some(2), Some(2)));
    drop(cursor);
    let updated = rows(&mut connection, "update t set a = 'n' returning id");
    assert_eq!(updated, [[Value::I64(1)], [Value::I64(2)]]);
    let deleted = rows_with(&mut connection, "delete from t where id = ? returning a", &[1_i64]);
    assert_eq!(deleted, [[text("n")]]);
}

#[test]
fn a_returning_statement_of_which_one_row_is_wanted_changes_all_rows() {
    let mut connection = table();
    let insert = prepare(&mut connection, "insert into t (a) values ('x'), ('y') returning id");
    let mut cursor = connection.execute(&insert, &(), ExecuteOptions::ONE_ROW).unwrap();
    assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 1);
    drop(cursor);
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(2));
    assert_eq!(error_of(&mut connection, "insert into t values (1, '')").failing_row(), None);
}

#[test]
fn rows_that_are_wanted_of_an_executemany_are_refused_and_not_lost() {
    let mut connection = table();
    let insert = prepare(&mut connection, "insert into t values (?, ?) returning id");
    let given = [(1_i64, "a"), (2, "b")];
    let error =
        connection.execute_many_returning(&insert, &given, Limits::NONE).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert_eq!(
        error.help(),
        Some("give one INSERT several rows of VALUES, or execute it once for each row")
    );
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(0));
    assert_eq!(connection.execute_many(&insert, &given, Limits::NONE).unwrap(), Some(2));
}
