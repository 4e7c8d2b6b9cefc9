//! The pool of an engine under load while its server stands still, dies, or gives way to another.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use aludel::{Engine, EngineBuilder};
use aludel_test_services::Kind;

use crate::callers::{make_table, outage, tell};
use crate::engines::{own, with};

/// More than fit into the pool, so that some always wait.
const CALLERS: usize = 10;

const TIMEOUT: Duration = Duration::from_secs(4);
const PING: Duration = Duration::from_secs(1);

fn builder(url: &str, name: &str, pre_ping: bool) -> EngineBuilder {
    let url = with(url, &format!("application_name={name}"));
    let builder = Engine::builder(url.as_str())
        .dialect(aludel_dialect_postgresql::dialect())
        .pool_size(4)
        .max_overflow(2)
        .pool_timeout(TIMEOUT);
    match pre_ping {
        true => builder.pool_pre_ping(true).pool_ping_timeout(PING),
        false => builder,
    }
}

/// A test of an idle connection on a server that does not answer ends at its own limit, and the
/// checkout at that of the pool.
fn a_ping_ends_at_its_limit(idle: &Engine) {
    let failed = std::sync::Arc::new(Mutex::new(None));
    let heard = std::sync::Arc::clone(&failed);
    idle.events().handle_error(move |ctx| {
        if ctx.is_pre_ping {
            *heard.lock().unwrap() = Some(Instant::now());
        }
    });
    let begun = Instant::now();
    idle.connect().map(drop).expect_err("nothing answers");
    let whole = begun.elapsed();
    let ping = failed.lock().unwrap().expect("the ping failed") - begun;
    assert!(ping >= PING && ping <= PING + TIMEOUT / 10, "the ping took {ping:?}");
    assert!(whole >= PING && whole <= TIMEOUT.mul_f64(1.1), "the checkout took {whole:?}");
}

#[test]
fn a_server_that_stands_still_for_ten_seconds_is_survived_under_load() {
    let Some(services) = own(Kind::Pg) else { return };
    let (server, url) = (services.server(Kind::Pg), &services.vars()["ALUDEL_PG_URL"]);
    let engine = builder(url, "still", true).build().unwrap();
    let idle = builder(url, "idle", true).build().unwrap();
    make_table(&engine);
    drop(idle.connect().unwrap());
    let outage = outage(&engine, CALLERS, || {
        server.pause().unwrap();
        let paused = Instant::now();
        a_ping_ends_at_its_limit(&idle);
        thread::sleep(Duration::from_secs(10).saturating_sub(paused.elapsed()));
        server.resume().unwrap();
        Instant::now()
    });
    tell("SIGSTOP", &outage, &engine);
    outage.is_survived(TIMEOUT);
    assert!(!outage.refused.is_empty(), "ten callers do not fit on six connections");
    outage.left_nothing(&engine, url, "still");
    drop(idle.connect().unwrap());
    assert_eq!(idle.checkedout(), 0);
}

#[test]
fn a_server_that_is_killed_and_starts_again_is_survived_by_those_who_share_a_pool() {
    let Some(services) = own(Kind::Pg) else { return };
    let (server, url) = (services.server(Kind::Pg), &services.vars()["ALUDEL_PG_URL"]);
    for pre_ping in [true, false] {
        let engine = builder(url, "killed", pre_ping).build().unwrap();
        make_table(&engine);
        let outage = outage(&engine, CALLERS, || {
            server.kill().unwrap();
            thread::sleep(Duration::from_millis(500));
            server.start().unwrap();
            Instant::now()
        });
        tell(&format!("kill -9, pre_ping {pre_ping}"), &outage, &engine);
        outage.is_survived(TIMEOUT);
        outage.left_nothing(&engine, url, "killed");
    }
}

#[test]
fn a_failover_is_survived_by_those_who_share_a_pool() {
    let Some(services) = own(Kind::PgHa) else { return };
    let url = with(&services.vars()["ALUDEL_PG_HA_URL"], "target_session_attrs=read-write");
    let engine = builder(&url, "failover", true).build().unwrap();
    make_table(&engine);
    let outage = outage(&engine, CALLERS, || {
        services.server(Kind::PgHa).kill().unwrap();
        services.standby().promote().unwrap();
        Instant::now()
    });
    tell("failover", &outage, &engine);
    outage.is_survived(TIMEOUT);
    outage.left_nothing(&engine, &url, "failover");
}
