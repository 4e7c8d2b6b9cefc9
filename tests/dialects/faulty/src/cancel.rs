//! Cancelling through the wrapper.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use aludel::abi::host::DriverCancel;
use aludel::dbapi::{Call, Cancel};
use aludel::error::{Error, Result};

use crate::hub::Hub;

/// What connection and cancel handles share.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// The call that runs, or ran last.
    pub(crate) current: AtomicU64,
    /// Whether it runs.
    pub(crate) is_running: AtomicBool,
    /// A cancel came when none ran.
    pub(crate) came_late: AtomicBool,
    /// A cancel hits the call that runs, whichever it was meant for.
    pub(crate) ignores_call: AtomicBool,
    /// A cancel hits all connections.
    pub(crate) hits_all: AtomicBool,
    /// The connection is closed, and cancelling it fails.
    pub(crate) is_closed: AtomicBool,
}

/// A cancel handle: the inner one, for calls that still run.
pub(crate) struct FaultyCancel {
    pub(crate) inner: Arc<DriverCancel>,
    pub(crate) calls: Arc<Calls>,
    pub(crate) hub: Arc<Hub>,
}

impl Cancel for FaultyCancel {
    fn cancel(&self, generation: u64, _: &Call<'_>) -> Result<()> {
        if self.calls.is_closed.load(Ordering::Acquire) {
            return Err(Error::interface("the connection is closed"));
        }
        if self.calls.hits_all.load(Ordering::Acquire) {
            self.hub.state().cancels += 1;
        }
        if self.calls.ignores_call.load(Ordering::Acquire) {
            return self.inner.cancel();
        }
        // Looked up before the call is, so that it is not of a later one.
        let inner = self.inner.current_call();
        if self.calls.current.load(Ordering::Acquire) != generation {
            return Ok(());
        }
        if !self.calls.is_running.load(Ordering::Acquire) {
            self.calls.came_late.store(true, Ordering::Release);
            return Ok(());
        }
        self.inner.cancel_call(inner)
    }
}
