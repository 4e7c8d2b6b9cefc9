//! The pool of an engine under load while the way to its server is cut, with and without the breaker.

use std::thread;
use std::time::{Duration, Instant};

use aludel::pool::settings::Breaker;
use aludel::{Engine, Error, ErrorKind};
use aludel_test_services::{Kind, Vars};
use aludel_test_support::proxy::Proxy;

use crate::callers::{Outage, make_table, outage, tell};
use crate::engines::{address, own, with};

const CALLERS: usize = 10;
const TIMEOUT: Duration = Duration::from_secs(3);

/// Attempts while the server is away, with the breaker: five failures until it counts as down, as many
/// as are on their way by then, and pauses of at least a tenth of 10 ms, 20 ms … 500 ms.
const ATTEMPTS: u64 = 5 + 6 + 6 + 100;

fn engine(vars: &Vars, proxy: &Proxy, breaker: Breaker) -> Engine {
    let url = &vars["ALUDEL_PG_URL"];
    let url = url.replace(&address(vars, "PG").to_string(), &proxy.address().to_string());
    let url = with(&url, "application_name=cut&sslmode=disable");
    let builder = Engine::builder(url.as_str()).dialect(aludel_dialect_postgresql::dialect());
    let builder = builder.pool_size(4).max_overflow(2).pool_timeout(TIMEOUT);
    builder.pool_breaker(breaker).build().unwrap()
}

/// Errors of callers whose turn to connect came; the others waited for nothing.
fn tried(outage: &Outage) -> u64 {
    let waited = |error: &&Error| error.kind() == ErrorKind::Timeout && error.sqlstate().is_none();
    outage.refused.iter().filter(|error| !waited(error)).count() as u64
}

/// What becomes of attempts to connect while the server is away; what was open is reset.
#[derive(Debug, Clone, Copy)]
enum Cut {
    Refused,
    /// Nobody answers.
    Silent,
}

impl Cut {
    /// For how long the server is away: where nobody answers, until attempts run out of their time.
    fn lasts(self) -> Duration {
        match self {
            Cut::Refused => Duration::from_secs(2),
            Cut::Silent => Duration::from_secs(5),
        }
    }
}

/// Attempts to connect that failed.
fn is_survived(cut: Cut, breaker: Breaker) -> Option<u64> {
    let services = own(Kind::Pg)?;
    let proxy = Proxy::to(address(services.vars(), "PG")).unwrap();
    let engine = engine(services.vars(), &proxy, breaker);
    make_table(&engine);
    let outage = outage(&engine, CALLERS, || {
        match cut {
            Cut::Refused => proxy.refuse(),
            Cut::Silent => proxy.swallow(),
        }
        proxy.reset();
        thread::sleep(cut.lasts());
        match cut {
            Cut::Refused => proxy.accept(),
            Cut::Silent => proxy.stop_swallowing(),
        }
        Instant::now()
    });
    tell(&format!("{cut:?}, breaker {breaker:?}"), &outage, &engine);
    outage.is_survived(TIMEOUT);
    let counters = engine.pool().snapshot().counters;
    assert_eq!(tried(&outage), counters.connects_failed + counters.refused_down, "{counters:?}");
    outage.left_nothing(&engine, &services.vars()["ALUDEL_PG_URL"], "cut");
    Some(counters.connects_failed)
}

#[test]
fn each_attempt_to_connect_to_a_server_that_refuses_is_counted_and_reported() {
    if let Some(attempts) = is_survived(Cut::Refused, Breaker::Off) {
        assert!(attempts > ATTEMPTS, "each caller tries: {attempts}");
    }
}

#[test]
fn each_attempt_to_connect_to_a_server_that_is_silent_is_counted_and_reported() {
    if let Some(attempts) = is_survived(Cut::Silent, Breaker::Off) {
        assert!(attempts > 0, "nobody had to connect");
    }
}

#[test]
fn with_the_breaker_few_attempts_are_made_while_the_server_refuses() {
    if let Some(attempts) = is_survived(Cut::Refused, Breaker::Fail) {
        assert!(attempts <= ATTEMPTS, "one at a time asks for all: {attempts}");
    }
}

#[test]
fn with_the_breaker_few_attempts_are_made_while_the_server_is_silent() {
    if let Some(attempts) = is_survived(Cut::Silent, Breaker::Fail) {
        assert!(attempts > 0 && attempts <= ATTEMPTS, "one at a time asks for all: {attempts}");
    }
}
