//! The options of URLs.

use std::time::{Duration, Instant};

use crate::support::{
    connect, error_of, file_url, memory, plan, run, scalar, script, text, try_connect,
};
use aludel::Value;
use aludel::abi::host::Limits;
use aludel::dbapi::{TransactionOptions, TransactionState};
use aludel::dialect::{Dialect, OptionClass};
use aludel::error::ErrorKind;
use aludel_dialect_sqlite::Sqlite;

#[test]
fn values_that_an_option_does_not_take_are_refused_with_those_that_it_takes() {
    for (query, message) in [
        ("mode=x", "option `mode` must be one of ro, rw, rwc, memory, not \"x\""),
        ("cache=none", "option `cache` must be one of private, shared, not \"none\""),
        ("uri=maybe", "option `uri` must be true or false, not \"maybe\""),
        ("busy_timeout=soon", "option `busy_timeout` must be a whole number, not \"soon\""),
        (
            "busy_timeout=-1",
            "option `busy_timeout` must be a number of milliseconds from 0, not -1",
        ),
        ("timeout=-1", "option `timeout` must be a number of seconds, not \"-1\""),
        (
            "journal_mode=x",
            "option `journal_mode` must be one of delete, truncate, persist, memory, wal, off, not \"x\"",
        ),
        (
            "synchronous=2",
            "option `synchronous` must be one of off, normal, full, extra, not \"2\"",
        ),
        ("begin=x", "option `begin` must be deferred, immediate or exclusive, not \"x\""),
        (
            "isolation_level=x",
            "option `isolation_level` must be deferred, immediate or exclusive, not \"x\"",
        ),
        (
            "timeout=1&busy_timeout=2",
            "options `busy_timeout` and `timeout` mean the same and contradict each other",
        ),
    ] {
        let url = format!("sqlite://?{query}");
        let error = plan(&url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{query}");
        assert_eq!(error.message(), message);
        assert_eq!(try_connect(&url).unwrap_err().message(), message);
    }
}

#[test]
fn foreign_keys_are_off_unless_they_are_asked_for() {
    let schema = "create table p (id integer primary key); create table c (p references p)";
    let mut plain = memory();
    script(&mut plain, schema);
    assert_eq!(run(&mut plain, "insert into c values (7)"), Some(1));
    let mut strict = connect("sqlite://?foreign_keys=on");
    script(&mut strict, schema);
    let error = error_of(&mut strict, "insert into c values (7)");
    assert_eq!(error.kind(), ErrorKind::Integrity);
}

#[test]
fn journal_mode_and_synchronous_are_set_when_connecting() {
    let directory = tempfile::tempdir().unwrap();
    let mut connection =
        connect(&file_url(&directory, "x.db", "journal_mode=WAL&synchronous=normal"));
    assert_eq!(scalar(&mut connection, "pragma journal_mode"), text("wal"));
    assert_eq!(scalar(&mut connection, "pragma synchronous"), Value::I64(1));
    // A database in memory has journal modes of its own.
    connect("sqlite://?journal_mode=wal");
}

#[test]
fn begin_decides_when_a_transaction_takes_the_write_lock() {
    let directory = tempfile::tempdir().unwrap();
    let url = |query: &str| file_url(&directory, "x.db", &format!("busy_timeout=0&{query}"));
    let mut other = connect(&url(""));
    run(&mut other, "create table t (a)");
    for (query, writes, reads) in [
        ("begin=deferred", true, true),
        ("begin=IMMEDIATE", false, true),
        ("isolation_level=IMMEDIATE", false, true),
        ("begin=exclusive", false, false),
    ] {
        let mut connection = connect(&url(query));
        connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
        assert_eq!(connection.transaction_state(), TransactionState::Active);
        let wrote = crate::support::try_run(&mut other, "insert into t values (1)", &());
        assert_eq!(wrote.is_ok(), writes, "{query}");
        let read = crate::support::try_run(&mut other, "select * from t", &());
        assert_eq!(read.is_ok(), reads, "{query}");
        connection.rollback(Limits::NONE).unwrap();
    }
}

#[test]
fn a_statement_waits_for_a_lock_as_long_as_busy_timeout_says() {
    let directory = tempfile::tempdir().unwrap();
    let mut holder = connect(&file_url(&directory, "x.db", ""));
    run(&mut holder, "create table t (a)");
    run(&mut holder, "begin immediate");
    // Less than the five seconds of the default.
    let most = 4000;
    for (query, least) in [("busy_timeout=0", 0), ("busy_timeout=150", 150), ("timeout=0.2", 200)] {
        let mut other = connect(&file_url(&directory, "x.db", query));
        let started = Instant::now();
        assert!(error_of(&mut other, "insert into t values (1)").is_retryable());
        let waited = started.elapsed();
        assert!(
            waited >= Duration::from_millis(least) && waited < Duration::from_millis(most),
            "{query}: {waited:?}"
        );
    }
}

#[test]
fn options_of_sqlalchemys_urls_are_accepted() {
    connect("sqlite://?check_same_thread=false&cached_statements=100&detect_types=1");
}

#[test]
fn loading_an_extension_is_marked_as_code_and_fails_clearly() {
    let option = Sqlite::INFO.option("load_extension").unwrap();
    assert_eq!(option.class, OptionClass::Code);
    let error = try_connect("sqlite://?load_extension=/no/such/extension").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operational);
    assert!(
        error.message().starts_with("cannot load the SQLite extension `/no/such/extension`: "),
        "{error}"
    );
}

#[test]
fn sql_cannot_load_an_extension() {
    let error = error_of(&mut memory(), "select load_extension('/no/such/extension')");
    assert_eq!(error.message(), "not authorized");
}

#[test]
fn connections_that_set_the_journal_mode_at_the_same_moment_wait_for_each_other() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let url = file_url(&dir, "shop.db", "journal_mode=wal");
        let start = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    let mut connection = try_connect(&url).unwrap();
                    assert_eq!(scalar(&mut connection, "pragma journal_mode"), text("wal"));
                });
            }
        });
    }
}
