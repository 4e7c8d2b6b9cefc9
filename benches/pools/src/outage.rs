//! `pool_outage`: callers who go on while the server is away for two seconds, and after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::contender::{BenchPool, Contender, Setup};
use crate::plan::{Cell, Claim, Column, Limit, Over, Plan, Scale, Unit};
use crate::pools::names;
use crate::server::{Away, Failure, Server};

const THREADS: usize = 16;
const CONNECTIONS: usize = 5;
const CONNECT: Duration = Duration::from_millis(5);
const QUERY: Duration = Duration::from_millis(1);
const TIMEOUT: Duration = Duration::from_secs(1);
/// Callers rest so long after a failure, as programs do that try again.
const REST: Duration = Duration::from_millis(10);

const CELLS: [(&str, Away); 2] = [("refusing", Away::Refusing), ("silent", Away::Silent)];

/// Who comes, until told to stop.
pub(crate) struct Callers {
    stop: AtomicBool,
}

/// One checkout with one query.
pub(crate) struct Attempt {
    waited: Duration,
    outcome: Outcome,
    ended: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Served,
    NoConnection,
    QueryFailed,
}

pub(crate) fn run<P: BenchPool>(pool: &P, callers: &Callers) -> Vec<Attempt> {
    let caller = || {
        let mut attempts = Vec::new();
        pool.in_thread(&mut || {
            while !callers.stop.load(Ordering::Relaxed) {
                let one = attempt(pool);
                let failed = one.outcome != Outcome::Served;
                attempts.push(one);
                if failed {
                    thread::sleep(REST);
                }
            }
        });
        attempts
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(caller)).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().expect("invariant: callers take failures as they come")
        };
        threads.into_iter().flat_map(join).collect()
    })
}

fn attempt<P: BenchPool>(pool: &P) -> Attempt {
    let began = Instant::now();
    let guard = pool.checkout();
    let waited = began.elapsed();
    let outcome = match guard.map(|guard| guard.query()) {
        Ok(Ok(())) => Outcome::Served,
        Ok(Err(_)) => Outcome::QueryFailed,
        Err(_) => Outcome::NoConnection,
    };
    Attempt { waited, outcome, ended: Instant::now() }
}

/// What is done to the server.
#[derive(Clone, Copy)]
struct Outage {
    away: Away,
    before: Duration,
    down: Duration,
    after: Duration,
}

pub(crate) fn plan(scale: &Scale) -> Plan {
    let times = if scale.quick { [100, 300, 1100] } else { [500, 2000, 3000] };
    let [before, down, after] = times.map(Duration::from_millis);
    let cell = |(name, away)| {
        let outage = Outage { away, before, down, after };
        Cell::new(name, move |contender| row(contender, outage))
    };
    Plan {
        about: format!(
            "{THREADS} callers on {CONNECTIONS} connections, connect {CONNECT:?}, query {QUERY:?}, \
             timeout {TIMEOUT:?}, {REST:?} of rest after a failure; the server ends all connections, and \
             for {down:?} refuses new ones at once, or does not answer"
        ),
        columns: vec![
            Column::new("checkouts failed", Unit::Count),
            Column::new("queries failed", Unit::Count),
            Column::new("longest checkout", Unit::Nanos).compared(),
            Column::new("of timeout", Unit::Times),
            Column::new("connects, away", Unit::PerSecond).compared(),
            Column::new("first success", Unit::Nanos).compared(),
            Column::new("last failure", Unit::Nanos),
            Column::new("connects in 1 s", Unit::Count),
        ],
        cells: CELLS.into_iter().map(cell).collect(),
        claims: claims(),
    }
}

fn claims() -> Vec<Claim> {
    let mut claims = Vec::new();
    for (cell, _) in CELLS {
        for of in [names::OURS, names::OURS_WITH_BREAKER] {
            for (column, limit) in [("of timeout", 1.1), ("first success", 1e9)] {
                let limit = Limit::AtMost(limit);
                claims.push(Claim { cell, of, column, over: Over::Nothing, limit });
            }
        }
    }
    // Ten milliseconds and twice as long each time, on average half of it, until two seconds are over:
    // nine attempts after those of all callers, who find out at the same time.
    claims.push(Claim {
        cell: CELLS[0].0,
        of: names::OURS_WITH_BREAKER,
        column: "connects, away",
        over: Over::Nothing,
        limit: Limit::AtMost(15.0),
    });
    claims
}

fn row(contender: &Contender, outage: Outage) -> Result<Vec<f64>, Failure> {
    let server = Server::new();
    let setup = Setup {
        server: Arc::clone(&server),
        connections: CONNECTIONS,
        warm: CONNECTIONS,
        timeout: Some(TIMEOUT),
    };
    let pool = contender.warmed(&setup)?;
    server.set_connect_time(CONNECT);
    server.set_query_time(QUERY);
    let callers = Callers { stop: AtomicBool::new(false) };
    let second = outage.after.min(Duration::from_secs(1));
    let story = thread::scope(|scope| {
        let attempts = scope.spawn(|| pool.persist(&callers));
        thread::sleep(outage.before);
        let connects = server.attempts();
        server.take_down(outage.away);
        thread::sleep(outage.down);
        let while_away = server.attempts() - connects;
        server.bring_up();
        let up = Instant::now();
        thread::sleep(second);
        let in_a_second = server.attempts() - connects - while_away;
        thread::sleep(outage.after - second);
        callers.stop.store(true, Ordering::SeqCst);
        let attempts = attempts.join().expect("invariant: callers take failures as they come");
        Story { attempts, while_away, in_a_second, up }
    });
    Ok(story.numbers(outage.down))
}

/// What happened.
struct Story {
    attempts: Vec<Attempt>,
    /// Connects that were begun while the server was away, and in the second after.
    while_away: u64,
    in_a_second: u64,
    up: Instant,
}

impl Story {
    fn numbers(&self, down: Duration) -> Vec<f64> {
        let count = |outcome| self.attempts.iter().filter(|one| one.outcome == outcome).count();
        let longest = self.attempts.iter().map(|one| one.waited).max().unwrap_or_default();
        let since_up = |served: bool| {
            let these = self.attempts.iter().filter(move |one| {
                (one.outcome == Outcome::Served) == served && one.ended > self.up
            });
            these.map(|one| one.ended.duration_since(self.up).as_nanos() as f64)
        };
        vec![
            count(Outcome::NoConnection) as f64,
            count(Outcome::QueryFailed) as f64,
            longest.as_nanos() as f64,
            longest.as_secs_f64() / TIMEOUT.as_secs_f64(),
            self.while_away as f64 / down.as_secs_f64(),
            since_up(true).fold(f64::INFINITY, f64::min),
            since_up(false).fold(0.0, f64::max),
            self.in_a_second as f64,
        ]
    }
}
