//! `pool_open_loop`: callers that come when they come, however long those before them take.
//!
//! A wait is counted from the moment at which the caller was to come, also when all threads that
//! could have come were still waiting. In a closed loop one long wait keeps callers away, and the
//! longest waits are missing from the result.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::contender::{BenchPool, Contender, Setup};
use crate::crowd::Crowd;
use crate::hold::Hold;
use crate::plan::{Cell, Column, Plan, Scale, Unit};
use crate::server::Failure;
use crate::waits::Waits;

const CONNECTIONS: usize = 5;
const HOLD: Hold = Hold::sleep(200);
const THREADS: usize = 64;

/// When callers come, from the beginning on; and what they do.
pub(crate) struct Arrivals {
    due: Vec<Duration>,
    hold: Hold,
    threads: usize,
}

impl Arrivals {
    /// So many a second for so long, at random and independent of each other (a Poisson process), and
    /// the same for every pool and run.
    fn at_rate(rate: f64, time: Duration) -> Self {
        let mut random = fastrand::Rng::with_seed(8);
        let mut now = 0.0;
        let next = || {
            now += -(1.0 - random.f64()).ln() / rate;
            Some(Duration::from_secs_f64(now))
        };
        let due = std::iter::from_fn(next).take_while(|due| *due < time).collect();
        Arrivals { due, hold: HOLD, threads: THREADS }
    }
}

pub(crate) fn run<P: BenchPool>(pool: &P, plan: &Arrivals) -> Result<Waits, Failure> {
    let next = AtomicUsize::new(0);
    // Late enough for all threads to stand ready.
    let start = Instant::now() + Duration::from_millis(20);
    thread::scope(|scope| {
        let spawn = |_| scope.spawn(|| caller(pool, plan, &next, start));
        let callers: Vec<_> = (0..plan.threads).map(spawn).collect();
        let mut all = Waits::new();
        for caller in callers {
            all.add(&caller.join().map_err(|_| Failure::new("a caller panicked"))??);
        }
        Ok(all)
    })
}

fn caller<P: BenchPool>(
    pool: &P,
    plan: &Arrivals,
    next: &AtomicUsize,
    start: Instant,
) -> Result<Waits, Failure> {
    let mut waits = Waits::new();
    let mut done = Ok(());
    pool.in_thread(&mut || {
        done = (|| {
            while let Some(due) = plan.due.get(next.fetch_add(1, Ordering::Relaxed)) {
                let due = start + *due;
                thread::sleep(due.saturating_duration_since(Instant::now()));
                let guard = pool.checkout()?;
                waits.record(due.elapsed());
                plan.hold.pass();
                drop(guard);
            }
            Ok(())
        })();
    });
    done.map(|()| waits)
}

/// Rates are shares of what the fastest of these pools did in a closed loop just before.
pub(crate) fn plan(contenders: &[Contender], scale: &Scale) -> Result<Plan, Failure> {
    let capacity = capacity(contenders, scale)?;
    let shares: &[u32] = if scale.quick { &[50, 90] } else { &[50, 70, 80, 90, 95] };
    let time = scale.time(Duration::from_secs(5));
    let cell = |share: &u32| {
        let arrivals = Arrivals::at_rate(capacity * f64::from(*share) / 100.0, time);
        Cell::new(format!("{share}%"), move |contender| {
            let waits = contender.warmed(&Setup::full(CONNECTIONS))?.arrivals(&arrivals)?;
            let quantiles = [0.5, 0.9, 0.99, 0.999, 0.9999].map(|share| waits.quantile(share));
            Ok([quantiles.as_slice(), &[waits.max()]].concat())
        })
    };
    Ok(Plan {
        about: format!(
            "callers come at a share of {capacity:.0}/s, which the fastest pool does in a closed loop; \
             {CONNECTIONS} connections, {HOLD}; wait from the moment at which a caller was to come"
        ),
        columns: vec![
            Column::new("p50", Unit::Nanos),
            Column::new("p90", Unit::Nanos),
            Column::new("p99", Unit::Nanos).compared(),
            Column::new("p99.9", Unit::Nanos).compared(),
            Column::new("p99.99", Unit::Nanos).compared(),
            Column::new("max", Unit::Nanos),
        ],
        cells: shares.iter().map(cell).collect(),
        claims: Vec::new(),
    })
}

fn capacity(contenders: &[Contender], scale: &Scale) -> Result<f64, Failure> {
    let time = scale.time(Duration::from_secs(1));
    let crowd = Crowd { threads: THREADS, hold: HOLD, time, tickets: false };
    let mut most = 1.0;
    for contender in contenders {
        let rate = contender.warmed(&Setup::full(CONNECTIONS))?.crowd(&crowd)?.rate();
        most = f64::max(most, rate);
    }
    Ok(most)
}

#[cfg(test)]
mod tests {
    use super::Arrivals;
    use std::time::Duration;

    #[test]
    fn arrivals_come_at_their_rate_and_not_evenly() {
        let due = Arrivals::at_rate(1000.0, Duration::from_secs(10)).due;
        assert!((9_600..10_400).contains(&due.len()), "{}", due.len());
        assert!(due.is_sorted());
        let gaps: Vec<Duration> = due.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let long = gaps.iter().filter(|gap| **gap > Duration::from_millis(3)).count();
        // Of exponential gaps e⁻³ are longer than three times the mean.
        assert!((400..600).contains(&long), "{long}");
    }
}
