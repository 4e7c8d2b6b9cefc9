//! Transactions, savepoints, and what the server is spared.

use aludel::abi::host::Limits;
use aludel::dbapi::{AccessMode, IsolationLevel, Savepoint, TransactionOptions, TransactionState};
use aludel::{ErrorKind, Value};

use crate::support::{connect, error_of, execute, prepare, rows, run, scalar, text, try_run};

const PLAIN: TransactionOptions<'static> =
    TransactionOptions { isolation: None, access: None, deferrable: None, mode: None };

#[test]
fn a_transaction_begins_with_its_first_statement_and_commits() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (a int primary key)");
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Active);
    run(&mut connection, "insert into t values (1)");
    connection.rollback(Limits::NONE).unwrap();
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (2)");
    connection.commit(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    assert_eq!(rows(&mut connection, "select a from t"), [[Value::I64(2)]]);
}

#[test]
fn a_transaction_in_which_nothing_runs_costs_nothing() {
    let Some(mut connection) = connect() else { return };
    let before = scalar(&mut connection, "select pg_backend_pid()");
    for _ in 0..3 {
        connection.begin(&PLAIN, Limits::NONE).unwrap();
        connection.savepoint(Savepoint::Create, "s", Limits::NONE).unwrap();
        connection.savepoint(Savepoint::Release, "s", Limits::NONE).unwrap();
        connection.commit(Limits::NONE).unwrap();
        connection.begin(&PLAIN, Limits::NONE).unwrap();
        connection.rollback(Limits::NONE).unwrap();
    }
    assert_eq!(scalar(&mut connection, "select pg_backend_pid()"), before);
}

#[test]
fn isolation_access_and_deferrable_are_what_was_asked_for() {
    let Some(mut connection) = connect() else { return };
    let settings = "select current_setting('transaction_isolation'), \
         current_setting('transaction_read_only'), current_setting('transaction_deferrable')";
    let options = TransactionOptions {
        isolation: Some(IsolationLevel::Serializable),
        access: Some(AccessMode::ReadOnly),
        deferrable: Some(true),
        mode: None,
    };
    connection.begin(&options, Limits::NONE).unwrap();
    assert_eq!(rows(&mut connection, settings), [[text("serializable"), text("on"), text("on")]]);
    let error = error_of(&mut connection, "create temp table no (a int); ");
    assert!(error.sqlstate() == Some("25006") || error.is_transaction_aborted(), "{error}");
    connection.rollback(Limits::NONE).unwrap();
    for level in [IsolationLevel::ReadUncommitted, IsolationLevel::RepeatableRead] {
        let options = TransactionOptions { isolation: Some(level), ..PLAIN };
        connection.begin(&options, Limits::NONE).unwrap();
        let set = scalar(&mut connection, "show transaction_isolation");
        assert_eq!(set, text(&level.name().to_lowercase()));
        connection.rollback(Limits::NONE).unwrap();
    }
    let options = TransactionOptions { isolation: Some(IsolationLevel::Snapshot), ..PLAIN };
    let error = connection.begin(&options, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    let options = TransactionOptions { mode: Some("IMMEDIATE"), ..PLAIN };
    assert!(connection.begin(&options, Limits::NONE).is_err());
}

#[test]
fn committing_an_aborted_transaction_is_an_error() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (a int primary key)");
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    let error = error_of(&mut connection, "insert into t values (1)");
    assert_eq!((error.kind(), error.is_transaction_aborted()), (ErrorKind::Integrity, true));
    assert_eq!(connection.transaction_state(), TransactionState::Aborted);
    let error = connection.commit(Limits::NONE).unwrap_err();
    assert!(error.is_transaction_aborted());
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    assert!(rows(&mut connection, "select a from t").is_empty());
}

#[test]
fn a_deferred_constraint_fails_at_commit() {
    let Some(mut connection) = connect() else { return };
    let table = "create temp table t (a int unique deferrable initially deferred)";
    run(&mut connection, table);
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1), (1)");
    let error = connection.commit(Limits::NONE).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Integrity, Some("23505")));
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    let error = error_of(&mut connection, "insert into t values (1), (1)");
    assert_eq!(error.sqlstate(), Some("23505"), "of the commit that a statement does itself");
}

#[test]
fn savepoints_undo_what_came_after_them() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (a int primary key)");
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    let name = "Say \"it\" ä";
    connection.savepoint(Savepoint::Create, name, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (2)");
    assert!(error_of(&mut connection, "insert into t values (2)").is_transaction_aborted());
    connection.savepoint(Savepoint::RollbackTo, name, Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Active);
    run(&mut connection, "insert into t values (3)");
    connection.savepoint(Savepoint::Release, name, Limits::NONE).unwrap();
    connection.commit(Limits::NONE).unwrap();
    let kept = rows(&mut connection, "select a from t order by a");
    assert_eq!(kept, [[Value::I64(1)], [Value::I64(3)]]);
}

#[test]
fn a_savepoint_that_was_not_sent_yet_can_be_rolled_back_to() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (a int)");
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    connection.savepoint(Savepoint::Create, "s", Limits::NONE).unwrap();
    connection.savepoint(Savepoint::RollbackTo, "s", Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    connection.savepoint(Savepoint::RollbackTo, "s", Limits::NONE).unwrap();
    connection.commit(Limits::NONE).unwrap();
    assert!(rows(&mut connection, "select a from t").is_empty());
}

#[test]
fn savepoints_that_make_no_sense_are_the_servers_errors() {
    let Some(mut connection) = connect() else { return };
    let error = connection.savepoint(Savepoint::Create, "s", Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("25P01"));
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    let error = connection.savepoint(Savepoint::Release, "nosuch", Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("3B001"));
    connection.rollback(Limits::NONE).unwrap();
}

#[test]
fn a_begin_that_fails_lets_nothing_run_outside_of_it() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (a int)");
    // A transaction that the SQL text began cannot change its level once it has read.
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    run(&mut connection, "commit");
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    let statement = prepare(&mut connection, "begin");
    execute(&mut connection, &statement, &()).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Active);
    let error = connection.begin(&PLAIN, Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("25001"));
    connection.rollback(Limits::NONE).unwrap();
}

#[test]
fn a_syntax_error_as_first_statement_aborts_the_transaction_with_its_position() {
    let Some(mut connection) = connect() else { return };
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    let error = try_run(&mut connection, "select nosuch", &()).unwrap_err();
    assert_eq!((error.position(), error.is_transaction_aborted()), (Some(7), true));
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}
