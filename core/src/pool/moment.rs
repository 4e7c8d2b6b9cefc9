//! Times for which a few milliseconds do not matter, and that must cost little to ask for.

use std::time::Duration;

use crate::abi::clock::{coarse_ns, monotonic_ns};

/// A time of the coarse clock, which may be 10 ms late.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(u64);

impl Moment {
    #[inline]
    pub(super) fn now() -> Self {
        Moment(coarse_ns())
    }

    /// As [`now`](Self::now) by the clock that is not late, which takes five times as long to ask.
    pub(super) fn exactly_now() -> Self {
        Moment(monotonic_ns())
    }

    /// The moment so much later; never for times beyond what the clock can show.
    pub(super) fn after(self, time: Duration) -> Self {
        Moment(self.0.saturating_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)))
    }

    pub(super) fn elapsed(self) -> Duration {
        Self::now().since(self)
    }

    pub(super) fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}
