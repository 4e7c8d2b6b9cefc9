//! Counting and naming parameters.

use crate::support::{memory, prepare, rows_with};
use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions};
use aludel::error::ErrorKind;

fn refusal(connection: &mut DriverConnection, sql: &str, given: usize) -> String {
    let statement = prepare(connection, sql);
    let params = vec![1_i64; given];
    let error = connection.execute(&statement, &params, ExecuteOptions::default()).err().unwrap();
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Programming, Some("07001")));
    let many = connection
        .execute_many(&statement, &[params.as_slice()], aludel::abi::host::Limits::NONE)
        .unwrap_err();
    assert_eq!(many.message(), error.message());
    error.message().to_owned()
}

#[test]
fn missing_and_extra_parameters_are_named() {
    let mut connection = memory();
    for (sql, given, message) in [
        (
            "select :a, @b, $c",
            1,
            "the statement has 3 parameters and 1 was given: missing parameter 2 (`@b`), parameter \
             3 (`$c`)",
        ),
        ("select ?", 0, "the statement has 1 parameter and 0 were given: missing parameter 1"),
        ("select ?", 3, "the statement has 1 parameter and 3 were given: 2 too many"),
        ("select 1", 1, "the statement has no parameters and 1 was given: 1 too many"),
        (
            "select ?3",
            2,
            "the statement has 3 parameters and 2 were given: missing parameter 3 (`?3`)",
        ),
    ] {
        assert_eq!(refusal(&mut connection, sql, given), message);
    }
    let many = format!("select {}", vec!["?"; 20].join(","));
    assert!(refusal(&mut connection, &many, 1).ends_with("parameter 9, 11 more"));
}

#[test]
fn parameters_tell_their_names_as_written() {
    let mut connection = memory();
    let statement = prepare(&mut connection, "select :x, @y, $z, ?, ?7, :x");
    let parameters = connection.parameters(&statement).unwrap().unwrap();
    let names: Vec<Option<&str>> =
        parameters.iter().map(|parameter| parameter.name.as_deref()).collect();
    assert_eq!(names, [Some(":x"), Some("@y"), Some("$z"), None, None, None, Some("?7")]);
}

#[test]
fn numbered_and_repeated_parameters_are_bound_by_their_number() {
    let mut connection = memory();
    let rows = rows_with(&mut connection, "select ?2, ?1, ?2", &[1_i64, 2]);
    assert_eq!(rows, [[Value::I64(2), Value::I64(1), Value::I64(2)]]);
}

#[test]
fn as_many_parameters_as_sqlite_allows_can_be_bound() {
    let mut connection = memory();
    let sql = format!("values {}", vec!["(?)"; 32_766].join(","));
    let params = vec![1_i64; 32_766];
    assert_eq!(rows_with(&mut connection, &sql, &params).len(), 32_766);
}
