//! Bulk operations that fail or are abandoned: what is left of them.

use std::time::{Duration, Instant};

use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::{ScriptOutcome, TransactionOptions, TransactionState};
use aludel::{ErrorKind, Value};

use crate::bulk::{begin, into, load, out_of};
use crate::support::{connect, error_of, run, scalar};

pub(crate) const PLAIN: TransactionOptions<'static> =
    TransactionOptions { isolation: None, access: None, deferrable: None, mode: None };

/// Never comes to an end that a test would see.
pub(crate) const ENDLESS: &str = "select repeat('x', 1000), generate_series(1, 1000000000)";

/// Long enough that a test which waits for it has failed.
pub(crate) const LONG: Duration = Duration::from_secs(30);

pub(crate) fn expect_usable(connection: &mut DriverConnection, state: TransactionState) {
    assert_eq!(connection.transaction_state(), state);
    if state == TransactionState::Aborted {
        connection.rollback(Limits::NONE).unwrap();
    }
    assert_eq!(scalar(connection, "select 41 + 1"), Value::I64(42));
}

/// Writes rows until the server says no; panics when it never does.
pub(crate) fn write_until_refused(connection: &mut DriverConnection, line: &[u8]) -> aludel::Error {
    let started = Instant::now();
    loop {
        match connection.bulk_write_bytes(line, Limits::NONE) {
            Err(error) => return error,
            Ok(()) => assert!(started.elapsed() < LONG, "it is never refused"),
        }
    }
}

#[test]
fn a_malformed_row_fails_the_operation_and_not_the_connection() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table numbers (a int)");
    let error =
        load(&mut connection, &into("numbers", Some("csv")), b"1\n2\nx\n", 100).unwrap_err();
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("22P02"), false));
    assert!(error.context().is_some_and(|context| context.contains("line 3")), "{error:?}");
    expect_usable(&mut connection, TransactionState::Idle);

    connection.begin(&PLAIN, Limits::NONE).unwrap();
    let error = load(&mut connection, &into("numbers", Some("csv")), b"1\nx\n", 100).unwrap_err();
    assert!(error.is_transaction_aborted());
    expect_usable(&mut connection, TransactionState::Aborted);
    assert_eq!(scalar(&mut connection, "select count(*) from numbers"), Value::I64(0));
}

#[test]
fn an_error_is_told_while_there_is_more_to_write() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table positive (a int check (a > 0))");
    begin(&mut connection, &into("positive", Some("csv")));
    let error = write_until_refused(&mut connection, &b"-1\n".repeat(1000));
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Integrity, Some("23514")));
    let error = connection.bulk_write_bytes(b"1\n", Limits::NONE).unwrap_err();
    assert!(error.message().contains("has failed"), "{error}");
    connection.bulk_end(true, Limits::NONE).expect_err("there is nothing to be kept");
    expect_usable(&mut connection, TransactionState::Idle);
    // Not ended, but failed: the next statement may come.
    begin(&mut connection, &into("positive", Some("csv")));
    write_until_refused(&mut connection, &b"-1\n".repeat(1000));
    expect_usable(&mut connection, TransactionState::Idle);
}

#[test]
fn a_server_that_talks_while_it_is_written_to_is_listened_to() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table chatty (a int)");
    run(
        &mut connection,
        "create function pg_temp.chat() returns trigger language plpgsql as \
         $$ begin raise notice '%', repeat('x', 4000); return new; end $$",
    );
    run(
        &mut connection,
        "create trigger chat before insert on chatty for each row execute function pg_temp.chat()",
    );
    let rows = 10_000;
    let csv = b"1\n".repeat(rows);
    let wide = csv.chunks(2).flat_map(|line| [b"0".repeat(400).as_slice(), line].concat());
    let wide: Vec<u8> = wide.collect();
    let loaded = load(&mut connection, &into("chatty", Some("csv")), &wide, 1 << 20);
    assert_eq!(loaded.unwrap(), rows as u64);
    let notice = connection.next_notice().unwrap().expect("what it said");
    assert_eq!((notice.severity.as_str(), notice.message.len()), ("NOTICE", 4000));
}

#[test]
fn an_abandoned_operation_leaves_nothing() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table kept (a int)");
    for format in [Some("csv"), None] {
        begin(&mut connection, &into("kept", format));
        match format {
            Some(_) => connection.bulk_write_bytes(&b"1\n".repeat(100_000), Limits::NONE).unwrap(),
            None => connection.bulk_write_rows(&[(1_i64,)], Limits::NONE).unwrap(),
        }
        assert_eq!(connection.bulk_end(false, Limits::NONE).unwrap(), 0);
        expect_usable(&mut connection, TransactionState::Idle);
    }
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    begin(&mut connection, &into("kept", Some("csv")));
    assert_eq!(connection.bulk_end(false, Limits::NONE).unwrap(), 0);
    expect_usable(&mut connection, TransactionState::Aborted);
    assert_eq!(scalar(&mut connection, "select count(*) from kept"), Value::I64(0));
}

#[test]
fn what_comes_out_for_ever_can_be_abandoned() {
    let Some(mut connection) = connect() else { return };
    let endless = out_of(ENDLESS, "text");
    for state in [TransactionState::Idle, TransactionState::Aborted] {
        if state == TransactionState::Aborted {
            connection.begin(&PLAIN, Limits::NONE).unwrap();
        }
        begin(&mut connection, &endless);
        assert!(connection.bulk_read(Limits::NONE).unwrap().is_some());
        assert_eq!(connection.bulk_end(false, Limits::within(LONG)).unwrap(), 0);
        expect_usable(&mut connection, state);
    }
}

#[test]
fn nothing_else_is_done_until_the_operation_ends() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table kept (a int)");
    for reset in [false, true] {
        begin(&mut connection, &into("kept", Some("csv")));
        connection.bulk_write_bytes(b"1\n", Limits::NONE).unwrap();
        let error = error_of(&mut connection, "select 1");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        connection.ping(Limits::NONE).expect_err("it is not idle");
        connection.bulk_begin(&into("kept", None), Limits::NONE).expect_err("one at a time");
        match reset {
            true => connection.reset_session(Limits::NONE).unwrap(),
            false => connection.rollback(Limits::NONE).unwrap(),
        }
        expect_usable(&mut connection, TransactionState::Idle);
        connection.bulk_end(true, Limits::NONE).expect_err("it was abandoned");
        run(&mut connection, "create temp table if not exists kept (a int)");
    }
    assert_eq!(scalar(&mut connection, "select count(*) from kept"), Value::I64(0));
}

#[test]
fn a_server_that_fails_before_it_reads_is_ready_afterwards() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp view seen as select 1 as a");
    for _ in 0..50 {
        let loaded = load(&mut connection, &into("seen", Some("csv")), b"1\n", 1);
        assert_eq!(loaded.unwrap_err().sqlstate(), Some("42809"));
        expect_usable(&mut connection, TransactionState::Idle);
    }
}

#[test]
fn copy_as_a_statement_names_the_bulk_operations() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table numbers (a int)");
    run(&mut connection, "create temp view seen as select 1 as a");
    run(&mut connection, "insert into numbers select generate_series(1, 100000)");
    for _ in 0..20 {
        for sql in ["copy numbers from stdin", "copy numbers to stdout", "copy seen from stdin"] {
            let error = error_of(&mut connection, sql);
            assert!(!error.is_disconnect(), "{error}");
            let says = error.help().is_some_and(|help| help.contains("bulk operations"));
            assert!(says || error.sqlstate() == Some("42809"), "{sql}: {error}");
            expect_usable(&mut connection, TransactionState::Idle);
        }
    }
    for sql in ["select 1; copy numbers from stdin; select 2", "copy numbers to stdout; select 2"] {
        let script = connection.execute_script(sql, &mut ScriptOutcome::default(), Limits::NONE);
        assert!(!script.expect_err(sql).is_disconnect());
        expect_usable(&mut connection, TransactionState::Idle);
    }
    connection.begin(&PLAIN, Limits::NONE).unwrap();
    error_of(&mut connection, "copy numbers from stdin");
    expect_usable(&mut connection, TransactionState::Aborted);
}

#[test]
fn an_operation_that_is_dropped_is_abandoned() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table kept (a int)");
    let mut writer = connection.bulk_in(&into("kept", None), Limits::NONE).unwrap();
    writer.rows(&[(1_i64,)]).unwrap();
    drop(writer);
    expect_usable(&mut connection, TransactionState::Idle);
    assert_eq!(scalar(&mut connection, "select count(*) from kept"), Value::I64(0));
    let mut reader = connection.bulk_out(&out_of(ENDLESS, "csv"), Limits::NONE).unwrap();
    assert!(reader.next().unwrap().is_some());
    drop(reader);
    expect_usable(&mut connection, TransactionState::Idle);
}
