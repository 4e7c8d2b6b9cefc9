//! Options, reset, ping, notices, and the server's description.

use std::time::Duration;

use aludel::abi::host::Limits;
use aludel::dbapi::{TransactionOptions, TransactionState};
use aludel::dialect::option_key;
use aludel::value::ValueRef;
use aludel::{ErrorKind, Value};

use crate::support::{
    connect, error_of, execute, prepare, rows, run, scalar, text, try_connect, var,
};

#[test]
fn options_are_set_read_and_reset() {
    let Some(mut connection) = connect() else { return };
    let changes = [
        (option_key::ISOLATION_LEVEL, text("SERIALIZABLE")),
        (option_key::READ_ONLY, Value::Bool(true)),
        (option_key::TIMEOUT, Value::I64(12_345)),
        (option_key::SCHEMA, text("pg_catalog")),
        (option_key::APPLICATION_NAME, text("it's \\ a test")),
        (option_key::AUTOCOMMIT, Value::Bool(true)),
    ];
    let before =
        changes.each_ref().map(|(key, _)| connection.get_option(key, Limits::NONE).unwrap());
    for (key, value) in &changes {
        connection.set_option(key, value.as_ref(), Limits::NONE).unwrap();
        assert_eq!(connection.get_option(key, Limits::NONE).unwrap(), *value, "{key}");
    }
    assert_eq!(error_of(&mut connection, "create table no (a int)").sqlstate(), Some("25006"));
    connection.reset_session(Limits::NONE).unwrap();
    let after =
        changes.each_ref().map(|(key, _)| connection.get_option(key, Limits::NONE).unwrap());
    assert_eq!(before, after);
    let catalog = connection.get_option(option_key::CATALOG, Limits::NONE).unwrap();
    assert_eq!(catalog, scalar(&mut connection, "select current_database()"));
}

#[test]
fn an_option_outlives_the_transaction_that_was_begun_and_not_sent() {
    let Some(mut connection) = connect() else { return };
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    connection.set_option(option_key::TIMEOUT, ValueRef::I64(777), Limits::NONE).unwrap();
    run(&mut connection, "select 1");
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(connection.get_option(option_key::TIMEOUT, Limits::NONE).unwrap(), Value::I64(777));
}

#[test]
fn wrong_options_say_what_there_is() {
    let Some(mut connection) = connect() else { return };
    let mut set = |key, value| connection.set_option(key, value, Limits::NONE).unwrap_err();
    assert_eq!(set("nosuch", ValueRef::I64(1)).kind(), ErrorKind::NotSupported);
    assert_eq!(set(option_key::TIMEOUT, ValueRef::I64(-1)).kind(), ErrorKind::Argument);
    assert_eq!(set(option_key::TIMEOUT, ValueRef::Text("1")).kind(), ErrorKind::Argument);
    assert_eq!(
        set(option_key::ISOLATION_LEVEL, ValueRef::Text("x")).kind(),
        ErrorKind::NotSupported
    );
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    let mut set = |key, value| connection.set_option(key, value, Limits::NONE).unwrap_err();
    let error = set(option_key::ISOLATION_LEVEL, ValueRef::Text("SERIALIZABLE"));
    assert_eq!(error.sqlstate(), Some("25001"));
}

#[test]
fn autocommit_begins_nothing() {
    let Some(mut connection) = connect() else { return };
    let autocommit = ValueRef::Text("AUTOCOMMIT");
    connection.set_option(option_key::ISOLATION_LEVEL, autocommit, Limits::NONE).unwrap();
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "select 1");
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
}

#[test]
fn reset_rolls_back_and_clears_the_session_but_keeps_statements() {
    let Some(mut connection) = connect() else { return };
    let statement = prepare(&mut connection, "select $1::int");
    execute(&mut connection, &statement, &(1_i64,)).unwrap();
    run(&mut connection, "create temp table gone (a int)");
    run(&mut connection, "set application_name to 'other'");
    run(&mut connection, "select pg_advisory_lock(123)");
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    error_of(&mut connection, "select 1/0");
    connection.reset_session(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    assert_eq!(error_of(&mut connection, "select * from gone").sqlstate(), Some("42P01"));
    assert_ne!(scalar(&mut connection, "show application_name"), text("other"));
    let locks = "select * from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()";
    assert!(rows(&mut connection, locks).is_empty());
    let kept = "select statement from pg_prepared_statements where statement = 'select $1::int'";
    assert_eq!(rows(&mut connection, kept).len(), 1);
    execute(&mut connection, &statement, &(1_i64,)).unwrap();
}

#[test]
fn reset_clears_what_a_session_holds_outside_its_transactions() {
    let Some(admin) = var("ALUDEL_PG_ADMIN_URL") else { return };
    let (mut session, mut other) = (try_connect(&admin).unwrap(), try_connect(&admin).unwrap());
    let own = format!("cleared_{}", std::process::id());
    let key = std::process::id();
    run(&mut other, &format!("create sequence {own}"));
    let before = scalar(&mut session, USERS);
    for sql in [
        &format!("listen {own}"),
        "declare kept cursor with hold for select generate_series(1, 3)",
        &format!("select nextval('{own}')"),
        &format!("select pg_advisory_lock({key})"),
        &format!("select pg_advisory_lock_shared({key}, 2)"),
        "set session authorization aludel",
        "set role aludel",
    ] {
        run(&mut session, sql);
    }
    assert_eq!(rows(&mut session, LISTENS).len(), 1);
    assert_eq!(rows(&mut session, CURSORS).len(), 1);
    assert_eq!(scalar(&mut session, USERS), text("aludel aludel aludel"));
    let take = format!("select pg_try_advisory_lock({key}) and pg_try_advisory_lock({key}, 2)");
    assert_eq!(scalar(&mut other, &take), Value::Bool(false));

    session.reset_session(Limits::NONE).unwrap();
    assert!(rows(&mut session, LISTENS).is_empty());
    assert!(rows(&mut session, CURSORS).is_empty());
    assert_eq!(scalar(&mut session, USERS), before);
    let error = error_of(&mut session, &format!("select currval('{own}')"));
    assert_eq!(error.sqlstate(), Some("55000"), "{error}");
    assert_eq!(scalar(&mut other, &take), Value::Bool(true));
    run(&mut other, &format!("notify {own}"));
    run(&mut session, "select 1");
    assert!(
        session.next_notification(Limits::within(Duration::from_millis(50))).unwrap().is_none()
    );
    run(&mut other, &format!("drop sequence {own}"));
}

const LISTENS: &str = "select * from pg_listening_channels()";
const CURSORS: &str = "select name from pg_cursors where name = 'kept'";
const USERS: &str =
    "select concat_ws(' ', session_user, current_user, nullif(current_setting('role'), 'none'))";

#[test]
fn ping_leaves_the_transaction_alone() {
    let Some(mut connection) = connect() else { return };
    connection.ping(Limits::NONE).unwrap();
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    connection.ping(Limits::NONE).unwrap();
    error_of(&mut connection, "select 1/0");
    connection.ping(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Aborted);
}

#[test]
fn notices_wait_in_order_and_only_so_many() {
    let Some(mut connection) = connect() else { return };
    run(
        &mut connection,
        "do $$ begin for i in 1..1030 loop raise warning 'n%', i; end loop; end $$",
    );
    let mut messages = Vec::new();
    while let Some(notice) = connection.next_notice().unwrap() {
        assert_eq!(
            (notice.severity.as_str(), notice.sqlstate.as_deref()),
            ("WARNING", Some("01000"))
        );
        messages.push(notice.message);
    }
    assert_eq!((messages.len(), messages[0].as_str()), (1024, "n7"), "the oldest have gone");
}

#[test]
fn the_server_is_described() {
    let Some(mut connection) = connect() else { return };
    let info = connection.server_info(Limits::NONE).unwrap();
    assert_eq!(info.name, "PostgreSQL");
    assert_eq!(text(&info.version), scalar(&mut connection, "show server_version"));
    assert!(info.rules.is_empty());
    run(&mut connection, "set standard_conforming_strings to off");
    let info = connection.server_info(Limits::NONE).unwrap();
    assert_eq!(info.rules, [("backslash_escapes".to_owned(), "true".to_owned())]);
}
