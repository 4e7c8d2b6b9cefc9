//! One checkout: who asks, and until when.

use std::panic::Location;
use std::time::{Duration, Instant};

use super::thread_number::this_thread;

#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) place: &'static Location<'static>,
    /// When it began; `None` for one that takes no time.
    pub(super) begun: Option<Instant>,
    pub(super) timeout: Option<Duration>,
    /// When the checkout has to end. A timeout of zero forbids waiting for others, and leaves
    /// connecting to its own limit.
    pub(super) deadline: Option<Instant>,
    /// The thread that asked, where that need not be the one that connects: for tasks.
    pub(super) thread: u64,
    pub(super) of_task: bool,
    /// The deadline was set just now: the clock need not be read again to know what is left.
    pub(super) unspent: bool,
    /// Somebody wants to know what it takes.
    pub(super) told: bool,
}

impl Call {
    #[cold]
    pub(super) fn new(place: &'static Location<'static>, timeout: Option<Duration>) -> Self {
        let now = Instant::now();
        let deadline = timeout
            .filter(|timeout| !timeout.is_zero())
            .and_then(|timeout| now.checked_add(timeout));
        let (begun, thread) = (Some(now), this_thread());
        let (of_task, unspent, told) = (false, false, false);
        Call { place, begun, timeout, deadline, thread, of_task, unspent, told }
    }

    /// A checkout that will neither wait nor connect, and so needs no deadline.
    #[inline]
    pub(super) fn at_once(place: &'static Location<'static>) -> Self {
        Call {
            place,
            begun: None,
            timeout: None,
            deadline: None,
            thread: this_thread(),
            of_task: false,
            unspent: true,
            told: false,
        }
    }

    /// The shorter of a limit and what is left until the deadline; `None` when nothing is left.
    pub(super) fn left_of(&self, limit: Duration) -> Option<Duration> {
        let Some(deadline) = self.deadline else { return Some(limit) };
        let left = match self.timeout {
            Some(timeout) if self.unspent => timeout,
            _ => deadline.saturating_duration_since(Instant::now()),
        };
        (!left.is_zero()).then(|| left.min(limit))
    }

    /// When the caller is told that it took too long, though somebody still works on it.
    pub(super) fn latest(&self) -> Option<Instant> {
        self.deadline?.checked_add(self.timeout? / 20)
    }

    pub(super) fn may_wait(&self) -> bool {
        self.timeout != Some(Duration::ZERO)
    }
}
