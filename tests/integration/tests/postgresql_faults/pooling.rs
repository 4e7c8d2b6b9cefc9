//! The pool of an engine beside a server that ends sessions, refuses them, or stands still.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use aludel::engine::Credentials;
use aludel::{Connection, Engine, EngineBuilder, ErrorKind, Value};
use aludel_test_services::Kind;

use crate::engines::{PATIENCE, backend, engine, own, rows, run, scalar, server, with};

fn builder(url: &str) -> EngineBuilder {
    Engine::builder(url).dialect(aludel_dialect_postgresql::dialect())
}

/// Ends the session of this process on the server.
fn terminate(url: &str, pid: i64) {
    let mut admin = crate::engines::connect(url);
    let mut is_there = || {
        let sql = "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1";
        let found = rows(&mut admin, sql, (pid,)).expect("the server tells");
        admin.rollback().expect("a rollback");
        !found.is_empty()
    };
    crate::engines::wait_until("the end of the session", || !is_there());
}

#[test]
fn a_connection_is_replaced_at_its_age_and_not_before() {
    let Some(vars) = server("pg") else { return };
    let url = &vars["ALUDEL_PG_URL"];
    let [hour, millisecond] = [3600 * 1000, 1].map(|age| {
        let engine = builder(url).pool_recycle(Duration::from_millis(age)).build().unwrap();
        let next = || {
            let pid = backend(&mut engine.connect().unwrap());
            thread::sleep(Duration::from_millis(5));
            pid
        };
        (next(), next())
    });
    assert_eq!(hour.0, hour.1);
    assert_ne!(millisecond.0, millisecond.1);
}

#[test]
fn a_session_that_ended_while_idle_is_replaced_before_anybody_sees_it() {
    let Some(vars) = server("pg") else { return };
    let url = &vars["ALUDEL_PG_URL"];
    let engine = builder(url).pool_pre_ping(true).build().unwrap();
    let (seen, heard) = std::sync::mpsc::channel();
    engine.events().handle_error(move |ctx| {
        seen.send((ctx.is_pre_ping, ctx.is_disconnect)).expect("the test listens");
    });
    let first = backend(&mut engine.connect().unwrap());
    terminate(url, first);
    let mut connection = engine.connect().expect("the pool finds out and connects again");
    assert_ne!(backend(&mut connection), first);
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [(true, true)]);
    let counters = engine.pool().snapshot().counters;
    assert_eq!((counters.pings_failed, counters.closed_ping), (1, 1));
}

#[test]
fn a_listener_can_keep_a_failed_test_from_having_the_others_replaced() {
    let Some(vars) = server("pg") else { return };
    let url = &vars["ALUDEL_PG_URL"];
    for veto in [false, true] {
        let engine = builder(url).pool_pre_ping(true).build().unwrap();
        engine.events().handle_error(move |ctx| {
            assert!(ctx.is_pre_ping && ctx.is_disconnect && ctx.invalidate_pool_on_disconnect);
            ctx.invalidate_pool_on_disconnect = !veto;
        });
        let mut three = [(); 3].map(|()| engine.connect().unwrap());
        let pids = three.each_mut().map(backend);
        drop(three);
        terminate(url, pids[0]);
        let mut three = [(); 3].map(|()| engine.connect().unwrap());
        let stayed = three.each_mut().map(backend).into_iter().filter(|pid| pids.contains(pid));
        assert_eq!(stayed.count(), if veto { 2 } else { 0 });
        drop(three);
        let counters = engine.pool().snapshot().counters;
        let closed = (counters.pings_failed, counters.closed_ping, counters.closed_generation);
        assert_eq!(closed, (1, 1, if veto { 0 } else { 2 }), "{counters:?}");
    }
}

#[test]
fn one_error_tells_of_all_sessions_that_ended_together() {
    let Some(vars) = server("pg") else { return };
    let url = &vars["ALUDEL_PG_URL"];
    let engine = engine(url);
    let mut three = [(); 3].map(|()| engine.connect().unwrap());
    let pids = three.each_mut().map(backend);
    drop(three);
    pids.iter().for_each(|pid| terminate(url, *pid));
    let mut connection = engine.connect().unwrap();
    let error = rows(&mut connection, "select 1", ()).unwrap_err();
    assert!(error.is_disconnect() && connection.invalidated(), "{error}");
    drop(connection);
    for mut connection in [(); 3].map(|()| engine.connect().unwrap()) {
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    }
    assert_eq!(engine.checkedout(), 0);
}

#[test]
fn a_server_that_takes_no_more_sessions_refuses_and_nothing_is_lost() {
    let Some(services) = own(Kind::Pg) else { return };
    let url = services.vars()["ALUDEL_PG_ADMIN_URL"].to_owned();
    let mut admin = crate::engines::connect(&url);
    run(&mut admin, "create role limited login connection limit 2 password 'secret'", ());
    let limited = builder(&services.vars()["ALUDEL_PG_URL"])
        .credentials(|| Ok(Credentials::password("secret").with_username("limited")))
        .pool_timeout(PATIENCE)
        .build()
        .unwrap();
    let mut two = [(); 2].map(|()| limited.connect().unwrap());
    for _ in 0..20 {
        let error = limited.connect().unwrap_err();
        assert_eq!(error.sqlstate(), Some("53300"), "{error}");
    }
    assert_eq!(limited.checkedout(), 2);
    two.iter_mut().for_each(|connection| assert!(backend(connection) > 0, "they go on"));
    drop(two);
    drop([(); 2].map(|()| limited.connect().unwrap()));
    assert_eq!((limited.checkedout(), limited.pool().checkedin()), (0, 2));
    assert!(limited.pool().snapshot().last_connect_error.is_some());
}

/// What callers get in these seconds, and how long the slowest of them waited.
fn crowd(engine: &Engine, callers: usize) -> (Vec<aludel::Result<Connection>>, Duration) {
    let together = Barrier::new(callers);
    thread::scope(|scope| {
        let call = || {
            together.wait();
            let begun = Instant::now();
            (engine.connect(), begun.elapsed())
        };
        let calls: Vec<_> = (0..callers).map(|_| scope.spawn(call)).collect();
        let got: Vec<_> = calls.into_iter().map(|call| call.join().unwrap()).collect();
        let slowest = got.iter().map(|(_, taken)| *taken).max().expect("somebody called");
        (got.into_iter().map(|(result, _)| result).collect(), slowest)
    })
}

#[test]
fn a_server_that_stands_still_lets_no_caller_wait_longer_than_its_timeout() {
    let Some(services) = own(Kind::Pg) else { return };
    let server = services.server(Kind::Pg);
    let timeout = Duration::from_secs(3);
    let engine = builder(&with(&services.vars()["ALUDEL_PG_URL"], "application_name=still"))
        .pool_size(2)
        .max_overflow(2)
        .pool_timeout(timeout)
        .pool_pre_ping(true)
        .pool_ping_timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    drop([(); 2].map(|()| engine.connect().unwrap()));
    server.pause().unwrap();
    let (got, slowest) = crowd(&engine, 8);
    server.resume().unwrap();
    assert!(slowest <= timeout.mul_f64(1.1) + Duration::from_millis(500), "{slowest:?}");
    for error in got.iter().map(|got| got.as_ref().expect_err("nothing answers")) {
        let kinds = [ErrorKind::Timeout, ErrorKind::Operational];
        assert!(kinds.contains(&error.kind()), "{error}");
    }
    drop(got);
    let mut connection = engine.connect().expect("it goes on");
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    drop(connection);
    assert_eq!(engine.checkedout(), 0);
}
