//! How long callers waited: a histogram with an error of one per cent at most.

use std::time::Duration;

use hdrhistogram::Histogram;

const LONGEST: Duration = Duration::from_secs(120);

/// Waiting times, from a nanosecond to two minutes.
#[derive(Debug, Clone)]
pub(crate) struct Waits(Histogram<u64>);

impl Waits {
    pub(crate) fn new() -> Self {
        let longest = LONGEST.as_nanos() as u64;
        Waits(
            Histogram::new_with_bounds(1, longest, 2).expect("invariant: the bounds are in order"),
        )
    }

    /// A wait longer than two minutes counts as that.
    pub(crate) fn record(&mut self, wait: Duration) {
        self.0.saturating_record(u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX));
    }

    pub(crate) fn add(&mut self, other: &Waits) {
        self.0.add(&other.0).expect("invariant: all have the same bounds");
    }

    /// Nanoseconds that this share of callers did not exceed.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64
    }

    /// The nanoseconds of the longest wait.
    pub(crate) fn max(&self) -> f64 {
        self.0.max() as f64
    }
}

impl FromIterator<Duration> for Waits {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        let mut waits = Waits::new();
        times.into_iter().for_each(|time| waits.record(time));
        waits
    }
}

#[cfg(test)]
mod tests {
    use super::Waits;
    use std::time::Duration;

    #[test]
    fn quantiles_of_joined_histograms_are_those_of_all_waits() {
        let mut waits: Waits = (1..=500).map(Duration::from_micros).collect();
        waits.add(&(501..=1000).map(Duration::from_micros).collect());
        for (share, nanos) in [(0.5, 500e3), (0.99, 990e3), (0.999, 999e3)] {
            let found = waits.quantile(share);
            assert!((found / nanos - 1.0).abs() < 0.011, "{share}: {found}");
        }
        assert!((waits.max() / 1e6 - 1.0).abs() < 0.011, "{}", waits.max());
    }

    #[test]
    fn a_wait_beyond_the_bounds_counts_as_the_longest() {
        let waits: Waits = [Duration::from_secs(3600)].into_iter().collect();
        assert!((waits.max() / 120e9 - 1.0).abs() < 0.011, "{}", waits.max());
    }
}
