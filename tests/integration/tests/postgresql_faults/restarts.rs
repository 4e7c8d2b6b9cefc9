//! Servers that are restarted while a program works.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aludel::{Engine, Error, ErrorKind, Value};
use aludel_test_services::Kind;

use crate::engines::{PATIENCE, engine, own, rows, run, scalar, wait_until, with};

const THREADS: usize = 4;

/// What one thread saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) errors: Vec<Error>,
    acknowledged: Vec<i64>,
    /// When it saw its last error, and when it worked again.
    last_error: Option<Instant>,
    pub(crate) recovered: Option<Instant>,
}

/// Inserts and commits until told to stop, on a new connection after each error.
fn work(engine: &Engine, thread: usize, done: &AtomicUsize, stop: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    let mut connection = None;
    let mut number = thread as i64;
    while !stop.load(Ordering::SeqCst) {
        let mut act = || -> aludel::Result<()> {
            if connection.is_none() {
                connection = Some(engine.connect()?);
            }
            let connection = connection.as_mut().expect("it was just opened");
            rows(connection, "insert into work values ($1)", (number,))?;
            rows(connection, "select count(*) from work where n < $1", (100,))?;
            connection.commit()
        };
        match act() {
            Ok(()) => {
                seen.acknowledged.push(number);
                if seen.last_error.take().is_some() {
                    seen.recovered = Some(Instant::now());
                }
                done.fetch_add(1, Ordering::SeqCst);
            }
            Err(error) => {
                if let Some(broken) = connection.take() {
                    assert!(!error.is_disconnect() || broken.invalidated(), "{error}");
                }
                seen.errors.push(error);
                seen.last_error = Some(Instant::now());
                thread::sleep(Duration::from_millis(10));
            }
        }
        number += THREADS as i64;
    }
    seen
}

/// Has threads work, does `fail` in the middle, and waits until each has worked on.
pub(crate) fn under_load(engine: &Engine, fail: impl FnOnce()) -> Vec<Seen> {
    let dones: Vec<AtomicUsize> = (0..THREADS).map(|_| AtomicUsize::new(0)).collect();
    let stop = AtomicBool::new(false);
    let goes_on = |more: usize| {
        let before: Vec<usize> = dones.iter().map(|done| done.load(Ordering::SeqCst)).collect();
        wait_until("each thread's work", || {
            let mut both = dones.iter().zip(&before);
            both.all(|(done, before)| done.load(Ordering::SeqCst) >= before + more)
        });
    };
    thread::scope(|scope| {
        let start = |index: usize| {
            let (done, stop) = (&dones[index], &stop);
            scope.spawn(move || work(engine, index, done, stop))
        };
        let workers: Vec<_> = (0..THREADS).map(start).collect();
        // Also when an assertion fails, or the threads would go on for ever.
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            goes_on(20);
            fail();
            goes_on(20);
        }));
        stop.store(true, Ordering::SeqCst);
        let seen = workers.into_iter().map(|worker| worker.join().expect("no thread panics"));
        let seen = seen.collect();
        checked.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        seen
    })
}

/// Asserts that all errors were clear, and that every acknowledged commit is there.
pub(crate) fn assert_survived(engine: &Engine, seen: &[Seen]) {
    let errors: Vec<&Error> = seen.iter().flat_map(|seen| &seen.errors).collect();
    assert!(!errors.is_empty(), "nobody noticed");
    for error in errors {
        assert!(error.is_disconnect(), "{error}");
        assert_eq!(error.kind(), ErrorKind::Operational, "{error}");
        assert!(error.help().is_some(), "{error}");
    }
    let mut connection = engine.connect().unwrap();
    let there = rows(&mut connection, "select n from work", ()).unwrap();
    let there: std::collections::BTreeSet<i64> =
        there.iter().map(|row| if let Value::I64(n) = row[0] { n } else { panic!() }).collect();
    let acknowledged = seen.iter().flat_map(|seen| &seen.acknowledged);
    let lost: Vec<&i64> = acknowledged.filter(|number| !there.contains(number)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
}

#[test]
fn an_orderly_restart_under_load_is_survived_over_tcp_and_the_socket() {
    let Some(services) = own(Kind::Pg) else { return };
    for variable in ["ALUDEL_PG_URL", "ALUDEL_PG_SOCKET_URL"] {
        let engine = engine(&services.vars()[variable]);
        run(&mut engine.connect().unwrap(), "drop table if exists work", ());
        run(&mut engine.connect().unwrap(), "create table work (n bigint primary key)", ());
        let seen = under_load(&engine, || services.server(Kind::Pg).restart().unwrap());
        assert_eq!((engine.checkedout(), engine.pool().snapshot().waiting), (0, 0));
        assert_survived(&engine, &seen);
    }
}

#[test]
fn a_server_that_is_killed_under_load_and_comes_back_is_survived_over_tcp_and_the_socket() {
    let Some(services) = own(Kind::Pg) else { return };
    for variable in ["ALUDEL_PG_TLS_URL", "ALUDEL_PG_SOCKET_URL"] {
        let engine = engine(&services.vars()[variable]);
        run(&mut engine.connect().unwrap(), "drop table if exists work", ());
        run(&mut engine.connect().unwrap(), "create table work (n bigint primary key)", ());
        let seen = under_load(&engine, || {
            services.server(Kind::Pg).kill().unwrap();
            services.server(Kind::Pg).start().unwrap();
        });
        assert_eq!((engine.checkedout(), engine.pool().snapshot().waiting), (0, 0));
        assert_survived(&engine, &seen);
    }
}

#[test]
fn a_held_connection_tells_of_a_restart_at_its_next_call_and_a_new_one_works() {
    let Some(services) = own(Kind::Pg) else { return };
    for variable in ["ALUDEL_PG_URL", "ALUDEL_PG_TLS_URL", "ALUDEL_PG_SOCKET_URL"] {
        let engine = engine(&services.vars()[variable]);
        let mut held = engine.connect().unwrap();
        assert_eq!(scalar(&mut held, "select 1"), Value::I64(1));
        services.server(Kind::Pg).restart().unwrap();
        let error = crate::engines::error_of(&mut held, "select 1");
        crate::engines::assert_ended(&held, &error, "57P01");
        assert_eq!(scalar(&mut engine.connect().unwrap(), "select 1"), Value::I64(1));
    }
}

#[test]
fn connecting_while_the_server_restarts_ends_within_its_timeout() {
    let Some(services) = own(Kind::Pg) else { return };
    let server = services.server(Kind::Pg);
    let url = with(&services.vars()["ALUDEL_PG_URL"], "connect_timeout=2");
    let engine = engine(&url);
    // The kernel goes on accepting for a server that stands still.
    server.pause().unwrap();
    let begin = Instant::now();
    let error = engine.connect().unwrap_err();
    let taken = begin.elapsed();
    assert!(taken >= Duration::from_secs(2) && taken < PATIENCE / 2, "{taken:?}: {error}");
    assert!(error.is_disconnect() && error.message().contains("timed out"), "{error}");
    server.resume().unwrap();
    server.stop().unwrap();
    let error = engine.connect().unwrap_err();
    assert!(error.is_disconnect() && error.message().contains("refused"), "{error}");
    server.start().unwrap();
    assert_eq!(scalar(&mut engine.connect().unwrap(), "select 1"), Value::I64(1));
}
