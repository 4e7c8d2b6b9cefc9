//! One checkout: who asks, and until when.

use std::panic::Location;
use std::time::{Duration, Instant};

#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) place: &'static Location<'static>,
    pub(super) timeout: Option<Duration>,
    /// When the checkout has to end. A timeout of zero forbids waiting for others, and leaves
    /// connecting to its own limit.
    pub(super) deadline: Option<Instant>,
    pub(super) of_task: bool,
}

impl Call {
    #[cold]
    pub(super) fn new(place: &'static Location<'static>, timeout: Option<Duration>) -> Self {
        let deadline = timeout
            .filter(|timeout| !timeout.is_zero())
            .and_then(|timeout| Instant::now().checked_add(timeout));
        Call { place, timeout, deadline, of_task: false }
    }

    /// When the caller is told that it took too long, though somebody still works on it.
    pub(super) fn latest(&self) -> Option<Instant> {
        self.deadline?.checked_add(self.timeout? / 20)
    }

    pub(super) fn may_wait(&self) -> bool {
        self.timeout != Some(Duration::ZERO)
    }
}
