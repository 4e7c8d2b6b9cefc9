//! Older and newer plugins: tables that end early or go on beyond what this host knows.

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::abi::layout::TableLayout;
use aludel::abi::static_dialect;
use aludel::abi::tables::{ConnectionVt, DialectVt, StatementVt};
use aludel::{ErrorKind, Result};
use aludel_test_everything::Everything;
use aludel_tests::checks::calls::CALLS;
use aludel_tests::subject::{arguments, counted, prepare, query};
use aludel_tests::versions::{Sizes, resized};

fn connect(sizes: Sizes) -> DriverConnection {
    let dialect = resized(static_dialect::<Everything>(), sizes);
    dialect.connect(&arguments(), Limits::NONE).unwrap()
}

/// What a call came to: nothing, or the kind and message of its error.
fn outcome(result: Result<()>) -> Option<(ErrorKind, String)> {
    result.err().map(|error| (error.kind(), error.message().to_owned()))
}

/// Calls every entry on a connection of its own, and compares with a complete table.
///
/// `there` says whether the table has the entry.
fn compare(sizes: Sizes, there: impl Fn(&str) -> bool) {
    for (entry, call) in CALLS {
        let complete = outcome(call(&mut connect(Sizes::KNOWN)));
        let mut connection = connect(sizes);
        let now = outcome(call(&mut connection));
        let reachable = entry.starts_with("ConnectionVt") || there("ConnectionVt.prepare");
        let whole = reachable && there(entry);
        match &now {
            // Entries that the call needs besides may be missing.
            Some((ErrorKind::NotSupported, message)) => {
                assert!(
                    message.ends_with("is not supported by this dialect"),
                    "{entry}: {message}"
                );
            }
            // Here by its own entry, or made of others.
            now if whole => assert_eq!(*now, complete, "{entry} of {sizes:?}"),
            Some(other) => panic!("{entry} of {sizes:?}: {other:?}"),
            None => {}
        }
        assert!(connection.is_alive());
        connection.close(Limits::NONE).unwrap();
    }
}

/// True for entries that end within `size` bytes.
fn within(table: &TableLayout, size: usize, entry: &str) -> bool {
    let Some(name) = entry.strip_prefix(table.name).and_then(|name| name.strip_prefix('.')) else {
        return true;
    };
    table.entries.iter().any(|known| known.name == name && known.offset + 8 <= size)
}

#[test]
fn a_connection_table_may_end_after_any_entry() {
    // `free`, the first, is always there: what cannot be freed would leak.
    for entries in 1..=ConnectionVt::LAYOUT.entries.len() {
        let size = 8 * (entries + 1);
        let sizes = Sizes { connection: size, ..Sizes::KNOWN };
        compare(sizes, |entry| within(&ConnectionVt::LAYOUT, size, entry));
    }
}

#[test]
fn a_statement_table_may_end_after_any_entry() {
    for entries in 1..=StatementVt::LAYOUT.entries.len() {
        let size = 8 * (entries + 1);
        let sizes = Sizes { statement: size, ..Sizes::KNOWN };
        compare(sizes, |entry| within(&StatementVt::LAYOUT, size, entry));
    }
}

#[test]
fn tables_may_go_on_beyond_what_this_host_knows() {
    let sizes = Sizes {
        dialect: Sizes::KNOWN.dialect + 8,
        connection: Sizes::KNOWN.connection + 16,
        statement: Sizes::KNOWN.statement + 32,
    };
    compare(sizes, |_| true);
}

#[test]
fn half_an_entry_is_no_entry() {
    let layout = StatementVt::LAYOUT;
    let fetch = layout.entries.iter().find(|entry| entry.name == "fetch").unwrap();
    let mut connection = connect(Sizes { statement: fetch.offset + 4, ..Sizes::KNOWN });
    assert_eq!(query(&mut connection, "rows 3").unwrap(), counted(3));
    let error = query(&mut connection, "rows 1000").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert_eq!(error.message(), "fetching further rows is not supported by this dialect");
}

#[test]
fn a_dialect_that_cannot_connect_or_check_says_so() {
    let check = &DialectVt::LAYOUT.entries[1];
    assert_eq!(check.name, "create_connect_args");
    let everything = static_dialect::<Everything>();
    let older = resized(everything, Sizes { dialect: check.offset, ..Sizes::KNOWN });
    assert_eq!(older.create_connect_args(&arguments()).unwrap().pool, None);
    assert!(older.connect(&arguments(), Limits::NONE).is_ok());

    let empty = resized(everything, Sizes { dialect: 8, ..Sizes::KNOWN });
    let error = empty.connect(&arguments(), Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Plugin);
    assert_eq!(error.message(), "dialect `everything` has no connect function");
}

#[test]
fn what_is_missing_is_made_of_what_is_there() {
    // executemany falls back to one execution for each row, and still names the row that fails.
    let layout = StatementVt::LAYOUT;
    let many = layout.entries.iter().find(|entry| entry.name == "execute_many").unwrap();
    let mut connection = connect(Sizes { statement: many.offset, ..Sizes::KNOWN });
    let statement = prepare(&mut connection, "insert").unwrap();
    let rows = [(1, "a"), (2, "b"), (3, "c")];
    assert_eq!(connection.execute_many(&statement, &rows, Limits::NONE).unwrap(), Some(3));
    let again = [(4, "d"), (2, "b")];
    let error = connection.execute_many(&statement, &again, Limits::NONE).unwrap_err();
    assert_eq!(error.failing_row(), Some(1));

    // Without reset, a result that is left in the middle does not disturb the next one.
    let rows = prepare(&mut connection, "rows 1000").unwrap();
    for _ in 0..3 {
        let mut cursor = connection.execute(&rows, &(), ExecuteOptions::default()).unwrap();
        assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 0);
    }

    // A ping executes the ping statement, a script its statements, a reset rolls back.
    let prepare_call = &ConnectionVt::LAYOUT.entries[3];
    assert_eq!(prepare_call.name, "prepare_call");
    let mut connection = connect(Sizes { connection: prepare_call.offset, ..Sizes::KNOWN });
    connection.ping(Limits::NONE).unwrap();
    connection.reset_session(Limits::NONE).unwrap();
    let mut done = aludel::dbapi::ScriptOutcome::default();
    let error = connection.execute_script("rows 1; nonsense", &mut done, Limits::NONE).unwrap_err();
    assert_eq!((error.kind(), done.consumed), (ErrorKind::Programming, 7));
}
