//! Bulk operations that are cut off: by a deadline, a cancel, or the end of a server or client.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::{BulkDirection, BulkSpec, TransactionState};
use aludel_test_services::provided;

use crate::bulk::{begin, into, load, out_of, unload};
use crate::bulk_failing::{ENDLESS, LONG, PLAIN, expect_usable, write_until_refused};
use crate::support::{connect, error_of, run, scalar, try_connect};

/// Gives rows, and then nothing for a long time.
const STUCK: &str = "select case when n > 1000 then pg_sleep(60)::text else repeat('x', 1000) end \
     from generate_series(1, 1001) n";

/// Reads until there is an error; panics at the end.
pub(crate) fn read_until_refused(
    connection: &mut DriverConnection,
    limits: impl Fn() -> Limits,
) -> aludel::Error {
    loop {
        match connection.bulk_read(limits()) {
            Ok(piece) => assert!(piece.is_some(), "it has ended"),
            Err(error) => return error,
        }
    }
}

#[test]
fn a_deadline_ends_the_operation_and_not_the_connection() {
    let (Some(mut connection), Some(mut other)) = (connect(), connect()) else { return };
    let table: &'static str = format!("waited_{}", std::process::id()).leak();
    run(&mut connection, &format!("create table {table} (a int)"));
    let soon = || Limits::within(Duration::from_millis(200));
    other.begin(&PLAIN, Limits::NONE).unwrap();
    run(&mut other, &format!("lock table {table}"));
    let error = connection.bulk_begin(&into(table, Some("csv")), soon()).unwrap_err();
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("HYT00"), false), "{error}");
    expect_usable(&mut connection, TransactionState::Idle);
    other.rollback(Limits::NONE).unwrap();
    run(&mut other, &format!("drop table {table}"));

    run(&mut connection, "create temp table slow (a int)");
    run(
        &mut connection,
        "create function pg_temp.wait() returns trigger language plpgsql as \
         $$ begin perform pg_sleep(60); return new; end $$",
    );
    run(
        &mut connection,
        "create trigger wait before insert on slow for each row execute function pg_temp.wait()",
    );
    begin(&mut connection, &into("slow", Some("csv")));
    let started = Instant::now();
    let error = loop {
        match connection.bulk_write_bytes(&b"1\n".repeat(100_000), soon()) {
            Err(error) => break error,
            Ok(()) => assert!(started.elapsed() < LONG, "it is never full"),
        }
    };
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("HYT00"), false), "{error}");
    assert_eq!(connection.bulk_end(false, Limits::NONE).unwrap(), 0);
    expect_usable(&mut connection, TransactionState::Idle);

    begin(&mut connection, &into("slow", Some("csv")));
    connection.bulk_write_bytes(b"1\n", Limits::NONE).unwrap();
    let error = connection.bulk_end(true, soon()).unwrap_err();
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("HYT00"), false), "{error}");
    expect_usable(&mut connection, TransactionState::Idle);

    begin(&mut connection, &out_of(STUCK, "csv"));
    let error = read_until_refused(&mut connection, soon);
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("HYT00"), false), "{error}");
    expect_usable(&mut connection, TransactionState::Idle);
}

#[test]
fn an_operation_is_cancelled_from_another_thread() {
    let Some(mut connection) = connect() else { return };
    let cancel = connection.cancel_handle().unwrap();
    begin(&mut connection, &out_of(STUCK, "csv"));
    let ended = AtomicBool::new(false);
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Acquire) {
                thread::sleep(Duration::from_millis(20));
                cancel.cancel().unwrap();
            }
        });
        let error = read_until_refused(&mut connection, || Limits::NONE);
        ended.store(true, Ordering::Release);
        error
    });
    assert_eq!(error.sqlstate(), Some("57014"));
    expect_usable(&mut connection, TransactionState::Idle);
}

#[test]
fn a_connection_that_is_lost_says_so() {
    for direction in [BulkDirection::In, BulkDirection::Out] {
        let (Some(mut connection), Some(mut other)) = (connect(), connect()) else { return };
        let pid = scalar(&mut connection, "select pg_backend_pid()");
        run(&mut connection, "create temp table numbers (a int)");
        let Value::I64(pid) = pid else { panic!("a pid is a number") };
        let terminate = format!("select pg_terminate_backend({pid}, 20000)");
        let error = match direction {
            BulkDirection::In => {
                begin(&mut connection, &into("numbers", Some("csv")));
                connection.bulk_write_bytes(&b"1\n".repeat(100_000), Limits::NONE).unwrap();
                assert_eq!(scalar(&mut other, &terminate), Value::Bool(true));
                write_until_refused(&mut connection, &b"1\n".repeat(100_000))
            }
            BulkDirection::Out => {
                begin(&mut connection, &out_of(ENDLESS, "text"));
                let stopped = thread::spawn(move || scalar(&mut other, &terminate));
                let error = read_until_refused(&mut connection, || Limits::NONE);
                assert_eq!(stopped.join().unwrap(), Value::Bool(true));
                error
            }
        };
        assert!(error.is_disconnect(), "{error}");
        // A server that was stopped while it was writing cannot say so any more.
        let is_told = direction == BulkDirection::In;
        assert!(!is_told || error.sqlstate() == Some("57P01"), "{error}");
        assert!(!connection.is_alive());
        let error = connection.bulk_end(true, Limits::NONE).unwrap_err();
        assert!(error.is_disconnect(), "{error}");
        assert!(error_of(&mut connection, "select 1").is_disconnect());
    }
}

/// Tells the child of the test below which table to load.
const TABLE: &str = "ALUDEL_TEST_BULK_TABLE";

#[test]
fn a_program_that_is_killed_leaves_no_lock() {
    let Some(mut connection) = connect() else { return };
    if let Ok(table) = std::env::var(TABLE) {
        begin(&mut connection, &into(table.leak(), Some("csv")));
        connection.bulk_write_bytes(&b"1\n".repeat(100_000), Limits::NONE).unwrap();
        std::io::stderr().write_all(b"loading\n").unwrap();
        thread::sleep(LONG * 2);
        panic!("it was not killed");
    }
    let table = format!("killed_{}", std::process::id());
    run(&mut connection, &format!("create table {table} (a int)"));
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["bulk_cut_off::a_program_that_is_killed_leaves_no_lock", "--exact", "--nocapture"])
        .env(TABLE, &table)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let loading = lines.any(|line| line.unwrap() == "loading");
    assert!(loading, "the child has not begun");
    let locks = format!("select count(*) > 0 from pg_locks where relation = '{table}'::regclass");
    assert_eq!(scalar(&mut connection, &locks), Value::Bool(true));
    child.kill().unwrap();
    child.wait().unwrap();
    // It waits until nobody else has a lock, and fails when that takes too long.
    run(&mut connection, "set lock_timeout to '30s'");
    run(&mut connection, &format!("drop table {table}"));
}

#[test]
fn more_than_a_gibibyte_goes_in() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table swallowed (a text)");
    run(
        &mut connection,
        "create function pg_temp.swallow() returns trigger language plpgsql as \
         $$ begin return null; end $$",
    );
    run(
        &mut connection,
        "create trigger swallow before insert on swallowed for each row \
         execute function pg_temp.swallow()",
    );
    let spec = BulkSpec { columns: vec!["a"], ..into("swallowed", Some("text")) };
    begin(&mut connection, &spec);
    let mut line = vec![b'x'; 8 << 20];
    *line.last_mut().unwrap() = b'\n';
    for _ in 0..136 {
        connection.bulk_write_bytes(&line, Limits::NONE).unwrap();
    }
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 0, "a trigger has taken them all");
    expect_usable(&mut connection, TransactionState::Idle);
}

#[test]
fn a_pooler_in_between_changes_nothing() {
    let test = thread::current().name().unwrap_or("?").to_owned();
    let Some(vars) = provided("pgbouncer", &test) else { return };
    let url = vars.get("ALUDEL_PGBOUNCER_URL").expect("the URL of a pooler that is provided");
    let mut connection = try_connect(&format!("{url}?prepared_statements=off")).unwrap();
    let table: &'static str = format!("pooled_{}", std::process::id()).leak();
    run(&mut connection, &format!("create table {table} (a int)"));
    assert_eq!(load(&mut connection, &into(table, Some("csv")), b"1\n2\n", 1).unwrap(), 2);
    begin(&mut connection, &into(table, None));
    connection.bulk_write_rows(&[(3_i64,), (4,)], Limits::NONE).unwrap();
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 2);
    begin(&mut connection, &into(table, Some("csv")));
    let error = write_until_refused(&mut connection, &b"x\n".repeat(1000));
    assert_eq!(error.sqlstate(), Some("22P02"));
    begin(&mut connection, &into(table, Some("csv")));
    assert_eq!(connection.bulk_end(false, Limits::NONE).unwrap(), 0);
    error_of(&mut connection, &format!("copy {table} from stdin"));
    error_of(&mut connection, &format!("copy {table} to stdout"));
    let out = BulkSpec { direction: BulkDirection::Out, ..into(table, Some("csv")) };
    assert_eq!(unload(&mut connection, &out).unwrap(), (b"1\n2\n3\n4\n".to_vec(), 4));
    expect_usable(&mut connection, TransactionState::Idle);
    run(&mut connection, &format!("drop table {table}"));
}
