//! Errors: what they carry, how they are cut, and what becomes of misuse.

use aludel::abi::host::ExecuteOptions;
use aludel::{ConstraintKind, ErrorKind};

use crate::subject::{Subject, counted, prepare, query};

/// Every field.
pub fn an_error_keeps_everything_it_carries(subject: &Subject) {
    let mut connection = subject.connect();
    let error = query(&mut connection, "fail full").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity);
    assert_eq!(error.message(), "the key does not exist: \u{1F511}");
    assert_eq!(error.sqlstate(), Some("23503"));
    assert_eq!(error.native_code(), Some(-787));
    assert_eq!(error.failing_row(), Some(5_000_000_000));
    assert_eq!(error.position(), Some(17));
    assert_eq!(error.detail(), Some("Key (key)=(1) is not present."));
    assert_eq!(error.hint(), Some("Insert it first."));
    assert_eq!(error.context(), Some("SQL function \"f\""));
    assert_eq!(error.data_type(), Some("int8"));
    assert_eq!(error.help(), Some("look it up in the index"));
    let notes: Vec<_> = error.notes().collect();
    assert_eq!(notes, [("entry", "first line\nsecond line"), ("of two lines", "")]);
    assert_eq!(error.dialect(), Some("everything"));
    assert!(error.is_disconnect() && error.is_retryable() && error.is_transaction_aborted());
    let constraint = error.constraint().unwrap();
    assert_eq!(constraint.kind, ConstraintKind::ForeignKey);
    assert_eq!(constraint.name.as_deref(), Some("entries_key_fkey"));
    assert_eq!(constraint.schema.as_deref(), Some("main"));
    assert_eq!(constraint.table.as_deref(), Some("entries"));
    assert_eq!(constraint.columns, ["key", "värde"]);
    assert!(!connection.is_alive(), "the error said that the connection is gone");

    let mut connection = subject.connect();
    let error = query(&mut connection, "fail empty").unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Database, ""));
    assert_eq!((error.sqlstate(), error.native_code()), (None, None));
    assert_eq!((error.failing_row(), error.position()), (None, None));
    assert!(error.constraint().is_none() && error.detail().is_none() && error.help().is_none());
    assert!(!error.is_disconnect() && connection.is_alive());
}

/// 9,000 bytes of characters that take three.
pub fn a_long_message_is_cut_between_characters(subject: &Subject) {
    let mut connection = subject.connect();
    let error = query(&mut connection, "fail long").unwrap_err();
    assert_eq!(error.message(), "€".repeat(4096 / 3));
}

/// More extras than the buffer holds.
pub fn extras_that_do_not_fit_are_cut(subject: &Subject) {
    let mut connection = subject.connect();
    let error = query(&mut connection, "fail wordy").unwrap_err();
    assert_eq!(error.message(), "too much to say");
    assert_eq!(error.detail(), Some("d".repeat(5000).as_str()));
    let hint = error.hint().unwrap();
    assert!(hint.len() > 3000 && hint.len() < 5000 && hint.bytes().all(|byte| byte == b'h'));
    assert_eq!(error.context(), None);
}

/// Every number of the list.
pub fn every_kind_of_error_arrives_as_that_kind(subject: &Subject) {
    for constant in ErrorKind::CODES {
        let mut connection = subject.connect();
        let error = query(&mut connection, &format!("fail {}", constant.value)).unwrap_err();
        assert_eq!(u64::from(error.kind().code()), constant.value, "{}", constant.name);
    }
}

/// A number beyond the list. The dialect knows no such kind, so it is the shim that falls back;
/// for a table that really sends one see the lying plugin.
pub fn a_kind_of_a_newer_plugin_is_a_database_error(subject: &Subject) {
    let mut connection = subject.connect();
    let error = query(&mut connection, "fail 4000000000").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database);
}

/// An author who writes rows that are not rows.
pub fn misuse_of_the_writer_is_an_error(subject: &Subject) {
    let mut connection = subject.connect();
    for lie in ["few cells", "many cells", "other width", "nested bytes", "depth"] {
        let error = query(&mut connection, &format!("lie about {lie}")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal, "{lie}");
        assert!(error.message().starts_with("the dialect wrote a row"), "{lie}: {error}");
    }
    let error = query(&mut connection, "lie about never done").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.message().contains("did not say done"), "{error}");
    assert_eq!(query(&mut connection, "rows 2").unwrap(), counted(2));
}

/// Unknown tags, text that is not UTF-8: found when the value is read, and only then.
pub fn cells_that_are_not_what_they_say_are_refused_when_read(subject: &Subject) {
    let mut connection = subject.connect();
    for (lie, message) in [
        ("unknown tag", "column 0 (`c0`): wanted a known tag, found a cell of a newer plugin"),
        ("bad text", "column 0 (`c0`): wanted &str, found text that is not UTF-8 from byte 1 on"),
    ] {
        let statement = prepare(&mut connection, &format!("lie about {lie}")).unwrap();
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        let row = cursor.next().unwrap().unwrap();
        let error = row.value(0).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conversion);
        assert_eq!(error.message(), message);
        assert!(cursor.next().unwrap().is_none());
    }
}
