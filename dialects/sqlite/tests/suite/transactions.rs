//! Transactions, savepoints, isolation.

use crate::support::{connect, error_of, file_url, memory, run, scalar, script, try_run};
use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::{AccessMode, IsolationLevel, Savepoint, TransactionOptions, TransactionState};
use aludel::error::ErrorKind;

const PLAIN: TransactionOptions<'static> =
    TransactionOptions { isolation: None, access: None, deferrable: None, mode: None };

fn table() -> DriverConnection {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    connection
}

fn count(connection: &mut DriverConnection) -> Value {
    scalar(connection, "select count(*) from t")
}

#[test]
fn committed_rows_stay_and_others_go() {
    let mut connection = table();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    for (commits, rows) in [(true, 1), (false, 1), (true, 2)] {
        connection.begin(&PLAIN, Limits::NONE).unwrap();
        run(&mut connection, "insert into t values (1)");
        assert_eq!(connection.transaction_state(), TransactionState::Active);
        match commits {
            true => connection.commit(Limits::NONE).unwrap(),
            false => connection.rollback(Limits::NONE).unwrap(),
        }
        assert_eq!(count(&mut connection), Value::I64(rows));
    }
}

#[test]
fn ddl_rolls_back_as_rows_do() {
    let mut connection = table();
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "create table u (a)");
    run(&mut connection, "drop table t");
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(
        scalar(&mut connection, "select group_concat(name) from sqlite_schema"),
        Value::Text("t".into())
    );
}

#[test]
fn commit_and_rollback_without_a_transaction_do_nothing() {
    let mut connection = table();
    connection.commit(Limits::NONE).unwrap();
    connection.rollback(Limits::NONE).unwrap();
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "commit");
    connection.commit(Limits::NONE).unwrap();
    connection.begin(&PLAIN, Limits::NONE).unwrap();
}

#[test]
fn a_transaction_within_a_transaction_is_refused() {
    let mut connection = table();
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    let error = connection.begin(&PLAIN, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Programming);
    assert_eq!(error.message(), "cannot start a transaction within a transaction");
    connection.rollback(Limits::NONE).unwrap();
}

#[test]
fn savepoints_nest_and_their_names_are_quoted() {
    let mut connection = table();
    let name = "it's a \"savepoint\"; --";
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    connection.savepoint(Savepoint::Create, name, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (2)");
    connection.savepoint(Savepoint::Create, "inner", Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (3)");
    connection.savepoint(Savepoint::Release, "inner", Limits::NONE).unwrap();
    connection.savepoint(Savepoint::RollbackTo, name, Limits::NONE).unwrap();
    assert_eq!(count(&mut connection), Value::I64(1));
    connection.savepoint(Savepoint::Release, name, Limits::NONE).unwrap();
    connection.commit(Limits::NONE).unwrap();
    assert_eq!(count(&mut connection), Value::I64(1));
    let error = connection.savepoint(Savepoint::Release, "none", Limits::NONE).unwrap_err();
    assert_eq!(error.message(), "no such savepoint: none");
}

#[test]
fn a_mode_of_the_transaction_goes_before_that_of_the_url() {
    let directory = tempfile::tempdir().unwrap();
    let url = file_url(&directory, "x.db", "busy_timeout=0");
    let (mut one, mut other) = (connect(&url), connect(&url));
    let immediate = TransactionOptions { mode: Some("Immediate"), ..PLAIN };
    one.begin(&immediate, Limits::NONE).unwrap();
    let error = other.begin(&immediate, Limits::NONE).unwrap_err();
    assert_eq!(error.message(), "database is locked");
    assert_eq!(other.transaction_state(), TransactionState::Idle);
    other.begin(&PLAIN, Limits::NONE).unwrap();
    let wrong = TransactionOptions { mode: Some("later"), ..PLAIN };
    assert_eq!(
        other.begin(&wrong, Limits::NONE).unwrap_err().message(),
        "the mode of a transaction must be deferred, immediate or exclusive, not \"later\""
    );
}

#[test]
fn a_snapshot_that_is_out_of_date_is_a_serialization_failure() {
    let directory = tempfile::tempdir().unwrap();
    let url = file_url(&directory, "x.db", "journal_mode=wal&busy_timeout=0");
    let (mut one, mut other) = (connect(&url), connect(&url));
    run(&mut one, "create table t (a)");
    one.begin(&PLAIN, Limits::NONE).unwrap();
    assert_eq!(count(&mut one), Value::I64(0));
    run(&mut other, "insert into t values (1)");
    let error = error_of(&mut one, "insert into t values (2)");
    assert_eq!((error.sqlstate(), error.native_code()), (Some("40001"), Some(517)));
    assert!(error.is_retryable());
    assert_eq!(
        error.help(),
        Some(
            "another connection has written since this transaction read; roll back and run it \
             again, or begin it with begin=immediate"
        )
    );
    one.rollback(Limits::NONE).unwrap();
}

#[test]
fn a_read_only_transaction_refuses_changes_and_the_next_one_takes_them() {
    let mut connection = table();
    let read_only = TransactionOptions { access: Some(AccessMode::ReadOnly), ..PLAIN };
    for commits in [true, false] {
        connection.begin(&read_only, Limits::NONE).unwrap();
        let error = error_of(&mut connection, "insert into t values (1)");
        assert_eq!(error.message(), "attempt to write a readonly database");
        match commits {
            true => connection.commit(Limits::NONE).unwrap(),
            false => connection.rollback(Limits::NONE).unwrap(),
        }
        run(&mut connection, "insert into t values (1)");
    }
    connection.begin(&read_only, Limits::NONE).unwrap();
    run(&mut connection, "commit");
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    connection.commit(Limits::NONE).unwrap();
    let contradiction = TransactionOptions { mode: Some("exclusive"), ..read_only };
    assert_eq!(
        connection.begin(&contradiction, Limits::NONE).unwrap_err().message(),
        "a read-only transaction cannot be exclusive, which takes the write lock"
    );
}

#[test]
fn uncommitted_rows_are_read_only_where_that_was_asked_for() {
    let url = "sqlite:///file:uncommitted?mode=memory&cache=shared&uri=true&busy_timeout=0";
    let (mut writer, mut reader) = (connect(url), connect(url));
    run(&mut writer, "create table t (a)");
    writer.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut writer, "insert into t values (1)");
    let dirty = TransactionOptions { isolation: Some(IsolationLevel::ReadUncommitted), ..PLAIN };
    reader.begin(&dirty, Limits::NONE).unwrap();
    assert_eq!(count(&mut reader), Value::I64(1));
    reader.commit(Limits::NONE).unwrap();
    let clean = TransactionOptions { isolation: Some(IsolationLevel::Serializable), ..PLAIN };
    reader.begin(&clean, Limits::NONE).unwrap();
    let error = error_of(&mut reader, "select count(*) from t");
    assert_eq!(error.native_code(), Some(262));
    assert!(error.is_retryable());
}

#[test]
fn levels_that_sqlite_does_not_have_are_not_supported() {
    let mut connection = table();
    for level in [IsolationLevel::ReadCommitted, IsolationLevel::RepeatableRead] {
        let options = TransactionOptions { isolation: Some(level), ..PLAIN };
        let error = connection.begin(&options, Limits::NONE).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotSupported);
        assert_eq!(error.message(), format!("SQLite has no isolation level {}", level.name()));
        assert_eq!(error.help(), Some("it has SERIALIZABLE, READ UNCOMMITTED and AUTOCOMMIT"));
    }
    let deferrable = TransactionOptions { deferrable: Some(true), ..PLAIN };
    assert!(connection.begin(&deferrable, Limits::NONE).is_err());
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
}

#[test]
fn autocommit_begins_nothing() {
    let mut connection = table();
    let autocommit = TransactionOptions { isolation: Some(IsolationLevel::Autocommit), ..PLAIN };
    connection.begin(&autocommit, Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    run(&mut connection, "insert into t values (1)");
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(count(&mut connection), Value::I64(1));
}

#[test]
fn a_deferred_constraint_fails_the_commit_and_the_transaction_goes_on() {
    let mut connection = connect("sqlite://?foreign_keys=true");
    let schema = "create table p (id integer primary key);
        create table c (p references p deferrable initially deferred)";
    script(&mut connection, schema);
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut connection, "insert into c values (1)");
    let error = connection.commit(Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity);
    assert_eq!(connection.transaction_state(), TransactionState::Active);
    run(&mut connection, "insert into p values (1)");
    connection.commit(Limits::NONE).unwrap();
    assert_eq!(try_run(&mut connection, "delete from c", &()).unwrap(), Some(1));
}
