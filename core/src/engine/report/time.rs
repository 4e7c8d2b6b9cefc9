//! How long telling takes, which is not the time of what is told.

use std::time::Duration;

use crate::abi::host::Limits;
use crate::engine::Connection;

impl Connection {
    /// How long the connection has told of its work in all.
    #[inline]
    pub(crate) fn told_in(&self) -> Duration {
        self.told_in
    }

    /// Notes that telling took this long.
    #[inline]
    pub(crate) fn note_told(&mut self, time: Duration) {
        self.told_in += time;
    }

    /// Limits that were made when the connection had told [this long](Connection::told_in): what it
    /// has told since does not count for them.
    #[inline]
    pub(crate) fn limits_since(&self, limits: Limits, told_in: Duration) -> Limits {
        limits.later(self.told_in.saturating_sub(told_in))
    }
}
