//! Cancelling the running call from another thread, and never the one after it.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aludel::dbapi::{Call, Cancel};
use aludel::error::Result;

use crate::net::Deadline;
use crate::startup::{self, BackendKey};

/// Longest time that a cancel may take: the call that it is for waits for its end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which call is running, shared with those who may cancel it.
///
/// The lock is held while a cancel is under way, so that the call cannot end, and the next one not
/// begin, before the server has taken the cancel.
#[derive(Debug)]
pub(super) struct Running {
    backend: BackendKey,
    /// Generation of the running call; 0 for none.
    generation: Mutex<u64>,
    /// A cancel has left and was not seen to be taken: it may hit whatever runs later.
    is_at_risk: AtomicBool,
}

impl Running {
    pub(super) fn new(backend: BackendKey) -> Arc<Self> {
        Arc::new(Running { backend, generation: Mutex::new(0), is_at_risk: AtomicBool::new(false) })
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        // A number is whole whoever panicked.
        self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a call begins; it ends when what is returned is dropped.
    pub(super) fn enter(self: &Arc<Self>, call: &Call<'_>) -> RunningCall {
        *self.lock() = call.generation();
        RunningCall(Arc::clone(self))
    }

    /// Has the server stop what it does for this connection.
    ///
    /// # Errors
    /// When it could not be told.
    pub(super) fn stop(&self, deadline: Deadline) -> Result<()> {
        let _held = self.lock();
        self.send(deadline)
    }

    /// Sends a cancel, while the call that it is for is held.
    fn send(&self, deadline: Deadline) -> Result<()> {
        startup::cancel(&self.backend, deadline).map_err(|failure| {
            self.is_at_risk.fetch_or(failure.is_under_way, SeqCst);
            failure.error
        })
    }

    /// True when a cancel may still hit what runs after its call.
    pub(super) fn is_at_risk(&self) -> bool {
        self.is_at_risk.load(SeqCst)
    }
}

/// A call that is running.
#[derive(Debug)]
#[must_use = "the call ends when this is dropped"]
pub(super) struct RunningCall(Arc<Running>);

impl Drop for RunningCall {
    fn drop(&mut self) {
        *self.0.lock() = 0;
    }
}

/// The handle for other threads.
#[derive(Debug)]
pub(super) struct PostgresqlCancel(pub(super) Arc<Running>);

impl Cancel for PostgresqlCancel {
    fn cancel(&self, generation: u64, call: &Call<'_>) -> Result<()> {
        let running = self.0.lock();
        if generation == 0 || *running != generation {
            return Ok(());
        }
        self.0.send(Deadline::of(call).earlier(Deadline::after(PATIENCE)))
    }
}
