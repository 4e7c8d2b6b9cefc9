//! What an executemany costs on the link, and what becomes of it when the link or the server fails.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::error::Error;
use aludel_test_services::{Kind, Profile, Services};
use aludel_test_support::proxy::Proxy;

use crate::support::{Row, begin, connect, prepare, run, scalar, text, try_connect, url};

/// A connection through a proxy, without TLS.
fn through_proxy() -> Option<(Proxy, DriverConnection)> {
    let url = url()?;
    let address = url.rsplit('@').next().and_then(|rest| rest.split('/').next());
    let address: SocketAddr = address.expect("an address").parse().expect("an address");
    let proxy = Proxy::to(address).unwrap();
    let url = url.replace(&address.to_string(), &proxy.address().to_string());
    let connection = try_connect(&format!("{url}?sslmode=disable")).unwrap();
    Some((proxy, connection))
}

fn numbers(count: i64) -> Vec<Row> {
    (0..count).map(|n| vec![Value::I64(n)]).collect()
}

const STATEMENTS: [&str; 2] =
    ["insert into costly values ($1)", "update costly set n = n where n = $1"];

#[test]
fn an_executemany_costs_one_round_trip_and_in_a_transaction_the_commit_another() {
    let Some((proxy, mut connection)) = through_proxy() else { return };
    run(&mut connection, "create temp table costly (n int)");
    for sql in STATEMENTS {
        let statement = prepare(&mut connection, sql);
        let many = |connection: &mut DriverConnection| {
            let before = proxy.counts();
            connection.execute_many(&statement, &numbers(500), Limits::NONE).unwrap();
            proxy.counts().round_trips - before.round_trips
        };
        let first = many(&mut connection);
        assert!((2..=3).contains(&first), "to describe and to check, and it was {first}");
        // The second time the assertion about the table is parsed, in the same flight.
        assert_eq!([many(&mut connection), many(&mut connection)], [1, 1], "{sql}");
        let before = proxy.counts();
        begin(&mut connection);
        assert_eq!(many(&mut connection), 1);
        connection.commit(Limits::NONE).unwrap();
        assert_eq!(proxy.counts().round_trips - before.round_trips, 2);
    }
}

#[test]
fn it_does_not_matter_in_what_pieces_bytes_arrive() {
    let Some((proxy, mut connection)) = through_proxy() else { return };
    run(&mut connection, "create temp table costly (n int)");
    proxy.to_client().in_pieces(7);
    for sql in STATEMENTS {
        let statement = prepare(&mut connection, sql);
        let done = connection.execute_many(&statement, &numbers(1000), Limits::NONE);
        assert_eq!(done.unwrap(), Some(1000));
        connection.close_statement(statement);
    }
    let statement = prepare(&mut connection, "insert into costly values ($1) returning n");
    let given = numbers(500);
    let mut cursor = connection.execute_many_returning(&statement, &given, Limits::NONE).unwrap();
    let mut count = 0;
    while cursor.next().unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 500);
}

#[test]
fn neither_side_waits_for_the_other_whatever_both_have_to_say() {
    let Some(mut connection) = connect() else { return };
    let given: Vec<Row> = vec![vec![text(&"x".repeat(30_000))]; 2000];
    let statement = prepare(&mut connection, "select $1, $1, $1");
    let done = connection.execute_many(&statement, &given, Limits::NONE);
    assert_eq!(done.unwrap(), None);
}

#[test]
fn a_link_that_stalls_amid_the_rows_is_given_up_at_the_deadline() {
    for bytes in [0, 1000] {
        let Some((proxy, mut connection)) = through_proxy() else { return };
        run(&mut connection, "create temp table costly (n int)");
        for sql in STATEMENTS {
            let statement = prepare(&mut connection, sql);
            connection.execute_many(&statement, &numbers(500), Limits::NONE).unwrap();
        }
        proxy.to_client().stall_after(bytes);
        let statement = prepare(&mut connection, STATEMENTS[usize::from(bytes > 0)]);
        let limits = Limits::within(Duration::from_millis(200));
        let started = Instant::now();
        let error = connection.execute_many(&statement, &numbers(50_000), limits).unwrap_err();
        assert!(started.elapsed() >= Duration::from_millis(200));
        assert!(error.is_disconnect() && !connection.is_alive(), "{error:?}");
    }
}

/// Kills the server's process amid what is done.
fn killed(
    services: &Services,
    act: impl FnOnce(&mut DriverConnection) -> aludel::error::Result<()>,
) -> Error {
    let url = services.vars().get("ALUDEL_PG_URL").expect("a server");
    // After a killed process the server ends all others, and takes nobody for a moment.
    let started = Instant::now();
    let mut connection = loop {
        match try_connect(url) {
            Ok(connection) => break connection,
            Err(error) if started.elapsed() > Duration::from_secs(30) => panic!("{error}"),
            Err(_) => thread::sleep(Duration::from_millis(50)),
        }
    };
    let Value::I64(pid) = scalar(&mut connection, "select pg_backend_pid()") else {
        panic!("a number")
    };
    run(&mut connection, "create temp table costly (n int, s text)");
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            services.server(Kind::Pg).kill_backend(pid as u32).unwrap();
        });
        act(&mut connection).unwrap_err()
    });
    assert!(!connection.is_alive());
    error
}

#[test]
fn a_server_process_that_is_killed_amid_the_rows_lets_nobody_wait() {
    let test = thread::current().name().unwrap_or("?").to_owned();
    let Some(services) = Services::own(&test, &[Kind::Pg], Profile::Fast) else { return };
    let long: Vec<Row> = vec![vec![Value::I64(1), text(&"x".repeat(2000))]; 40_000];
    let slow = "where pg_sleep(0.002) is not null";
    let pipelined = format!("insert into costly select $1::int, $2::text {slow}");
    let error = killed(&services, |connection| {
        let statement = prepare(connection, &pipelined);
        connection.execute_many(&statement, &long, Limits::NONE).map(drop)
    });
    assert!(error.is_disconnect(), "while the rows leave: {error:?}");
    let error = killed(&services, |connection| {
        let statement = prepare(connection, &format!("{pipelined} returning s"));
        let mut cursor = connection.execute_many_returning(&statement, &long, Limits::NONE)?;
        while cursor.next()?.is_some() {}
        Ok(())
    });
    assert!(error.is_disconnect(), "while rows come back: {error:?}");
    let error = killed(&services, |connection| {
        run(
            connection,
            "create function pg_temp.slow(int) returns bool immutable language plpgsql \
             as 'begin perform pg_sleep(0.01); return true; end'",
        );
        run(connection, "create temp table checked (n int check (pg_temp.slow(n)))");
        let statement = prepare(connection, "insert into checked values ($1)");
        connection.execute_many(&statement, &numbers(4000), Limits::NONE).map(drop)
    });
    assert!(error.is_disconnect(), "amid an insert of many: {error:?}");
}
