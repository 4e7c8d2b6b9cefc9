//! The moment at which a wait ends.

use std::io;
use std::time::{Duration, Instant};

use aludel::dbapi::Call;

/// The moment at which a wait ends, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// Waits as long as it takes.
    pub(crate) const NEVER: Deadline = Deadline(None);

    /// So long from now; a time beyond what the clock can hold never comes.
    pub(crate) fn after(time: Duration) -> Self {
        Deadline(Instant::now().checked_add(time))
    }

    /// So long from now, or never.
    pub(crate) fn after_if(time: Option<Duration>) -> Self {
        time.map_or(Self::NEVER, Self::after)
    }

    /// The deadline of a call.
    pub(crate) fn of(call: &Call<'_>) -> Self {
        Self::after_if(call.remaining())
    }

    /// Whichever comes first.
    pub(crate) fn earlier(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(one), Some(two)) => Deadline(Some(one.min(two))),
            (one, two) => Deadline(one.or(two)),
        }
    }

    /// True when there is a moment at all.
    pub(crate) fn is_set(self) -> bool {
        self.0.is_some()
    }

    /// Time left; zero when it has passed, `None` when it never comes.
    pub(crate) fn remaining(self) -> Option<Duration> {
        self.0.map(|moment| moment.saturating_duration_since(Instant::now()))
    }

    /// True when it has passed.
    pub(crate) fn has_passed(self) -> bool {
        self.remaining() == Some(Duration::ZERO)
    }

    /// Fails when it has passed.
    pub(crate) fn check(self) -> io::Result<()> {
        if self.has_passed() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}
