//! Callers who share a pool that is too small for them while the server is away, and what they saw.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aludel::{Engine, Error, ErrorKind, ExecutionOptions, Result, Value, params};

use crate::engines::{connect, rows, run, wait_until};

/// How long a statement may take. Where nothing answers, its connection is given up 3 s later.
const STATEMENT: Duration = Duration::from_millis(500);

/// How long a caller thinks before each statement, so that outages find connections everywhere.
const THINKING: Duration = Duration::from_millis(3);

/// Rounds of each caller before and after the outage.
const ROUNDS: usize = 10;

/// What one caller saw.
#[derive(Default)]
struct Seen {
    acknowledged: Vec<i64>,
    /// How long the longest checkout took, whatever came of it.
    longest: Duration,
    refused: Vec<Error>,
    /// Errors of connections that it had.
    lost: Vec<Error>,
    /// When it got each connection with which it committed, and when that was acknowledged.
    served: Vec<(Instant, Instant)>,
}

/// What all of them saw.
pub(crate) struct Outage {
    acknowledged: BTreeSet<i64>,
    pub(crate) longest: Duration,
    /// Errors in place of a connection.
    pub(crate) refused: Vec<Error>,
    pub(crate) lost: Vec<Error>,
    /// From the return of the server until somebody who got a connection since had committed.
    pub(crate) first_success: Duration,
}

pub(crate) fn make_table(engine: &Engine) {
    let mut connection = engine.connect().unwrap();
    run(&mut connection, "drop table if exists work", ());
    run(&mut connection, "create table work (n bigint primary key)", ());
}

/// Takes a connection, and commits a row with it.
fn round(engine: &Engine, number: i64, seen: &mut Seen) -> Result<()> {
    let begun = Instant::now();
    let got = engine.connect();
    seen.longest = seen.longest.max(begun.elapsed());
    let mut connection = match got {
        Ok(connection) => connection,
        Err(error) => {
            seen.refused.push(error);
            return Ok(());
        }
    };
    let served = Instant::now();
    thread::sleep(THINKING);
    let limited = ExecutionOptions::new().timeout(STATEMENT);
    let insert = "insert into work values (:n)";
    connection.execute_with(insert, params! { n: number }, &limited).map(drop)?;
    thread::sleep(THINKING);
    connection.commit()?;
    seen.acknowledged.push(number);
    seen.served.push((served, Instant::now()));
    Ok(())
}

fn call(
    engine: &Engine,
    numbers: impl Iterator<Item = i64>,
    done: &AtomicUsize,
    stop: &AtomicBool,
) -> Seen {
    let mut seen = Seen::default();
    for number in numbers {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let before = seen.served.len();
        if let Err(error) = round(engine, number, &mut seen) {
            seen.lost.push(error);
        }
        match seen.served.len() > before {
            true => drop(done.fetch_add(1, Ordering::SeqCst)),
            false => thread::sleep(Duration::from_millis(10)),
        }
    }
    seen
}

/// Has so many callers work, does `away` in the middle, which tells when the server was back, and
/// waits until each has worked on.
pub(crate) fn outage(engine: &Engine, callers: usize, away: impl FnOnce() -> Instant) -> Outage {
    let dones: Vec<AtomicUsize> = (0..callers).map(|_| AtomicUsize::new(0)).collect();
    let stop = AtomicBool::new(false);
    let goes_on = || {
        let before: Vec<usize> = dones.iter().map(|done| done.load(Ordering::SeqCst)).collect();
        wait_until("each caller's work", || {
            let mut both = dones.iter().zip(&before);
            both.all(|(done, before)| done.load(Ordering::SeqCst) >= before + ROUNDS)
        });
    };
    thread::scope(|scope| {
        let start = |caller: usize| {
            let (done, stop) = (&dones[caller], &stop);
            let numbers = (caller as i64..).step_by(callers);
            scope.spawn(move || call(engine, numbers, done, stop))
        };
        let workers: Vec<_> = (0..callers).map(start).collect();
        // Also when an assertion fails, or the callers would go on for ever.
        let back = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            goes_on();
            let back = away();
            goes_on();
            back
        }));
        stop.store(true, Ordering::SeqCst);
        let seen: Vec<Seen> =
            workers.into_iter().map(|worker| worker.join().expect("no caller panics")).collect();
        together(seen, back.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn together(seen: Vec<Seen>, back: Instant) -> Outage {
    let since = seen.iter().flat_map(|seen| &seen.served).filter(|(got, _)| *got > back);
    let first = since.map(|(_, committed)| *committed).min().expect("all have worked on");
    let mut outage = Outage {
        acknowledged: BTreeSet::new(),
        longest: Duration::ZERO,
        refused: Vec::new(),
        lost: Vec::new(),
        first_success: first - back,
    };
    for seen in seen {
        outage.acknowledged.extend(seen.acknowledged);
        outage.longest = outage.longest.max(seen.longest);
        outage.refused.extend(seen.refused);
        outage.lost.extend(seen.lost);
    }
    outage
}

impl Outage {
    /// Asserts what holds of every outage: each checkout ended in time, somebody was served soon after
    /// the return, and all errors were clear.
    pub(crate) fn is_survived(&self, pool_timeout: Duration) {
        let Outage { longest, first_success, refused, lost, .. } = self;
        assert!(*longest <= pool_timeout.mul_f64(1.1), "a checkout took {longest:?}");
        assert!(*first_success <= Duration::from_secs(1), "the first was served {first_success:?}");
        assert!(!refused.is_empty() || !lost.is_empty(), "nobody noticed");
        for error in refused {
            let kinds = [ErrorKind::Timeout, ErrorKind::Operational];
            assert!(kinds.contains(&error.kind()), "{error}");
        }
        for error in lost {
            // One that is cancelled just as the server comes back keeps its connection.
            let out_of_time = matches!(error.sqlstate(), Some("HYT00" | "57014"));
            assert!(error.is_disconnect() || out_of_time, "{error}");
        }
    }

    /// Asserts that every commit that was acknowledged is there, on the server with this URL, and that
    /// nothing is left of the work in the pool or on the server, where its sessions are called `name`.
    pub(crate) fn left_nothing(&self, engine: &Engine, url: &str, name: &str) {
        let mut observer = connect(url);
        let there = rows(&mut observer, "select n from work", ()).unwrap();
        let number = |row: &Vec<Value>| if let Value::I64(n) = row[0] { n } else { panic!() };
        let there: BTreeSet<i64> = there.iter().map(number).collect();
        let lost: Vec<&i64> = self.acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "of {} acknowledged commits: {lost:?}", self.acknowledged.len());
        observer.rollback().unwrap();
        let pool = engine.pool().snapshot();
        assert_eq!((engine.checkedout(), pool.waiting, pool.connecting), (0, 0, 0), "{pool:#?}");
        assert!(pool.holders.is_empty(), "{pool:#?}");
        let mut sessions_are_at_most = |most: u32| {
            wait_until("the end of sessions", || {
                let sql = "select count(*) from pg_stat_activity where application_name = $1";
                let found = rows(&mut observer, sql, (name,)).unwrap();
                observer.rollback().unwrap();
                matches!(found[0][0], Value::I64(left) if left <= i64::from(most))
            });
        };
        sessions_are_at_most(pool.idle);
        engine.dispose();
        sessions_are_at_most(0);
    }
}

#[expect(clippy::print_stderr, reason = "the times are what the tests are asked for")]
pub(crate) fn tell(what: &str, outage: &Outage, engine: &Engine) {
    let counters = engine.pool().snapshot().counters;
    eprintln!(
        "{what}: longest checkout {:?}, first success {:?} after the return, {} callers refused, {} \
         connections lost, {} commits acknowledged; {counters:?}",
        outage.longest,
        outage.first_success,
        outage.refused.len(),
        outage.lost.len(),
        outage.acknowledged.len(),
    );
}
