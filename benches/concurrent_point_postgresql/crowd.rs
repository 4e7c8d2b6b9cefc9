//! What many callers did in a span of time, and the keys that they ask for.

use std::time::{Duration, Instant};

use aludel_benches::spread;

use crate::server::ROWS;

/// What one caller did: the time of each query that was answered in time, in nanoseconds.
pub(crate) type Times = Vec<u32>;

/// What a crowd of callers did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    /// Queries in a second.
    pub(crate) rate: f64,
    /// Seconds of a query, waiting for a connection included; half took less.
    pub(crate) p50: f64,
    /// One of a hundred took longer.
    pub(crate) p99: f64,
}

impl Measured {
    /// What callers did within `time`.
    ///
    /// # Errors
    /// When no query was answered.
    pub(crate) fn of(crowd: &[Times], time: Duration) -> Result<Self, String> {
        let mut all: Vec<u32> = crowd.iter().flatten().copied().collect();
        all.sort_unstable();
        let at = |share: f64| all.get((share * all.len() as f64) as usize).copied();
        let (Some(p50), Some(p99)) = (at(0.5), at(0.99)) else {
            return Err(format!("no query was answered within {time:?}"));
        };
        let seconds = |nanos: u32| f64::from(nanos) / 1e9;
        let rate = all.len() as f64 / time.as_secs_f64();
        Ok(Measured { rate, p50: seconds(p50), p99: seconds(p99) })
    }

    /// The median of each number over the rounds.
    pub(crate) fn median(rounds: &[Measured]) -> Self {
        let of = |number: fn(&Measured) -> f64| {
            spread(&rounds.iter().map(number).collect::<Vec<_>>()).median
        };
        Measured { rate: of(|one| one.rate), p50: of(|one| one.p50), p99: of(|one| one.p99) }
    }
}

/// Adds the query that began then, if it ended in time; false when the time is over.
#[inline]
pub(crate) fn noted(times: &mut Times, begun: Instant, end: Instant) -> bool {
    let now = Instant::now();
    if now >= end {
        return false;
    }
    times.push((now - begun).as_nanos() as u32);
    true
}

/// The keys that the caller of this number asks for: spread over the table, others for each caller.
pub(crate) fn keys(caller: usize) -> impl Iterator<Item = i64> {
    let first = caller as u64 * 1_009;
    (first..).map(|i| (i.wrapping_mul(7_919) % ROWS + 1) as i64)
}
