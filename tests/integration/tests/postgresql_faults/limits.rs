//! A server that takes no more connections than it has room for, and a pool that would open more.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use aludel::{Engine, Error};
use aludel_test_services::Kind;

use crate::engines::{PATIENCE, connect, own, rows, scalar};

/// Connections that the server takes, beside those that it keeps for its administrators.
const ROOM: usize = 10;
const RESERVED: usize = 3;

const CALLERS: usize = 16;
const ROUNDS: usize = 10;

/// Takes a connection and works with it for a while; gives the errors that came instead.
fn work(engine: &Engine, together: &Barrier) -> Vec<Error> {
    let (mut errors, mut done) = (Vec::new(), 0);
    together.wait();
    while done < ROUNDS {
        match engine.connect() {
            Ok(mut connection) => {
                rows(&mut connection, "select pg_sleep(0.01)", ()).expect("who has one keeps it");
                done += 1;
            }
            Err(error) => {
                errors.push(error);
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
    errors
}

fn crowd(engine: &Engine) -> Vec<Error> {
    let together = Barrier::new(CALLERS);
    thread::scope(|scope| {
        let start = |_| scope.spawn(|| work(engine, &together));
        let callers: Vec<_> = (0..CALLERS).map(start).collect();
        callers.into_iter().flat_map(|caller| caller.join().expect("no caller panics")).collect()
    })
}

#[test]
fn a_full_server_costs_one_attempt_for_each_caller_it_refuses_and_those_who_wait_are_served() {
    let Some(services) = own(Kind::Pg) else { return };
    let mut admin = connect(&services.vars()["ALUDEL_PG_ADMIN_URL"]);
    admin.set_isolation_level(aludel::dbapi::IsolationLevel::Autocommit).unwrap();
    for (name, value) in
        [("max_connections", ROOM + RESERVED), ("superuser_reserved_connections", RESERVED)]
    {
        rows(&mut admin, &format!("alter system set {name} = {value}"), ()).unwrap();
    }
    drop(admin);
    services.server(Kind::Pg).restart().unwrap();
    let url = services.vars()["ALUDEL_PG_URL"].to_owned();
    let pool = |size: u32| {
        let builder = Engine::builder(url.as_str()).dialect(aludel_dialect_postgresql::dialect());
        builder.pool_size(size).max_overflow(0).pool_timeout(PATIENCE).build().unwrap()
    };
    let larger = pool(CALLERS as u32);
    let errors = crowd(&larger);
    assert!(!errors.is_empty(), "the server had room for all");
    for error in &errors {
        assert_eq!(error.sqlstate(), Some("53300"), "{error}");
    }
    let counters = larger.pool().snapshot().counters;
    assert_eq!(counters.connects_failed, errors.len() as u64, "one attempt for each error");
    assert_eq!(counters.connects, ROOM as u64, "what was opened is kept");
    assert_eq!((larger.checkedout(), larger.pool().checkedin()), (0, ROOM as u32));
    larger.dispose();
    // A pool that knows its limit: nobody is refused, and nothing is tried.
    let fitting = pool(ROOM as u32);
    crate::engines::wait_until("room on the server", || {
        let all: Result<Vec<_>, _> = (0..ROOM).map(|_| fitting.connect()).collect();
        all.is_ok()
    });
    let before = fitting.pool().snapshot().counters;
    assert!(crowd(&fitting).is_empty());
    let after = fitting.pool().snapshot().counters;
    assert_eq!((after.connects, after.connects_failed), (before.connects, before.connects_failed));
    assert!(after.waited > before.waited, "six had to wait");
    // Somebody else is refused as long as the pool has all the room there is.
    let refused = pool(1).connect().unwrap_err();
    assert_eq!(refused.sqlstate(), Some("53300"), "{refused}");
    fitting.dispose();
    let other = pool(1);
    crate::engines::wait_until("room on the server", || other.connect().is_ok());
    assert_eq!(scalar(&mut other.connect().unwrap(), "select 1"), aludel::Value::I64(1));
}
