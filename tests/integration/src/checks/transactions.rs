//! Transactions, savepoints, two phases.

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::{
    AccessMode, IsolationLevel, Savepoint, TransactionOptions, TransactionState, TwoPhase,
};
use aludel::{Error, Value};

use crate::subject::{Subject, query, query_with};

fn insert(connection: &mut DriverConnection, key: i64) -> Result<(), Error> {
    let row = [Value::I64(key), Value::from("v")];
    query_with(connection, "insert", &row, ExecuteOptions::default()).map(drop)
}

fn keys(connection: &mut DriverConnection) -> Vec<i64> {
    let rows = query(connection, "select").unwrap();
    let key = |row: &Vec<Value>| match row[0] {
        Value::I64(key) => key,
        _ => panic!("keys are integers: {row:?}"),
    };
    rows.iter().map(key).collect()
}

const PLAIN: TransactionOptions<'static> =
    TransactionOptions { isolation: None, access: None, deferrable: None, mode: None };

/// Commit and rollback, seen from another connection.
pub fn a_commit_shows_and_a_rollback_hides(subject: &Subject) {
    let name = format!("commit {:p}", &subject.dialect);
    let mut one = subject.connect_to(Some(&name)).unwrap();
    let mut other = subject.connect_to(Some(&name)).unwrap();
    assert_eq!(one.transaction_state(), TransactionState::Idle);
    one.begin(&PLAIN, Limits::NONE).unwrap();
    assert_eq!(one.transaction_state(), TransactionState::Active);
    let key = keys(&mut other).len() as i64;
    insert(&mut one, key).unwrap();
    assert!(keys(&mut one).contains(&key) && !keys(&mut other).contains(&key));
    one.commit(Limits::NONE).unwrap();
    assert!(keys(&mut other).contains(&key));

    one.begin(&PLAIN, Limits::NONE).unwrap();
    insert(&mut one, key + 1).unwrap();
    one.rollback(Limits::NONE).unwrap();
    assert!(!keys(&mut one).contains(&(key + 1)));
    one.rollback(Limits::NONE).unwrap();
    assert_eq!(one.transaction_state(), TransactionState::Idle);
}

/// Every option of `begin`.
pub fn a_transaction_begins_as_it_was_asked_to(subject: &Subject) {
    let mut connection = subject.connect();
    let levels = (1..).map_while(IsolationLevel::from_code).map(Some).chain([None]);
    let accesses = [Some(AccessMode::ReadWrite), Some(AccessMode::ReadOnly), None];
    let mut options = Vec::new();
    for isolation in levels {
        for access in accesses {
            for deferrable in [Some(true), Some(false), None] {
                for mode in [Some("EXCLUSIVE"), None] {
                    options.push(TransactionOptions { isolation, access, deferrable, mode });
                }
            }
        }
    }
    for options in options {
        connection.begin(&options, Limits::NONE).unwrap();
        let isolation = options.isolation.map_or("default", IsolationLevel::name);
        let mode = options.mode.unwrap_or("-");
        let expected = format!("{isolation} {:?} {:?} {mode}", options.access, options.deferrable);
        assert_eq!(query(&mut connection, "transaction").unwrap(), [[Value::Text(expected)]]);
        let refused = insert(&mut connection, 1).err();
        let read_only = options.access == Some(AccessMode::ReadOnly);
        assert_eq!(refused.as_ref().and_then(Error::sqlstate), read_only.then_some("25006"));
        connection.rollback(Limits::NONE).unwrap();
    }
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    let error = connection.begin(&PLAIN, Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("25001"));
}

/// Savepoints.
pub fn savepoints_nest(subject: &Subject) {
    let mut connection = subject.connect();
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    for (key, name) in [(1, "outer"), (2, "in\"ner"), (3, "last")] {
        connection.savepoint(Savepoint::Create, name, Limits::NONE).unwrap();
        insert(&mut connection, key).unwrap();
    }
    connection.savepoint(Savepoint::Release, "last", Limits::NONE).unwrap();
    assert_eq!(keys(&mut connection), [1, 2, 3]);
    connection.savepoint(Savepoint::RollbackTo, "in\"ner", Limits::NONE).unwrap();
    assert_eq!(keys(&mut connection), [1]);
    let error = connection.savepoint(Savepoint::Release, "last", Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("3B001"));
    connection.savepoint(Savepoint::RollbackTo, "outer", Limits::NONE).unwrap();
    connection.commit(Limits::NONE).unwrap();
    assert!(keys(&mut connection).is_empty());
}

/// The aborted state.
pub fn an_aborted_transaction_accepts_only_a_rollback(subject: &Subject) {
    let mut connection = subject.connect();
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    assert!(query(&mut connection, "abort").unwrap_err().is_transaction_aborted());
    assert_eq!(connection.transaction_state(), TransactionState::Aborted);
    assert_eq!(insert(&mut connection, 1).unwrap_err().sqlstate(), Some("25P02"));
    connection.rollback(Limits::NONE).unwrap();
    insert(&mut connection, 1).unwrap();
    assert_eq!(keys(&mut connection), [1]);
}

/// Two-phase commit, recovered from another connection.
pub fn two_phases_survive_their_connection(subject: &Subject) {
    let name = format!("phases {:p}", &subject.dialect);
    let mut first = subject.connect_to(Some(&name)).unwrap();
    let known = keys(&mut first).len() as i64;
    for (xid, key) in [("kept", known), ("dropped", known + 1)] {
        first.two_phase(TwoPhase::Begin, xid, Limits::NONE).unwrap();
        insert(&mut first, key).unwrap();
        first.two_phase(TwoPhase::Prepare, xid, Limits::NONE).unwrap();
    }
    first.close(Limits::NONE).unwrap();

    let mut second = subject.connect_to(Some(&name)).unwrap();
    assert_eq!(second.recover(Limits::NONE).unwrap(), ["dropped", "kept"]);
    assert_eq!(keys(&mut second).len() as i64, known);
    second.two_phase(TwoPhase::Commit, "kept", Limits::NONE).unwrap();
    second.two_phase(TwoPhase::Rollback, "dropped", Limits::NONE).unwrap();
    assert_eq!(keys(&mut second).last(), Some(&known));
    assert_eq!(second.recover(Limits::NONE).unwrap(), Vec::<String>::new());
    let error = second.two_phase(TwoPhase::Commit, "kept", Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("25P01"));
}
