//! Engines on PostgreSQL, and short ways to ask.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::{Connection, Engine, Error, IntoParams, Result, Value};
use aludel_test_services::{Kind, Profile, Services, Vars, provided, translated};

/// What nothing here may take: a test that waits longer hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

fn test_name() -> String {
    thread::current().name().unwrap_or("a test without a name").to_owned()
}

/// The server around this test; `None`, and why on standard error, where there is none.
pub(crate) fn server(name: &str) -> Option<Vars> {
    provided(name, &test_name())
}

/// A server that no other test uses, which may be killed.
pub(crate) fn own(kind: Kind) -> Option<Services> {
    Services::own(&test_name(), &[kind], Profile::Durable)
}

/// The URL of the server around this test by which its messages are German.
pub(crate) fn in_german() -> Option<String> {
    translated(&server("pg")?, &test_name()).map(str::to_owned)
}

/// The URLs of the server around this test, by which messages come in English and in German.
pub(crate) fn in_both_languages() -> Vec<String> {
    let Some(vars) = server("pg") else { return Vec::new() };
    let german = translated(&vars, &test_name());
    [Some(&vars["ALUDEL_PG_URL"]), german].into_iter().flatten().map(str::to_owned).collect()
}

pub(crate) fn engine(url: &str) -> Engine {
    Engine::builder(url).dialect(aludel_dialect_postgresql::dialect()).build().expect("a good URL")
}

pub(crate) fn connect(url: &str) -> Connection {
    engine(url).connect().expect("the server takes a connection")
}

/// The URL with further options.
pub(crate) fn with(url: &str, options: &str) -> String {
    format!("{url}{}{options}", if url.contains('?') { '&' } else { '?' })
}

/// The address of the server in the variables that begin with `ALUDEL_` and the prefix.
pub(crate) fn address(vars: &Vars, prefix: &str) -> SocketAddr {
    let part = |name: &str| &vars[&format!("ALUDEL_{prefix}_{name}")];
    format!("{}:{}", part("HOST"), part("PORT")).parse().expect("an address")
}

/// Executes, reads all rows, and commits.
pub(crate) fn run<P: IntoParams>(connection: &mut Connection, sql: &str, params: P) {
    let read = connection.execute(sql, params).and_then(|mut result| result.finish());
    read.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.commit().expect("a commit");
}

/// Executes and reads all rows; the transaction stays open.
pub(crate) fn rows<P: IntoParams>(
    connection: &mut Connection,
    sql: &str,
    params: P,
) -> Result<Vec<Vec<Value>>> {
    let mut result = connection.execute(sql, params)?;
    let rows = if result.returns_rows() { result.all()? } else { Vec::new() };
    Ok(rows.into_iter().map(aludel::OwnedRow::into_values).collect())
}

/// The first value of the first row.
pub(crate) fn scalar(connection: &mut Connection, sql: &str) -> Value {
    let found = rows(connection, sql, ()).unwrap_or_else(|error| panic!("{sql}: {error}"));
    found[0][0].clone()
}

/// The process of the server that serves this connection; nothing is left open.
pub(crate) fn backend(connection: &mut Connection) -> i64 {
    let pid = scalar(connection, "select pg_backend_pid()");
    connection.rollback().expect("a rollback");
    match pid {
        Value::I64(pid) => pid,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn error_of(connection: &mut Connection, sql: &str) -> Error {
    rows(connection, sql, ()).expect_err(sql)
}

/// Executes with a deadline, and reads all rows.
pub(crate) fn within(
    driver: &mut DriverConnection,
    sql: &str,
    time: Duration,
) -> Result<Vec<Vec<Value>>> {
    let limits = Limits::within(time);
    let (statement, _) = driver.prepare(sql, PrepareOptions::default(), limits)?;
    let statement = statement.expect("a statement");
    let mut cursor = driver.execute(&statement, &(), ExecuteOptions::default().limits(limits))?;
    let mut rows = Vec::new();
    while let Some(row) = cursor.next()? {
        rows.push((0..row.len()).map(|index| row.owned_value(index)).collect::<Result<_>>()?);
    }
    Ok(rows)
}

/// Asserts that the session is over for this reason, and that the connection knows.
pub(crate) fn assert_ended(connection: &mut Connection, error: &Error, sqlstate: &str) {
    assert_eq!(error.sqlstate(), Some(sqlstate), "{error}");
    assert!(error.is_disconnect(), "{error}");
    assert!(!connection.driver().is_alive(), "{error}");
    let after = error_of(connection, "select 1");
    assert!(after.is_disconnect(), "{after}");
    assert_eq!(after.sqlstate(), Some("08003"), "{after}");
}

/// Waits until `done`, which is asked again and again.
///
/// # Panics
/// When that takes longer than [`PATIENCE`].
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < PATIENCE, "waited {PATIENCE:?} for {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until the session with this process runs a statement that contains `sql`.
pub(crate) fn wait_until_running(observer: &mut Connection, pid: i64, sql: &str) {
    let ask = format!(
        "select count(*) from pg_stat_activity where pid = {pid} and state = 'active' \
         and position('{sql}' in query) > 0"
    );
    wait_until("a statement that runs", || {
        let found = scalar(observer, &ask);
        observer.rollback().expect("a rollback");
        found == Value::I64(1)
    });
}

/// Does it on another thread and gives what comes of it within the time.
///
/// # Panics
/// When it takes longer, or panics.
pub(crate) fn in_time<T: Send + 'static>(
    time: Duration,
    what: &str,
    act: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (send, receive) = std::sync::mpsc::channel();
    let thread = thread::spawn(move || drop(send.send(act())));
    match receive.recv_timeout(time) {
        Ok(value) => {
            thread.join().expect("it has ended");
            value
        }
        Err(std::sync::mpsc::RecvTimeoutError::Timeout) => panic!("{what} takes over {time:?}"),
        Err(_) => {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            unreachable!("a thread that sends nothing has panicked")
        }
    }
}
