//! `pool_spike`: many callers at once for a pool that has few connections, and slow ones to make.
//!
//! A connection takes 75 times as long as a query: a caller who connects by himself is served long
//! after those who wait for others to return theirs.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use crate::contender::{BenchPool, Contender, Setup};
use crate::plan::{Cell, Claim, Column, Limit, Over, Plan, Scale, Unit};
use crate::pools::names;
use crate::server::{Failure, Server};
use crate::waits::Waits;

const CALLERS: usize = 50;
const WARM: usize = 5;
const CONNECTIONS: usize = 15;
const CONNECT: Duration = Duration::from_millis(150);
const QUERY: Duration = Duration::from_millis(2);

/// By when connects that were begun have ended, and those that follow have begun.
const SETTLED: Duration = Duration::from_millis(400);

pub(crate) fn run<P: BenchPool>(pool: &P, callers: usize) -> Result<Vec<Duration>, Failure> {
    let start = Barrier::new(callers);
    thread::scope(|scope| {
        let spawn = |_| scope.spawn(|| caller(pool, &start));
        let callers: Vec<_> = (0..callers).map(spawn).collect();
        let join = |caller: thread::ScopedJoinHandle<'_, Result<Duration, Failure>>| {
            caller.join().map_err(|_| Failure::new("a caller panicked"))?
        };
        callers.into_iter().map(join).collect()
    })
}

fn caller<P: BenchPool>(pool: &P, start: &Barrier) -> Result<Duration, Failure> {
    let mut took = Ok(Duration::ZERO);
    pool.in_thread(&mut || {
        start.wait();
        let began = Instant::now();
        took = (|| {
            pool.checkout()?.query()?;
            Ok(began.elapsed())
        })();
    });
    took
}

pub(crate) fn plan(_: &Scale) -> Plan {
    let claim = |column, limit| Claim {
        cell: "spike",
        of: names::OURS_IN_BACKGROUND,
        column,
        over: Over::Nothing,
        limit: Limit::AtMost(limit),
    };
    Plan {
        about: format!(
            "{CALLERS} callers at once, {WARM} of at most {CONNECTIONS} connections open, a connect \
             takes {CONNECT:?}, a query {QUERY:?}; the time until a caller's query is done (of {CALLERS} \
             callers p99 is the last)"
        ),
        columns: vec![
            Column::new("p50", Unit::Nanos).compared(),
            Column::new("p95", Unit::Nanos),
            Column::new("p99", Unit::Nanos).compared(),
            Column::new("connects begun", Unit::Count),
            Column::new("in the end", Unit::Count),
        ],
        cells: vec![Cell::new("spike", row)],
        claims: vec![claim("p99", 25e6), claim("in the end", 2.0)],
    }
}

fn row(contender: &Contender) -> Result<Vec<f64>, Failure> {
    let server = Server::new();
    let setup =
        Setup { server: Arc::clone(&server), connections: CONNECTIONS, warm: WARM, timeout: None };
    let pool = contender.warmed(&setup)?;
    server.set_connect_time(CONNECT);
    server.set_query_time(QUERY);
    let before = server.attempts();
    let waits: Waits = pool.at_once(CALLERS)?.into_iter().collect();
    let begun = server.attempts() - before;
    thread::sleep(SETTLED);
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| waits.quantile(share));
    Ok(vec![p50, p95, p99, begun as f64, (server.attempts() - before) as f64])
}
