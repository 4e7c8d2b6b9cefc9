//! Links that fall silent or break while a session lives.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use aludel::abi::host::Limits;
use aludel::dbapi::IsolationLevel;
use aludel::{Connection, Engine, Value};
use aludel_test_services::Vars;
use aludel_test_support::proxy::{Proxy, Way};

use crate::engines::{
    address, assert_ended, connect, engine, error_of, in_time, scalar, server, with, within,
};

/// How long a call may take here.
const TIME: Duration = Duration::from_millis(250);

/// A session through a proxy to the server around this test.
fn through_proxy(vars: &Vars, options: &str) -> (Proxy, Connection) {
    let upstream = address(vars, "PG");
    let proxy = Proxy::to(upstream).unwrap();
    let url = vars["ALUDEL_PG_URL"].replace(&upstream.to_string(), &proxy.address().to_string());
    let mut connection = connect(&with(&url, options));
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    (proxy, connection)
}

/// A statement that no buffers on the way have room for.
fn large() -> String {
    format!("select length('{}')", "x".repeat(32 << 20))
}

const OPTIONS: [&str; 2] = ["sslmode=disable", "sslmode=require"];

#[test]
fn silence_at_any_byte_of_an_answer_ends_with_the_deadline_of_the_call() {
    let Some(vars) = server("pg") else { return };
    for options in OPTIONS {
        // Nothing, a part of the first message, a part of the rows.
        for bytes in [0, 3, 40, 5000] {
            let (proxy, mut connection) = through_proxy(&vars, options);
            let passed = proxy.connection(0).counts().to_client.passed;
            proxy.to_client().stall_after(passed + bytes);
            let begin = Instant::now();
            let sql = "select generate_series(1, 1000) n, repeat('x', 100)";
            let error = within(connection.driver().unwrap(), sql, TIME).unwrap_err();
            let taken = begin.elapsed();
            assert!(taken >= TIME && taken < Duration::from_secs(20), "{taken:?}: {error}");
            assert_ended(&connection, &error, "HYT00");
            proxy.connection(0).wait_until_stalled(Way::ToClient);
        }
    }
}

#[test]
fn a_hole_that_nothing_leaves_and_that_takes_no_cancel_ends_with_the_deadline() {
    let Some(vars) = server("pg") else { return };
    for options in OPTIONS {
        let (proxy, mut connection) = through_proxy(&vars, options);
        proxy.swallow();
        for call in ["execute", "ping", "commit", "reset"] {
            let (proxy, mut connection) = through_proxy(&vars, options);
            let driver = connection.driver().unwrap();
            if call == "commit" {
                within(driver, "begin", Duration::from_secs(20)).unwrap();
            }
            proxy.swallow();
            let begin = Instant::now();
            let error = match call {
                "execute" => within(driver, "select 1", TIME).map(drop),
                "ping" => driver.ping(Limits::within(TIME)),
                "commit" => driver.commit(Limits::within(TIME)),
                _ => driver.reset_session(Limits::within(TIME)),
            };
            let (taken, error) = (begin.elapsed(), error.unwrap_err());
            assert!(taken >= TIME && taken < Duration::from_secs(20), "{call} {taken:?}: {error}");
            assert_ended(&connection, &error, "HYT00");
        }
        // A large parameter fills every buffer on the way.
        let (begin, time) = (Instant::now(), Duration::from_secs(4));
        let error = within(connection.driver().unwrap(), &large(), time).unwrap_err();
        let taken = begin.elapsed();
        assert!(taken >= time && taken < Duration::from_secs(30), "{taken:?}: {error}");
        assert_ended(&connection, &error, "HYT00");
    }
}

#[test]
fn closing_and_dropping_a_connection_on_a_dead_link_wait_for_nobody() {
    let Some(vars) = server("pg") else { return };
    for options in OPTIONS {
        for full in [false, true] {
            let (proxy, mut connection) = through_proxy(&vars, options);
            proxy.swallow();
            if full {
                let error = within(connection.driver().unwrap(), &large(), Duration::from_secs(4));
                assert!(error.is_err());
            }
            in_time(Duration::from_secs(20), "a drop", move || drop(connection));
        }
        for level in [IsolationLevel::ReadCommitted, IsolationLevel::Autocommit] {
            let (proxy, mut connection) = through_proxy(&vars, options);
            connection.commit().unwrap();
            connection.set_isolation_level(level).unwrap();
            in_time(Duration::from_secs(30), "a drop amid a result", move || {
                let sql = "select generate_series(1, 1000000) n, repeat('x', 1000)";
                let mut result = connection.execute(sql, ()).unwrap();
                assert!(result.next().unwrap().is_some());
                proxy.swallow();
                drop(result);
                drop(connection);
            });
        }
    }
}

/// A connection as a task gets it.
fn as_a_task(engine: &Engine) -> Connection {
    let mut connecting = pin!(engine.connect_async());
    loop {
        match connecting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(connection) => return connection.expect("the server takes a connection"),
            Poll::Pending => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

#[test]
fn a_drop_on_a_dead_link_waits_for_the_reset_alone_also_when_somebody_looks() {
    let Some(vars) = server("pg") else { return };
    let upstream = address(&vars, "PG");
    for (echo, of_task) in [(false, false), (true, false), (false, true), (true, true)] {
        let proxy = Proxy::to(upstream).unwrap();
        let url =
            vars["ALUDEL_PG_URL"].replace(&upstream.to_string(), &proxy.address().to_string());
        // A task does not wait at all.
        let reset = if of_task { Duration::from_secs(60) } else { TIME };
        let engine = Engine::builder(url).dialect(aludel_dialect_postgresql::dialect());
        let engine = engine.pool_reset_timeout(reset).echo(echo).echo_to(std::io::sink());
        let engine = engine.build().unwrap();
        let mut connection = if of_task { as_a_task(&engine) } else { engine.connect().unwrap() };
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
        assert!(connection.in_transaction());
        proxy.swallow();
        let begin = Instant::now();
        in_time(Duration::from_secs(20), "a drop", move || drop(connection));
        assert!(of_task || begin.elapsed() >= TIME, "the pool has tried to roll back");
    }
}

#[test]
fn a_link_that_is_reset_or_closed_at_any_byte_of_an_answer_is_an_error_at_once() {
    let Some(vars) = server("pg") else { return };
    for options in OPTIONS {
        for bytes in [0, 3, 40, 5000] {
            for reset in [true, false] {
                let (proxy, mut connection) = through_proxy(&vars, options);
                let passed = proxy.connection(0).counts().to_client.passed;
                match reset {
                    true => drop(proxy.to_client().reset_after(passed + bytes)),
                    false => drop(proxy.to_client().close_after(passed + bytes)),
                }
                let sql = "select generate_series(1, 1000) n, repeat('x', 100)";
                let error = error_of(&mut connection, sql);
                assert_ended(&connection, &error, "08006");
                assert!(error.help().is_some(), "{error}");
            }
        }
    }
}

#[test]
fn a_link_that_broke_while_idle_is_noticed_by_the_next_call() {
    let Some(vars) = server("pg") else { return };
    for options in OPTIONS {
        for reset in [true, false] {
            let (proxy, mut connection) = through_proxy(&vars, options);
            connection.commit().unwrap();
            if reset {
                proxy.reset()
            } else {
                proxy.close()
            }
            proxy.connection(0).wait_until_ended();
            let error = error_of(&mut connection, "select 1");
            assert_ended(&connection, &error, "08006");
        }
    }
}

#[test]
fn an_answer_that_comes_byte_by_byte_or_late_is_an_answer() {
    let Some(vars) = server("pg") else { return };
    for options in OPTIONS {
        let (proxy, mut connection) = through_proxy(&vars, options);
        proxy.both_ways().one_byte_at_a_time();
        let sql = "select n, repeat('x', n) from generate_series(1, 30) n";
        let found = within(connection.driver().unwrap(), sql, Duration::from_secs(50)).unwrap();
        assert_eq!(found.len(), 30);
        assert_eq!(found[29][1], Value::Text("x".repeat(30)));
    }
}

#[test]
fn an_engine_finds_the_server_again_when_the_hole_has_closed() {
    let Some(vars) = server("pg") else { return };
    let upstream = address(&vars, "PG");
    let proxy = Proxy::to(upstream).unwrap();
    let url = vars["ALUDEL_PG_URL"].replace(&upstream.to_string(), &proxy.address().to_string());
    let engine = engine(&with(&url, "connect_timeout=1"));
    proxy.swallow();
    let begin = Instant::now();
    let error = engine.connect().unwrap_err();
    assert!(begin.elapsed() >= Duration::from_secs(1), "{error}");
    assert!(error.is_disconnect() && error.message().contains("timed out"), "{error}");
    proxy.stop_swallowing();
    assert_eq!(scalar(&mut engine.connect().unwrap(), "select 1"), Value::I64(1));
}
