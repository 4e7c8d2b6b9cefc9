//! Bad input gets an error that says what, where, and what to do next.

use aludel::{ErrorKind, Value};

use crate::memory;

#[test]
fn a_value_that_does_not_fit_names_column_wanted_and_found() {
    let mut connection = memory().connect().unwrap();
    let mut result = connection
        .execute("select 'x' as name, 300 as number, null as empty, 1.5 as real", ())
        .unwrap();
    let row = result.next().unwrap().unwrap();
    let message = |error: aludel::Error| error.to_string();
    assert_eq!(
        message(row.get_at::<i64>(0).unwrap_err()),
        "ConversionError: column 0 (`name`): wanted i64, found text\n  \
         help: ask for a type that holds it, or for Value, which holds any"
    );
    assert_eq!(
        message(row.get_by::<u8>("number").unwrap_err()),
        "ConversionError: column 1 (`number`): wanted u8, found i64 out of its range\n  help: ask for i64"
    );
    assert_eq!(
        message(row.get_at::<String>(2).unwrap_err()),
        "ConversionError: column 2 (`empty`): wanted String, found NULL\n  help: ask for Option<String>"
    );
    assert_eq!(
        message(row.get_at::<i64>(9).unwrap_err()),
        "NoSuchColumnError: no column 9: the row has 4, counted from 0"
    );
    assert_eq!(
        message(row.get::<(i64, i64)>().unwrap_err()),
        "ArgumentError: the row has 4 values, the tuple 2\n  \
         help: read it as a tuple of the same number of values, or by place or name"
    );
}

#[test]
fn text_that_is_not_utf8_is_an_error_as_text_and_there_as_bytes() {
    let mut connection = memory().connect().unwrap();
    let mut result = connection.execute("select cast(x'61ff62' as text) as t", ()).unwrap();
    let row = result.next().unwrap().unwrap();
    assert_eq!(
        row.get_at::<&str>(0).unwrap_err().to_string(),
        "ConversionError: column 0 (`t`): wanted &str, found text that is not UTF-8 from byte 1 on\n  \
         help: ask for &[u8] or Vec<u8>"
    );
    assert_eq!(row.bytes_at(0).unwrap(), Some(&b"a\xffb"[..]));
}

#[test]
fn an_integer_that_the_database_cannot_hold_is_refused() {
    let error = memory().execute("select ?", (u64::MAX,)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "(sqlite.DataError) parameter 1: integer out of range\n\
         [SQL: select ?]\n[parameters: (18446744073709551615,)]\n  help: SQLite's integers lie between -9223372036854775808 and \
         9223372036854775807; pass larger ones as text or as a decimal"
    );
}

#[test]
fn missing_and_extra_positional_parameters_are_refused() {
    let engine = memory();
    let message =
        |parameters: &[i64]| engine.execute("select ?, :name", parameters).unwrap_err().to_string();
    assert_eq!(
        message(&[1]),
        "(sqlite.ProgrammingError) the statement has 2 parameters and 1 was given: missing \
         parameter 2 (`:name`)\n[SQL: select ?, :name]\n[parameters: (1,)]\n  help: give one value \
         for each placeholder"
    );
    assert_eq!(
        message(&[1, 2, 3]),
        "(sqlite.ProgrammingError) the statement has 2 parameters and 3 were given: 1 too many\n\
         [SQL: select ?, :name]\n[parameters: (1, 2, 3)]\n  help: give one value for each placeholder"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_named_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    // Nobody can open a socket as a file, not even the superuser.
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let error = crate::engine(&format!("sqlite:///{}", path.display())).connect().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "(sqlite.OperationalError) cannot open SQLite database `{}`: {}\n  \
             help: check that it is a regular file and that you may read it",
            path.display(),
            std::io::Error::from_raw_os_error(6)
        )
    );
}

#[test]
fn a_syntax_error_tells_where() {
    let error = memory().execute("select 1 from from t", ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Programming);
    assert_eq!(error.position(), Some(14));
    assert_eq!(error.statement(), Some("select 1 from from t"));
}

#[test]
fn text_without_a_statement_or_with_two_is_refused() {
    let engine = memory();
    assert_eq!(
        engine.execute(" -- nothing", ()).unwrap_err().message(),
        "the text holds no statement"
    );
    assert_eq!(
        engine.execute("select 1; select 2", ()).unwrap_err().message(),
        "the text holds more than one statement"
    );
    assert_eq!(engine.execute("select 1; -- fine", ()).unwrap().scalar::<i64>().unwrap(), 1);
}

#[test]
fn two_thousand_columns_fit() {
    let list: Vec<String> = (0..2000).map(|i| i.to_string()).collect();
    let rows: Vec<aludel::OwnedRow> =
        memory().execute(format!("select {}", list.join(", ")), ()).unwrap().all().unwrap();
    assert_eq!(rows[0].len(), 2000);
    assert_eq!(rows[0].values()[1999], Value::I64(1999));
}
