//! A plugin that lies gets errors, and the host lives on.

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::{ConstraintKind, ErrorKind, Result};
use aludel_tests::lying::{LIES, liar};
use aludel_tests::subject::{arguments, prepare};

/// Executes a lie, and reads every value of every row.
fn hear(name: &str) -> Result<usize> {
    let mut connection = connect();
    let statement = prepare(&mut connection, name).unwrap();
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default())?;
    let mut rows = 0;
    while let Some(row) = cursor.next()? {
        rows += 1;
        assert!(cursor_is_bounded(rows));
        for index in 0..row.len() {
            row.owned_value(index)?;
        }
    }
    Ok(rows)
}

fn cursor_is_bounded(rows: usize) -> bool {
    rows < 100_000
}

fn connect() -> DriverConnection {
    liar().connect(&arguments(), Limits::NONE).unwrap()
}

/// What is said of each lie; `None` for those that do no harm.
const FOUND: &[(&str, Option<(ErrorKind, &str)>)] = &[
    ("unknown tag", conversion("wanted a known tag, found a cell of a newer plugin")),
    ("date out of range", conversion("wanted Date, found date out of its range")),
    ("short uuid", conversion("found uuid that is not of its form")),
    ("long interval", conversion("found interval that is not of its form")),
    ("array without header", conversion("wanted an array header")),
    ("array of too many cells", conversion("found cells that is not of its form")),
    ("array of too many dimensions", conversion("wanted an array header")),
    ("array inside itself", conversion("found cells that is not of its form")),
    ("array at an odd address", conversion("found cells that is not of its form")),
    ("struct of too many cells", conversion("found cells that is not of its form")),
    ("map without header", conversion("wanted a composite header")),
    ("text that is null", None),
    ("more rows than room", internal("claims more rows than there was room for")),
    ("more columns than room", internal("claims more rows than there was room for")),
    ("more rows than wanted", internal("claims more rows than there was room for")),
    ("rows for ever", internal("delivered no rows again and again")),
    ("other columns", None),
    ("lengths of an error", Some((ErrorKind::Database, ""))),
    ("an extra that is too long", Some((ErrorKind::Database, "short"))),
    ("a newer error", Some((ErrorKind::Database, "from the future"))),
    ("an error that is no text", Some((ErrorKind::Database, "bad \u{fffd} byte"))),
    ("an unknown status", Some((ErrorKind::Database, ""))),
];

const fn conversion(message: &str) -> Option<(ErrorKind, &str)> {
    Some((ErrorKind::Conversion, message))
}

const fn internal(message: &str) -> Option<(ErrorKind, &str)> {
    Some((ErrorKind::Internal, message))
}

#[test]
fn every_lie_is_found_or_harmless() {
    for (name, _) in LIES {
        let expected = FOUND.iter().find(|(known, _)| known == name);
        let (_, expected) = expected.unwrap_or_else(|| panic!("say what is found of {name:?}"));
        match (hear(name), expected) {
            (Ok(rows), None) => assert_eq!(rows, 1, "{name}"),
            (Err(error), Some((kind, message))) => {
                assert_eq!(error.kind(), *kind, "{name}: {error}");
                assert!(error.message().contains(message), "{name}: {error}");
            }
            (heard, expected) => panic!("{name}: {heard:?}, not {expected:?}"),
        }
    }
    assert_eq!(FOUND.len(), LIES.len());
}

#[test]
fn numbers_of_a_newer_plugin_mean_the_general_case() {
    let error = hear("a newer error").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database);
    assert_eq!(error.constraint().map(|constraint| constraint.kind), Some(ConstraintKind::Other));
    assert_eq!(error.sqlstate(), None);
    assert!(error.is_retryable() && error.is_transaction_aborted() && !error.is_disconnect());
}

#[test]
fn lengths_that_lie_outside_their_buffer_are_cut() {
    let error = hear("an extra that is too long").unwrap_err();
    assert_eq!((error.message(), error.detail()), ("short", None));
    assert!(hear("lengths of an error").unwrap_err().message().len() <= 8192);
}

#[test]
fn missing_tables_and_lengths_beyond_the_text_are_refused_or_cut() {
    let mut connection = connect();
    let (statement, consumed) =
        connection.prepare("other columns", PrepareOptions::default(), Limits::NONE).unwrap();
    assert!(statement.is_some());
    assert_eq!(consumed, "other columns".len());
    let error =
        connection.prepare("not a lie", PrepareOptions::default(), Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interface);
    assert_eq!(error.message(), "dialect `liar` returned a statement without a table");

    let mut args = arguments();
    args.database = Some("anything");
    let error = liar().connect(&args, Limits::NONE).unwrap_err();
    assert_eq!(error.message(), "dialect `liar` returned a connection without a table");
}

#[test]
fn a_statement_that_ends_inside_a_character_is_refused() {
    let mut connection = connect();
    let error = connection
        .prepare("é", PrepareOptions::default(), Limits::NONE)
        .expect_err("half a character is no text");
    assert_eq!(error.kind(), ErrorKind::Interface, "{error}");
    let error = connection
        .prepare("many é", PrepareOptions::default(), Limits::NONE)
        .expect_err("half a character is no text");
    assert!(matches!(error.kind(), ErrorKind::Internal | ErrorKind::Interface), "{error}");
}

#[test]
fn columns_that_are_said_but_not_shown_are_none() {
    let mut connection = connect();
    let statement = prepare(&mut connection, "other columns").unwrap();
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert_eq!(cursor.columns().unwrap().len(), 0);
    let row = cursor.next().unwrap().unwrap();
    assert_eq!(row.len(), 3);
    assert_eq!(row.get_by::<i64>("a").unwrap_err().kind(), ErrorKind::NoSuchColumn);
}

#[test]
fn a_plugin_without_a_single_entry_is_refused_in_words() {
    let mut connection = connect();
    let statement = prepare(&mut connection, "other columns").unwrap();
    let error = connection.execute_many(&statement, &[(1,)], Limits::NONE);
    assert_eq!(error.unwrap(), None, "executed one by one");
    assert!(connection.is_alive());
    connection.close(Limits::NONE).unwrap();
}
