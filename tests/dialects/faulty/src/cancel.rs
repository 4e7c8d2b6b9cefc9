//! Cancelling through the wrapper.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use aludel::abi::host::DriverCancel;
use aludel::dbapi::{Call, Cancel};
use aludel::error::Result;

/// What connection and cancel handles share.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// The call that runs, or ran last.
    pub(crate) current: AtomicU64,
    /// Whether it runs.
    pub(crate) is_running: AtomicBool,
    /// A cancel came when none ran.
    pub(crate) came_late: AtomicBool,
}

/// A cancel handle: the inner one, for calls that still run.
pub(crate) struct FaultyCancel {
    pub(crate) inner: Arc<DriverCancel>,
    pub(crate) calls: Arc<Calls>,
}

impl Cancel for FaultyCancel {
    fn cancel(&self, generation: u64, _: &Call<'_>) -> Result<()> {
        if self.calls.current.load(Ordering::Acquire) != generation {
            return Ok(());
        }
        if !self.calls.is_running.load(Ordering::Acquire) {
            self.calls.came_late.store(true, Ordering::Release);
            return Ok(());
        }
        self.inner.cancel()
    }
}
