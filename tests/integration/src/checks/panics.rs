//! Panics in every entry: an error, the connection is discarded, others live on.

use std::borrow::Cow;

use aludel::ErrorKind;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::TransactionState;

use super::calls::CALLS;
use crate::subject::{Subject, arguments, counted, prepare, query};

const NONE: Limits = Limits::NONE;

/// Entries that are not called like the others, each with a check of its own below.
pub const APART: [&str; 10] = [
    "CancelVt.cancel",
    "CancelVt.free",
    "ConnectionVt.close",
    "ConnectionVt.free",
    "ConnectionVt.is_alive",
    "ConnectionVt.transaction_state",
    "DialectVt.connect",
    "DialectVt.create_connect_args",
    "StatementVt.free",
    "StatementVt.reset",
];

/// A connection whose next call of the entry panics.
fn armed(subject: &Subject, entry: &str) -> DriverConnection {
    let mut connection = subject.connect();
    query(&mut connection, &format!("panic in {entry}")).unwrap();
    connection
}

/// Entry by entry.
pub fn a_panic_in_any_entry_is_an_error_and_others_live_on(subject: &Subject) {
    let mut other = subject.connect();
    let statement = prepare(&mut other, "rows 700").unwrap();
    let mut cursor = other.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    for (read, (entry, call)) in CALLS.iter().enumerate() {
        let mut connection = armed(subject, entry);
        let error = call(&mut connection).expect_err(entry);
        assert_eq!(error.kind(), ErrorKind::Panic, "{entry}: {error}");
        assert!(error.is_disconnect(), "{entry}");
        let name = entry.split('.').nth(1).unwrap();
        let begin = format!("panicked in {name}(): asked to panic in {entry}");
        assert!(error.message().starts_with(&begin), "{entry}: {error}");
        // The author's code is not reached again, whatever is called.
        assert!(!connection.is_alive(), "{entry}");
        let again = connection.commit(NONE).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::Panic, "{entry}");
        assert!(again.message().starts_with("commit() refused"), "{entry}: {again}");
        assert_eq!(connection.transaction_state(), TransactionState::Unknown);
        drop(connection);

        // A result that another connection is in the middle of goes on.
        let row = cursor.next().unwrap().unwrap();
        assert_eq!(row.get_at::<i64>(0).unwrap(), read as i64);
    }
}

/// Before there is a connection.
pub fn a_panic_while_connecting_is_an_error(subject: &Subject) {
    let mut args = arguments();
    let mut arm = |entry: &'static str| {
        args.options = vec![(Cow::Borrowed("panic"), Cow::Borrowed(entry))];
        (
            subject.dialect.connect(&args, NONE).err().map(|error| error.kind()),
            subject.dialect.create_connect_args(&args).err().map(|error| error.kind()),
        )
    };
    assert_eq!(arm("DialectVt.connect"), (Some(ErrorKind::Panic), None));
    assert_eq!(arm("DialectVt.create_connect_args"), (None, Some(ErrorKind::Panic)));
    assert_eq!(query(&mut subject.connect(), "rows 1").unwrap(), counted(1));
}

/// Where no error can be returned.
pub fn a_panic_while_freeing_is_survived(subject: &Subject) {
    drop(armed(subject, "ConnectionVt.free"));
    assert_eq!(
        armed(subject, "ConnectionVt.close").close(NONE).unwrap_err().kind(),
        ErrorKind::Panic
    );

    let mut connection = subject.connect();
    let victim = prepare(&mut connection, "rows 1").unwrap();
    let arm = prepare(&mut connection, "panic in StatementVt.free").unwrap();
    connection.execute(&arm, &(), ExecuteOptions::default()).unwrap().finish().unwrap();
    connection.close_statement(victim);
    assert!(!connection.is_alive(), "the shim has seen the panic");
    assert_eq!(connection.ping(NONE).unwrap_err().kind(), ErrorKind::Panic);

    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "rows 700").unwrap();
    let arm = prepare(&mut connection, "panic in StatementVt.reset").unwrap();
    connection.execute(&arm, &(), ExecuteOptions::default()).unwrap().finish().unwrap();
    // Dropping a cursor in the middle resets; the error is remembered by the connection.
    drop(connection.execute(&statement, &(), ExecuteOptions::default()).unwrap());
    assert!(!connection.is_alive());

    for entry in ["ConnectionVt.is_alive", "ConnectionVt.transaction_state"] {
        let connection = armed(subject, entry);
        let (alive, state) = (connection.is_alive(), connection.transaction_state());
        assert_eq!(state, TransactionState::Unknown, "{entry}");
        assert!(!alive || !connection.is_alive(), "{entry}");
    }
}

/// The cancel handle has no connection to poison.
pub fn a_panic_in_a_cancel_handle_is_an_error(subject: &Subject) {
    let mut connection = subject.connect();
    let cancel = connection.cancel_handle().unwrap();
    query(&mut connection, "panic in CancelVt.cancel").unwrap();
    assert_eq!(cancel.cancel().unwrap_err().kind(), ErrorKind::Panic);
    cancel.cancel().unwrap();
    query(&mut connection, "panic in CancelVt.free").unwrap();
    drop(cancel);
    assert_eq!(query(&mut connection, "rows 1").unwrap(), counted(1));
}
