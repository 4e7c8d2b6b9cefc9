//! Threads that check out again and again, as fast as they are let.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::contender::BenchPool;
use crate::hold::Hold;
use crate::overtakes::Served;
use crate::server::Failure;
use crate::waits::Waits;

/// Who comes, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crowd {
    pub(crate) threads: usize,
    pub(crate) hold: Hold,
    pub(crate) time: Duration,
    /// Whether callers draw tickets, so that overtaking can be counted.
    pub(crate) tickets: bool,
}

/// What came of it.
pub(crate) struct Crowded {
    pub(crate) waits: Waits,
    /// Checkouts of each thread.
    pub(crate) checkouts: Vec<u64>,
    pub(crate) served: Vec<Served>,
    pub(crate) seconds: f64,
}

impl Crowded {
    /// Checkouts a second, of all threads together.
    pub(crate) fn rate(&self) -> f64 {
        self.checkouts.iter().sum::<u64>() as f64 / self.seconds
    }

    /// How often as many checkouts the luckiest thread had as the least lucky one.
    pub(crate) fn inequality(&self) -> f64 {
        let most = self.checkouts.iter().max().copied().unwrap_or_default();
        let least = self.checkouts.iter().min().copied().unwrap_or_default();
        most as f64 / least as f64
    }
}

/// What the threads of a crowd share.
struct Ground {
    plan: Crowd,
    start: Barrier,
    stop: AtomicBool,
    arrivals: AtomicU64,
    grants: AtomicU64,
}

#[derive(Default)]
struct Diary {
    waits: Option<Waits>,
    checkouts: u64,
    served: Vec<Served>,
}

pub(crate) fn run<P: BenchPool>(pool: &P, plan: &Crowd) -> Result<Crowded, Failure> {
    let ground = Ground {
        plan: *plan,
        start: Barrier::new(plan.threads + 1),
        stop: AtomicBool::new(false),
        arrivals: AtomicU64::new(0),
        grants: AtomicU64::new(0),
    };
    thread::scope(|scope| {
        let callers: Vec<_> =
            (0..plan.threads).map(|_| scope.spawn(|| caller(pool, &ground))).collect();
        ground.start.wait();
        let began = Instant::now();
        thread::sleep(plan.time);
        ground.stop.store(true, Ordering::SeqCst);
        let seconds = began.elapsed().as_secs_f64();
        let mut all =
            Crowded { waits: Waits::new(), checkouts: Vec::new(), served: Vec::new(), seconds };
        for caller in callers {
            let diary = caller.join().map_err(|_| Failure::new("a caller panicked"))??;
            diary.waits.iter().for_each(|waits| all.waits.add(waits));
            all.checkouts.push(diary.checkouts);
            all.served.extend(diary.served);
        }
        Ok(all)
    })
}

fn caller<P: BenchPool>(pool: &P, ground: &Ground) -> Result<Diary, Failure> {
    let mut diary = Ok(Diary::default());
    pool.in_thread(&mut || diary = visits(pool, ground));
    diary
}

/// With nothing to do while the connection is held, the clock is read once a round, and a wait goes
/// from one checkout to the next: a second reading would take longer than some pools.
fn visits<P: BenchPool>(pool: &P, ground: &Ground) -> Result<Diary, Failure> {
    let mut waits = Waits::new();
    let mut diary = Diary::default();
    ground.start.wait();
    let mut since = Instant::now();
    while !ground.stop.load(Ordering::Relaxed) {
        let ticket = ground.plan.tickets.then(|| ground.arrivals.fetch_add(1, Ordering::SeqCst));
        let guard = pool.checkout()?;
        if let Some(ticket) = ticket {
            diary
                .served
                .push(Served { ticket, grant: ground.grants.fetch_add(1, Ordering::SeqCst) });
        }
        let now = Instant::now();
        waits.record(now - since);
        // Those who were still waiting at the end waited, but are not part of the rate.
        diary.checkouts += u64::from(!ground.stop.load(Ordering::Relaxed));
        since = now;
        if ground.plan.hold != Hold::Nothing {
            ground.plan.hold.pass();
            drop(guard);
            since = Instant::now();
        }
    }
    diary.waits = Some(waits);
    Ok(diary)
}
