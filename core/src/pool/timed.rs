//! What a pool with `pool_histograms` takes the time of.

use std::time::{Duration, Instant};

use super::histogram::{Histogram, Timing};

/// Times, each as the middle of its bucket, and how often they were taken.
#[cfg(feature = "metrics")]
pub(crate) type NewTimes = Vec<(Duration, u64)>;

/// How long checkouts and what connections need took, in a pool with `pool_histograms`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolTimings {
    /// Checkouts that were given a connection, from the call until then: waiting, connecting,
    /// testing. Zero where a connection was idle and nothing had to be done to it.
    pub wait: Timing,
    /// How long connections were in use: from the checkout until the next could have it, so with its
    /// reset.
    pub hold: Timing,
    /// Opening connections, where it succeeded.
    pub connect: Timing,
    /// Tests that the connection passed.
    pub ping: Timing,
}

impl PoolTimings {
    /// All of them with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Timing)> {
        let PoolTimings { wait, hold, connect, ping } = *self;
        [("wait", wait), ("hold", hold), ("connect", connect), ("ping", ping)].into_iter()
    }
}

/// The histograms of a pool; about 40 kB.
pub(super) struct Timed {
    pub(super) wait: Histogram,
    pub(super) hold: Histogram,
    pub(super) connect: Histogram,
    pub(super) ping: Histogram,
}

impl Timed {
    pub(super) fn new() -> Self {
        let new = Histogram::new;
        Timed { wait: new(), hold: new(), connect: new(), ping: new() }
    }

    pub(super) fn read(&self) -> PoolTimings {
        PoolTimings {
            wait: self.wait.read(),
            hold: self.hold.read(),
            connect: self.connect.read(),
            ping: self.ping.read(),
        }
    }

    /// What was recorded since this was last asked for: wait, hold, connect, ping.
    #[cfg(feature = "metrics")]
    pub(super) fn new_times(&self) -> Vec<NewTimes> {
        let all = [&self.wait, &self.hold, &self.connect, &self.ping];
        all.into_iter().map(Histogram::new_times).collect()
    }
}

/// Does something that may fail, and gives the time that it took if it succeeded and somebody wants
/// to know.
pub(super) fn took<T, E>(
    timed: bool,
    work: impl FnOnce() -> Result<T, E>,
) -> (Result<T, E>, Option<Duration>) {
    let began = timed.then(Instant::now);
    let done = work();
    let took = began.filter(|_| done.is_ok()).map(|began| began.elapsed());
    (done, took)
}
