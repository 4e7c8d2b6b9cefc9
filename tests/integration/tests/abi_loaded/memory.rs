//! The dialect in C.

use std::sync::OnceLock;

use aludel::abi::host::{DriverConnection, DriverDialect, ExecuteOptions, Limits};
use aludel::{ConstraintKind, Error, ErrorKind, Value};
use aludel_tests::load;
use aludel_tests::subject::{MEMORY, Subject, counted, prepare, query, query_with};

use crate::tests;

/// Built and loaded once for this process.
pub(crate) fn subject() -> Subject {
    static DIALECT: OnceLock<DriverDialect> = OnceLock::new();
    Subject { dialect: *DIALECT.get_or_init(load::memory), speech: MEMORY }
}

aludel_tests::required_checks!(tests subject());

fn put(connection: &mut DriverConnection, params: &[Value]) -> Result<(), Error> {
    query_with(connection, "PUT", params, ExecuteOptions::default()).map(drop)
}

#[test]
fn its_note_says_who_it_is() {
    let info = subject().dialect.info();
    assert_eq!((info.name, info.version), ("memory", "1.0"));
    assert_eq!(info.description, "A table in memory, written in C");
    assert_eq!(info.ping_statement, "GET 0");
    assert!(info.capabilities.is_empty());
}

#[test]
fn it_tells_changed_rows_and_the_last_key() {
    let mut connection = subject().connect();
    let statement = prepare(&mut connection, "PUT").unwrap();
    let cursor = connection.execute(&statement, &(9, "x"), ExecuteOptions::default()).unwrap();
    assert!(!cursor.returns_rows());
    assert_eq!((cursor.affected(), cursor.last_insert_id()), (Some(1), Some(9)));
}

#[test]
fn texts_of_every_length_come_back_as_they_went_in() {
    let mut connection = subject().connect();
    let texts = ["", "grüße", "a\0b", &"x".repeat(5_000_000)].map(Value::from);
    for (key, text) in texts.iter().enumerate() {
        put(&mut connection, &[Value::I64(key as i64), text.clone()]).unwrap();
    }
    let rows = query(&mut connection, "GET").unwrap();
    assert!(rows.iter().map(|row| &row[1]).eq(&texts));
}

#[test]
fn text_that_is_not_utf8_is_found_when_it_is_read_as_text() {
    // Bytes are not what PUT takes, and text from Rust is always UTF-8.
    let mut connection = subject().connect();
    let error = put(&mut connection, &[Value::I64(1), Value::Bytes(vec![0xff])]).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Data, Some("22018")));
}

#[test]
fn its_errors_carry_what_it_says() {
    let mut connection = subject().connect();
    let error = query(&mut connection, "FAIL").unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Operational, "asked to fail"));
    assert_eq!((error.sqlstate(), error.native_code()), (Some("58000"), Some(-7)));
    assert_eq!((error.detail(), error.hint()), (Some("nothing is wrong"), Some("do not ask")));
    assert_eq!(error.position(), Some(0));
    assert!(error.is_retryable() && !error.is_disconnect());

    let error = query(&mut connection, "  nonsense; GET").unwrap_err();
    assert_eq!((error.kind(), error.position()), (ErrorKind::Programming, Some(2)));

    put(&mut connection, &[Value::I64(1), Value::from("a")]).unwrap();
    let error = put(&mut connection, &[Value::I64(1), Value::from("b")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity);
    let constraint = error.constraint().unwrap();
    assert_eq!((constraint.kind, constraint.columns[0].as_str()), (ConstraintKind::Unique, "key"));
    let error = put(&mut connection, &[Value::I64(2)]).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Programming, Some("07001")));
    assert!(connection.is_alive());
}

#[test]
fn executemany_falls_back_to_single_executions() {
    let mut connection = subject().connect();
    let statement = prepare(&mut connection, "PUT").unwrap();
    let rows = [(0, "row 0"), (1, "row 1"), (0, "again")];
    let error = connection.execute_many(&statement, &rows, Limits::NONE).unwrap_err();
    assert_eq!((error.kind(), error.failing_row()), (ErrorKind::Integrity, Some(2)));
    assert_eq!(query(&mut connection, "GET").unwrap(), counted(2), "those before it stay");
}
