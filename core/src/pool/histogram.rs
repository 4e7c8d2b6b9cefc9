//! How long things took: counts of times in buckets, to which any thread adds without waiting.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Each power of two has `1 << FINE` buckets, so that none is wider than a 32nd of what is in it.
const FINE: u32 = 5;
const LINEAR: u64 = 1 << FINE;

/// Times below two to this power of nanoseconds, 73 minutes, are told apart.
const POWERS: u32 = 42;
const BUCKETS: usize = ((POWERS - FINE + 1) as usize) << FINE;

/// How long something took, over all times that it was done since the pool was made.
///
/// Quantiles are exact or up to 3.2 % too long, and never too short: times lie in buckets, 32 for each
/// power of two. Those beyond 73 minutes are all taken for as long as the longest. Recording does not
/// wait for whoever reads, so that a time that is being recorded may be missing in a part of this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timing {
    /// How often it was done.
    pub count: u64,
    /// All times together.
    pub sum: Duration,
    /// The shortest; zero while there is none.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
    /// Half of the times were as short as this, or shorter.
    pub p50: Duration,
    /// Nine in ten.
    pub p90: Duration,
    /// 99 in 100.
    pub p99: Duration,
    /// 999 in 1000.
    pub p999: Duration,
}

pub(super) struct Histogram {
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
    min: AtomicU64,
    max: AtomicU64,
    /// The buckets as they were when somebody last asked what was new; empty at first.
    #[cfg(feature = "metrics")]
    told: std::sync::Mutex<Vec<u64>>,
}

impl Histogram {
    pub(super) fn new() -> Self {
        let buckets = (0..BUCKETS).map(|_| AtomicU64::new(0)).collect();
        let (sum, max) = (AtomicU64::new(0), AtomicU64::new(0));
        Histogram {
            buckets,
            sum,
            min: AtomicU64::new(u64::MAX),
            max,
            #[cfg(feature = "metrics")]
            told: std::sync::Mutex::default(),
        }
    }

    pub(super) fn record(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        // Most times are neither, and a load leaves the line to the others.
        if nanos < self.min.load(Ordering::Relaxed) {
            self.min.fetch_min(nanos, Ordering::Relaxed);
        }
        if nanos > self.max.load(Ordering::Relaxed) {
            self.max.fetch_max(nanos, Ordering::Relaxed);
        }
        self.sum.fetch_add(nanos, Ordering::Relaxed);
        self.buckets[bucket_of(nanos)].fetch_add(1, Ordering::Relaxed);
    }

    /// What was recorded since this was last asked for.
    #[cfg(feature = "metrics")]
    pub(super) fn new_times(&self) -> Vec<(Duration, u64)> {
        let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        told.resize(BUCKETS, 0);
        let buckets = self.buckets.iter().zip(told.iter_mut()).enumerate();
        let new = buckets.filter_map(|(bucket, (count, told))| {
            let count = count.load(Ordering::Relaxed);
            let new = count - std::mem::replace(told, count);
            (new > 0).then(|| (Duration::from_nanos(middle_of(bucket)), new))
        });
        new.collect()
    }

    pub(super) fn read(&self) -> Timing {
        let counts: Vec<u64> =
            self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect();
        let count = counts.iter().sum();
        if count == 0 {
            return Timing::default();
        }
        let (min, max) = (self.min.load(Ordering::Relaxed), self.max.load(Ordering::Relaxed));
        let quantile = |per_mille: u64| {
            // At least so many times are as short: rounded up, and never none.
            let wanted = u128::from(count) * u128::from(per_mille);
            let wanted = wanted.div_ceil(1000) as u64;
            let mut seen = 0;
            let reached = counts.iter().position(|here| {
                seen += here;
                seen >= wanted
            });
            let longest = match reached {
                Some(last) if last + 1 == BUCKETS => max,
                Some(bucket) => longest_in(bucket),
                None => max,
            };
            Duration::from_nanos(longest.max(min).min(max))
        };
        Timing {
            count,
            sum: Duration::from_nanos(self.sum.load(Ordering::Relaxed)),
            min: Duration::from_nanos(min),
            max: Duration::from_nanos(max),
            p50: quantile(500),
            p90: quantile(900),
            p99: quantile(990),
            p999: quantile(999),
        }
    }
}

fn bucket_of(nanos: u64) -> usize {
    let nanos = nanos.min((1 << POWERS) - 1);
    // The first bits of a time, and how many others it has.
    let others = (nanos | LINEAR).ilog2() - FINE;
    ((u64::from(others) << FINE) + (nanos >> others)) as usize
}

/// The longest time of a bucket.
fn longest_in(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let others = (bucket >> FINE).saturating_sub(1);
    let first = bucket - (others << FINE);
    ((first + 1) << others) - 1
}

#[cfg(feature = "metrics")]
fn middle_of(bucket: usize) -> u64 {
    let longest = longest_in(bucket);
    match bucket {
        0 => longest,
        _ => longest - (longest - longest_in(bucket - 1)) / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(nanos: &[u64]) -> Timing {
        let histogram = Histogram::new();
        nanos.iter().for_each(|nanos| histogram.record(Duration::from_nanos(*nanos)));
        histogram.read()
    }

    #[test]
    fn each_bucket_begins_where_the_last_one_ends() {
        for bucket in 0..BUCKETS {
            let longest = longest_in(bucket);
            assert_eq!(bucket_of(longest), bucket);
            assert_eq!(bucket_of(longest + 1), (bucket + 1).min(BUCKETS - 1));
        }
        assert_eq!(bucket_of(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn short_times_are_exact_and_those_beyond_the_last_bucket_the_longest() {
        let timing = of(&[0, 0, 0, 63]);
        assert_eq!((timing.p50, timing.p999), (Duration::ZERO, Duration::from_nanos(63)));
        assert_eq!(of(&[1, u64::MAX]).p90, Duration::from_nanos(u64::MAX));
        assert_eq!(of(&[]), Timing::default());
    }

    #[test]
    fn threads_lose_no_time_to_each_other() {
        let histogram = Histogram::new();
        std::thread::scope(|scope| {
            for thread in 1..=4 {
                let histogram = &histogram;
                scope.spawn(move || {
                    (0..10_000).for_each(|_| histogram.record(Duration::from_micros(thread)));
                });
            }
        });
        let timing = histogram.read();
        assert_eq!((timing.count, timing.sum), (40_000, Duration::from_millis(100)));
        let ends = (Duration::from_micros(1), Duration::from_micros(4));
        assert_eq!((timing.min, timing.max), ends);
    }

    proptest! {
        #[test]
        fn a_quantile_is_no_shorter_than_the_exact_one_and_a_32nd_longer_at_most(
            nanos in proptest::collection::vec((0..POWERS).prop_flat_map(|p| 0..=(1_u64 << p)), 1..200)
        ) {
            let mut sorted = nanos.clone();
            sorted.sort_unstable();
            let timing = of(&nanos);
            let quantiles =
                [(500, timing.p50), (900, timing.p90), (990, timing.p99), (999, timing.p999)];
            for (per_mille, found) in quantiles {
                let exact = sorted[(nanos.len() * per_mille).div_ceil(1000) - 1];
                let found = found.as_nanos() as u64;
                prop_assert!(found >= exact && found - exact <= exact / 32, "{found} for {exact}");
            }
            prop_assert_eq!(timing.count as usize, nanos.len());
            prop_assert_eq!(timing.sum, Duration::from_nanos(nanos.iter().sum()));
            prop_assert_eq!(timing.min, Duration::from_nanos(sorted[0]));
            prop_assert_eq!(timing.max, Duration::from_nanos(sorted[sorted.len() - 1]));
        }
    }
}
