//! What SQLAlchemy's connections do with transactions, as recorded on SQLite, against what ours do.

#[path = "txn_cases/deviations.rs"]
mod deviations;
#[path = "recorded/cases.rs"]
mod recorded;
#[path = "txn_cases/replay.rs"]
mod replay;

use aludel::dbapi::IsolationLevel;
use aludel::{Engine, ErrorKind, ExecutionOptions};
use serde_json::Value as Json;
use tempfile::TempDir;

use deviations::DEVIATIONS;
use replay::Replay;

const CASES: usize = 27;

fn cases() -> Vec<Json> {
    recorded::cases("txn_cases.json")
}

/// A database as the cases expect it: an empty table `t`.
fn engine(case: &Json) -> (TempDir, Engine) {
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite:///{}", directory.path().join("t.db").display());
    let engine = Engine::builder(url.as_str()).dialect(aludel_dialect_sqlite::dialect());
    let engine = engine.build().expect("the URL is good");
    engine.execute("create table t (id integer primary key)", ()).expect("the table is made");
    let level = case["engine"]["isolation_level"].as_str();
    let options = level.map_or_else(ExecutionOptions::new, |level| {
        let level: IsolationLevel = level.parse().expect("a level");
        ExecutionOptions::new().isolation_level(level)
    });
    (directory, engine.execution_options(&options))
}

/// What each step of a case gives; of errors the kind.
fn ours(case: &Json) -> Vec<Json> {
    let (_directory, engine) = engine(case);
    let steps = case["steps"].as_array().expect("steps");
    Replay::new(&engine, steps).outcomes()
}

/// What each step gave when it was recorded. A class that SQLAlchemy derives from another one is
/// that one here.
fn recorded(case: &Json) -> Vec<Json> {
    let steps = case["steps"].as_array().expect("steps");
    let outcome = |step: &Json| match step["error"].as_str() {
        Some("PendingRollbackError") => serde_json::json!({ "error": "InvalidRequestError" }),
        Some(kind) => serde_json::json!({ "error": kind }),
        None => step["result"].clone(),
    };
    steps.iter().map(outcome).collect()
}

#[test]
fn every_recorded_case_passes_or_deviates_as_listed() {
    let cases = cases();
    assert_eq!(cases.len(), CASES);
    let mut problems = Vec::new();
    for case in &cases {
        let id = case["id"].as_str().expect("an id");
        let listed = DEVIATIONS.iter().find(|deviation| deviation.id == id);
        let (ours, recorded) = (ours(case), recorded(case));
        let (expected, reason) = match listed {
            None => (recorded, "as recorded"),
            Some(deviation) => (deviation.applied_to(recorded), deviation.reason),
        };
        assert_eq!(ours.len(), expected.len(), "{id}: every step gives something");
        for (at, (ours, expected)) in ours.iter().zip(&expected).enumerate() {
            if ours != expected {
                problems.push(format!("{id} ({reason}), step {at}: {ours}, not {expected}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_deviation_names_a_recorded_case_once_and_gives_a_reason() {
    let cases = cases();
    for (index, deviation) in DEVIATIONS.iter().enumerate() {
        let id = deviation.id;
        assert!(cases.iter().any(|case| case["id"] == id), "{id} is in the record");
        assert!(DEVIATIONS[..index].iter().all(|earlier| earlier.id != id), "{id} is there once");
        assert!(!deviation.reason.is_empty(), "{id} has a reason");
    }
}

fn connection() -> (TempDir, aludel::Connection) {
    let (directory, engine) = engine(&serde_json::json!({ "engine": {} }));
    (directory, engine.connect().expect("the database is there"))
}

const INSERT: &str = "insert into t (id) values (9)";

/// The rows that there are.
fn count(connection: &mut aludel::Connection) -> i64 {
    connection.scalar("select count(*) from t", ()).expect("it counts")
}

#[test]
fn a_transaction_that_was_committed_on_its_connection_is_not_committed_again() {
    // txn-011, as far as a second commit can be written.
    let (_directory, mut connection) = connection();
    let mut transaction = connection.transaction().expect("it begins");
    transaction.execute(INSERT, ()).expect("it inserts");
    (*transaction).commit().expect("it commits");
    assert!(!transaction.is_active());
    let error = transaction.commit().expect_err("once is enough");
    assert_eq!((error.kind(), error.message()), INACTIVE);
    assert_eq!(count(&mut connection), 1);
}

#[test]
fn a_transaction_that_was_rolled_back_on_its_connection_is_not_committed() {
    // txn-013, as far as a commit after a rollback can be written.
    let (_directory, mut connection) = connection();
    let mut transaction = connection.transaction().expect("it begins");
    transaction.execute(INSERT, ()).expect("it inserts");
    (*transaction).rollback().expect("it rolls back");
    assert!(!transaction.is_active());
    let error = transaction.commit().expect_err("nothing is left");
    assert_eq!((error.kind(), error.message()), INACTIVE);
    assert_eq!(count(&mut connection), 0);
}

const INACTIVE: (ErrorKind, &str) = (ErrorKind::InvalidRequest, "this transaction is inactive");

#[test]
fn a_transaction_that_is_dropped_is_rolled_back_and_gone() {
    // txn-015: dropping in place of close().
    let (_directory, mut connection) = connection();
    let mut transaction = connection.transaction().expect("it begins");
    transaction.execute(INSERT, ()).expect("it inserts");
    assert!(transaction.is_active() && transaction.is_valid());
    drop(transaction);
    assert!(!connection.in_transaction());
    assert_eq!(count(&mut connection), 0);
}

#[test]
fn a_column_that_is_not_there_is_a_programming_error_and_ends_no_transaction() {
    // txn-023, with the other class of the error.
    let (_directory, mut connection) = connection();
    let mut transaction = connection.transaction().expect("it begins");
    transaction.execute(INSERT, ()).expect("it inserts");
    let error = transaction.execute("select nope", ()).map(drop).expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::Programming);
    assert!(transaction.in_transaction() && transaction.is_active());
    transaction.commit().expect("it commits");
    assert_eq!(count(&mut connection), 1);
}

#[test]
fn values_by_place_are_refused_for_a_text_of_one_row_and_of_many() {
    // txn-049, and the single row that it is compared with.
    let (_directory, mut connection) = connection();
    let clause = aludel::text::text("insert into t (id) values (:a)");
    let one = connection.execute(&clause, (9,)).map(drop).expect_err("it has a name");
    let many = connection.execute(&clause, &[(9,), (10,)][..]).map(drop).expect_err("alike");
    assert_eq!((one.kind(), many.kind()), (ErrorKind::InvalidRequest, ErrorKind::InvalidRequest));
    assert_eq!(one.message(), many.message());
    assert_eq!(count(&mut connection), 0);
}

#[test]
fn after_the_block_a_connection_that_was_invalidated_in_it_goes_on() {
    // txn-029, with the block ended where SQLAlchemy has none.
    let (_directory, engine) = engine(&serde_json::json!({ "engine": {} }));
    let mut connection = engine.connect().expect("the database is there");
    let mut transaction = connection.transaction().expect("it begins");
    transaction.execute("insert into t (id) values (9)", ()).expect("it inserts");
    transaction.invalidate().expect("it is open");
    transaction.execute("select 1", ()).map(drop).expect_err("the transaction is lost");
    transaction.rollback().expect("nothing is left to be rolled back");
    let count: i64 = connection.scalar("select count(*) from t", ()).expect("it connects again");
    assert_eq!(count, 0);
    assert!(connection.in_transaction() && !connection.invalidated());
}

#[test]
fn an_executemany_of_no_rows_changes_nothing() {
    // txn-051 with a statement that would show that it ran.
    let (_directory, engine) = engine(&serde_json::json!({ "engine": {} }));
    let mut connection = engine.connect().expect("the database is there");
    let none: [aludel::NamedParams; 0] = [];
    let result = connection.execute("insert into t (id) values (9)", &none[..]);
    assert_eq!(result.expect("it is allowed").rowcount(), Some(0));
    let count: i64 = connection.scalar("select count(*) from t", ()).expect("it counts");
    assert_eq!(count, 0);
}
