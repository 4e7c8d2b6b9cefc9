//! Cancelling the running call from another thread, and never the one after it.

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
}

impl Running {
    pub(super) fn new(backend: BackendKey) -> Arc<Self> {
        Arc::new(Running { backend, generation: Mutex::new(0) })
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
        startup::cancel(&self.backend, deadline)
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
        startup::cancel(&self.0.backend, Deadline::of(call).earlier(Deadline::after(PATIENCE)))
    }
}
