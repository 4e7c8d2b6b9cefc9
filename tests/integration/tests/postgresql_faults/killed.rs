//! Processes of the server that are killed or stop for ever, in the middle of what they do.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use aludel::abi::host::Limits;
use aludel::dbapi::PrepareOptions;
use aludel::{Connection, Error, Value};
use aludel_test_services::Kind;

use crate::engines::{
    PATIENCE, assert_ended, backend, connect, in_time, own, rows, run, scalar, wait_until,
    wait_until_running, within,
};

fn number(pid: i64) -> u32 {
    u32::try_from(pid).expect("a process")
}

#[test]
fn a_backend_that_is_killed_amid_a_result_ends_it_with_an_error_and_its_bystanders_too() {
    let Some(services) = own(Kind::Pg) else { return };
    let url = &services.vars()["ALUDEL_PG_URL"];
    let (mut reading, mut bystander) = (connect(url), connect(url));
    let pid = backend(&mut reading);
    assert_eq!(scalar(&mut bystander, "select 1"), Value::I64(1));
    let sql = "select generate_series(1, 100000000) n, repeat('x', 100)";
    let mut result = reading.execute(sql, ()).unwrap();
    assert_eq!(result.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 1);
    services.server(Kind::Pg).kill_backend(number(pid)).unwrap();
    let mut next = 2;
    let error = loop {
        match result.next() {
            Ok(Some(row)) => assert_eq!(row.get_at::<i64>(0).unwrap(), next),
            Ok(None) => panic!("the result has an end"),
            Err(error) => break error,
        }
        next += 1;
    };
    drop(result);
    assert_ended(&reading, &error, "08006");
    // The server ends every other session when one of its processes dies.
    let mut error = None;
    wait_until("the end of the bystander", || {
        error = rows(&mut bystander, "select 1", ()).err();
        error.is_some()
    });
    let error = error.expect("it was waited for");
    assert!(matches!(error.sqlstate(), Some("57P02" | "08006")), "{error}");
    assert!(error.is_disconnect() && bystander.invalidated(), "{error}");
}

/// Executes for many rows and gives the error that ends it.
type Act = fn(&mut Connection, &str, &[(i64, &str)]) -> Option<Error>;

fn without_rows(connection: &mut Connection, sql: &str, many: &[(i64, &str)]) -> Option<Error> {
    connection.execute(sql, many).err()
}

fn with_rows(connection: &mut Connection, sql: &str, many: &[(i64, &str)]) -> Option<Error> {
    let driver = connection.driver().unwrap();
    let (statement, _) = driver.prepare(sql, PrepareOptions::default(), Limits::NONE).ok()?;
    let mut cursor = match driver.execute_many_returning(&statement?, many, Limits::NONE) {
        Ok(cursor) => cursor,
        Err(error) => return Some(error),
    };
    for (n, _) in many {
        match cursor.next() {
            Ok(row) => assert_eq!(row?.get_at::<i64>(0).unwrap(), *n),
            Err(error) => return Some(error),
        }
    }
    None
}

/// Kills the backend amid an executemany whose statement the server knows by `seen`.
fn kill_amid_an_executemany(sql: &'static str, seen: &str, act: Act) {
    let Some(services) = own(Kind::Pg) else { return };
    let url = services.vars()["ALUDEL_PG_URL"].to_owned();
    let mut observer = connect(&url);
    run(&mut observer, "create table taken (n int primary key, wide text)", ());
    let mut writing = connect(&url);
    let pid = backend(&mut writing);
    // A lock stops it in the middle, with rows before and behind.
    rows(&mut observer, "insert into taken values (1500, 'mine')", ()).unwrap();
    let (sent, ended) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        // 80 MB, of which the buffers of both sockets take only a part while the server waits.
        let wide = "x".repeat(4000);
        let many: Vec<(i64, &str)> = (0..20_000).map(|n| (n, wide.as_str())).collect();
        let error = act(&mut writing, sql, &many);
        sent.send(()).unwrap();
        (writing, error)
    });
    let mut watcher = connect(&url);
    wait_until_running(&mut watcher, pid, seen);
    wait_until("the lock", || {
        let ask = format!("select count(*) from pg_locks where pid = {pid} and not granted");
        let found = scalar(&mut watcher, &ask);
        watcher.rollback().unwrap();
        found == Value::I64(1)
    });
    assert!(ended.try_recv().is_err(), "it waits for the lock");
    services.server(Kind::Pg).kill_backend(number(pid)).unwrap();
    let woken = ended.recv_timeout(PATIENCE);
    assert!(woken.is_ok(), "the executemany never wakes");
    let (writing, error) = worker.join().unwrap();
    let error = error.expect("an error");
    assert_ended(&writing, &error, "08006");
    drop((observer, watcher));
    let mut after = in_time(PATIENCE, "recovering", move || reconnect(&url));
    assert_eq!(scalar(&mut after, "select count(*) from taken"), Value::I64(0));
}

#[test]
fn a_backend_that_is_killed_amid_an_insert_of_many_rows_ends_it_and_none_of_them_is_committed() {
    kill_amid_an_executemany("insert into taken values ($1, $2)", "unnest", without_rows);
}

#[test]
fn a_backend_that_is_killed_amid_a_pipeline_ends_it_and_nothing_of_it_is_committed() {
    let sql = "insert into taken select $1::int, $2 where true";
    kill_amid_an_executemany(sql, sql, without_rows);
}

#[test]
fn a_backend_that_is_killed_amid_a_pipeline_whose_rows_are_read_ends_it_as_well() {
    let sql = "insert into taken values ($1, $2) returning n";
    kill_amid_an_executemany(sql, sql, with_rows);
}

/// Connects once the server has recovered; until then it says that it has not.
fn reconnect(url: &str) -> Connection {
    let engine = crate::engines::engine(url);
    loop {
        match engine.connect() {
            Ok(connection) => return connection,
            Err(error) => assert!(error.is_disconnect(), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_server_that_stops_without_a_word_is_left_at_the_deadline_of_the_call() {
    let Some(services) = own(Kind::Pg) else { return };
    let server = services.server(Kind::Pg);
    for variable in ["ALUDEL_PG_URL", "ALUDEL_PG_TLS_URL", "ALUDEL_PG_SOCKET_URL"] {
        let mut connection = connect(&services.vars()[variable]);
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
        let mut reading = connect(&services.vars()[variable]);
        let sql = "select generate_series(1, 1000000) n, repeat('x', 1000)";
        rows(&mut reading, "select 1", ()).unwrap();
        server.pause().unwrap();
        let time = Duration::from_millis(300);
        for (sql, connection) in [("select 2", &mut connection), (sql, &mut reading)] {
            let begin = Instant::now();
            let error = within(connection.driver().unwrap(), sql, time).unwrap_err();
            let taken = begin.elapsed();
            assert!(taken >= time, "after {taken:?}: {error}");
            // The cancel that the deadline causes is not answered either, and has a second.
            assert!(taken < Duration::from_secs(20), "after {taken:?}: {error}");
            assert_ended(connection, &error, "HYT00");
        }
        let dropped = Instant::now();
        drop((connection, reading));
        assert!(dropped.elapsed() < Duration::from_secs(5), "a drop waits for nobody");
        server.resume().unwrap();
    }
}

#[test]
fn a_server_that_stops_amid_a_result_is_left_at_the_deadline_and_the_rows_before_are_right() {
    let Some(services) = own(Kind::Pg) else { return };
    let server = services.server(Kind::Pg);
    let mut connection = connect(&services.vars()["ALUDEL_PG_URL"]);
    let sql = "select generate_series(1, 100000000) n, repeat('x', 1000)";
    let driver = connection.driver().unwrap();
    let limits = Limits::within(Duration::from_secs(2));
    let (statement, _) = driver.prepare(sql, PrepareOptions::default(), limits).unwrap();
    let statement = statement.unwrap();
    let options = aludel::abi::host::ExecuteOptions::default().limits(limits);
    let mut cursor = driver.execute(&statement, &(), options).unwrap();
    assert!(cursor.next().unwrap().is_some());
    server.pause().unwrap();
    let begin = Instant::now();
    let mut next = 2;
    let error = loop {
        match cursor.next() {
            Ok(Some(row)) => assert_eq!(row.get_at::<i64>(0).unwrap(), next),
            Ok(None) => panic!("the result has an end"),
            Err(error) => break error,
        }
        next += 1;
    };
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    drop(cursor);
    assert_ended(&connection, &error, "HYT00");
    server.resume().unwrap();
}
