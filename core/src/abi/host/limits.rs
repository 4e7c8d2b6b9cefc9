//! How long a call may take and how much it may bring.

use std::time::Duration;

use crate::abi::clock;
use crate::abi::data::CallOptions;

/// Limits of a call: none by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    deadline_ns: u64,
    max_rows: u64,
}

impl Limits {
    /// No limits.
    pub const NONE: Limits = Limits { deadline_ns: 0, max_rows: 0 };

    /// The call must end within this time from now.
    pub fn within(time: Duration) -> Self {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        Limits { deadline_ns: clock::monotonic_ns().saturating_add(nanos).max(1), max_rows: 0 }
    }

    /// The same with this much more time.
    #[cfg(feature = "engine")]
    #[must_use]
    pub(crate) fn later(mut self, time: Duration) -> Self {
        if self.deadline_ns > 0 {
            let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
            self.deadline_ns = self.deadline_ns.saturating_add(nanos);
        }
        self
    }

    /// At most this many rows of a result are wanted.
    #[must_use]
    pub fn max_rows(mut self, rows: u64) -> Self {
        self.max_rows = rows;
        self
    }

    pub(super) fn row_limit(self) -> u64 {
        if self.max_rows == 0 { u64::MAX } else { self.max_rows }
    }

    #[inline]
    pub(super) fn options(self, generation: u64) -> CallOptions {
        CallOptions {
            size: size_of::<CallOptions>(),
            deadline_mono_ns: self.deadline_ns,
            generation,
            max_rows: self.max_rows,
            flags: 0,
            reserved: [0; 2],
        }
    }
}
