//! A BEGIN that the server refuses, with the first statement of its transaction.

use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::{AccessMode, Savepoint, TransactionOptions, TransactionState};
use aludel::error::Error;

use crate::support::{Row, error_of, prepare, run, scalar, text, try_connect, try_many};

/// A connection to the standby of the running test, which refuses BEGIN READ WRITE.
fn standby() -> Option<DriverConnection> {
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    let vars = aludel_test_services::provided("pg-ha", &test)?;
    let url = vars.get("ALUDEL_PG_HA_STANDBY_URL").expect("the URL of the standby");
    Some(try_connect(url).unwrap())
}

fn begin_writing(connection: &mut DriverConnection) {
    let options =
        TransactionOptions { access: Some(AccessMode::ReadWrite), ..TransactionOptions::default() };
    connection.begin(&options, Limits::NONE).unwrap();
}

fn assert_refused(error: &Error) {
    assert_eq!(error.sqlstate(), Some("25P02"), "{error}");
    assert!(error.is_transaction_aborted());
}

/// Begins, and has the first statement fail with the reason.
fn fail_to_begin(connection: &mut DriverConnection) {
    begin_writing(connection);
    let error = error_of(connection, "select 1");
    assert_eq!(error.sqlstate(), Some("0A000"), "{error}");
    assert!(error.is_transaction_aborted(), "{error}");
    assert_eq!(connection.transaction_state(), TransactionState::Aborted);
}

#[test]
fn pg_ha_nothing_runs_in_a_transaction_that_has_failed_to_begin() {
    let Some(mut connection) = standby() else { return };
    fail_to_begin(&mut connection);
    for sql in ["select 1", "set application_name to 'outside'", "commit"] {
        assert_refused(&error_of(&mut connection, sql));
    }
    let rows: Vec<Row> = vec![vec![Value::I64(1)], vec![Value::I64(2)]];
    assert_refused(&try_many(&mut connection, "select $1::int", &rows).unwrap_err());
    let statement = prepare(&mut connection, "select $1::int");
    let returning = connection.execute_many_returning(&statement, &rows, Limits::NONE);
    assert_refused(&returning.map(drop).unwrap_err());
    connection.close_statement(statement);
    for operation in [Savepoint::Create, Savepoint::RollbackTo] {
        assert_refused(&connection.savepoint(operation, "s", Limits::NONE).unwrap_err());
    }
    connection.ping(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Aborted);
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    assert_ne!(scalar(&mut connection, "show application_name"), text("outside"));
}

#[test]
fn pg_ha_committing_a_transaction_that_has_failed_to_begin_is_an_error() {
    let Some(mut connection) = standby() else { return };
    fail_to_begin(&mut connection);
    assert_refused(&connection.commit(Limits::NONE).unwrap_err());
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    run(&mut connection, "select 1");
    fail_to_begin(&mut connection);
    connection.reset_session(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    run(&mut connection, "select 1");
}

#[test]
fn pg_ha_an_executemany_tells_why_its_transaction_has_failed_to_begin() {
    let Some(mut connection) = standby() else { return };
    let sql = "insert into pg_catalog.pg_statistic_ext (stxowner) values ($1)";
    let rows: Vec<Row> = (0..100).map(|n| vec![Value::I64(n)]).collect();
    // Described and asked about in a transaction of its own, so that only BEGIN is left to fail.
    for _ in 0..2 {
        begin_writing(&mut connection);
        let error = try_many(&mut connection, sql, &rows).unwrap_err();
        assert_eq!(error.sqlstate(), Some("0A000"), "{error}");
        assert_refused(&error_of(&mut connection, "select 1"));
        connection.rollback(Limits::NONE).unwrap();
        try_many(&mut connection, sql, &rows).unwrap_err();
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
    }
}
