//! Errors of every sort, with everything that an error can carry.

use aludel::{Constraint, ConstraintKind, Error, ErrorKind, Value};

/// The error of a key that is there already.
pub(crate) fn duplicate(key: &Value) -> Error {
    let mut constraint = Constraint::new(ConstraintKind::Unique);
    constraint.table = Some("entries".into());
    constraint.columns = vec!["key".into()];
    Error::integrity(format!("key {key:?} is there already"))
        .with_sqlstate("23505")
        .with_constraint(constraint)
}

/// The error that `fail <name>` asks for.
pub(crate) fn named(name: &str) -> Option<Error> {
    Some(match name {
        "full" => full(),
        "long" => Error::data("€".repeat(3000)),
        "wordy" => Error::data("too much to say")
            .with_detail("d".repeat(5000))
            .with_hint("h".repeat(5000))
            .with_context("never fits"),
        "deadlock" => Error::operational("deadlock detected").with_sqlstate("40P01").retryable(),
        "disconnect" => Error::operational("the server went away").disconnected(),
        "empty" => Error::database(""),
        number => {
            let code: u32 = number.parse().ok()?;
            Error::new(ErrorKind::from_code(code), format!("an error of kind {code}"))
        }
    })
}

/// An error with every field set.
fn full() -> Error {
    let mut constraint = Constraint::new(ConstraintKind::ForeignKey);
    constraint.name = Some("entries_key_fkey".into());
    constraint.schema = Some("main".into());
    constraint.table = Some("entries".into());
    constraint.columns = vec!["key".into(), "värde".into()];
    Error::integrity("the key does not exist: \u{1F511}")
        .with_sqlstate("23503")
        .with_native_code(-787)
        .with_constraint(constraint)
        .with_failing_row(5_000_000_000)
        .with_position(17)
        .with_detail("Key (key)=(1) is not present.")
        .with_hint("Insert it first.")
        .with_context("SQL function \"f\"")
        .with_data_type("int8")
        .with_help("look it up in the index")
        .with_note("entry", "first line\nsecond line")
        .with_note("of two\nlines", "")
        .disconnected()
        .retryable()
        .transaction_aborted()
}

/// The error of text that is no statement.
pub(crate) fn syntax(sql: &str, at: &str) -> Error {
    let position = sql.find(at).unwrap_or(0) as u64;
    Error::programming(format!("syntax error at {at:?}"))
        .with_sqlstate("42601")
        .with_position(position)
}

/// The error of a connection that died.
pub(crate) fn gone() -> Error {
    Error::operational("the connection died earlier").with_sqlstate("08006").disconnected()
}
