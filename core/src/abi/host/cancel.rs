//! Cancelling from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::adopt::adopt;
use super::connection::DriverConnection;
use super::errors::ErrorBuffer;
use super::limits::Limits;
use crate::abi::constants::status;
use crate::abi::data::RawCancel;
use crate::abi::tables::CancelVt;
use crate::dialect::DialectInfo;
use crate::error::{Error, Result};

/// Cancels what a connection is doing, from any thread. Outlives the connection; then it does
/// nothing.
pub struct DriverCancel {
    data: *mut core::ffi::c_void,
    table: CancelVt,
    info: &'static DialectInfo,
    generation: Arc<AtomicU64>,
}

// SAFETY: the ABI demands that cancel handles may be used from any thread at any time.
unsafe impl Send for DriverCancel {}
// SAFETY: as above.
unsafe impl Sync for DriverCancel {}

impl DriverConnection {
    /// A handle for cancelling.
    ///
    /// # Errors
    /// `NotSupported` when the dialect cannot cancel.
    pub fn cancel_handle(&mut self) -> Result<DriverCancel> {
        let entry = self.table.cancel_handle.ok_or_else(|| self.missing("cancelling"))?;
        let mut raw = RawCancel { data: core::ptr::null_mut(), vt: core::ptr::null() };
        let there = self.call(Limits::NONE, |data, _, error| {
            // SAFETY: live connection, valid pointers, no other call on the connection.
            unsafe { entry(data, &raw mut raw, error) }
        })?;
        if !there || raw.vt.is_null() {
            return Err(self.missing("cancelling"));
        }
        Ok(DriverCancel {
            data: raw.data,
            // SAFETY: the dialect has just made this handle, and its table follows the ABI.
            table: unsafe { adopt(raw.vt.cast::<CancelVt>()) },
            info: self.info(),
            generation: Arc::clone(&self.generation),
        })
    }
}

impl DriverCancel {
    /// The number of the call that the connection made last; for [`cancel_call`](Self::cancel_call).
    pub fn current_call(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Cancels the call that is running now; does nothing when none is.
    ///
    /// # Errors
    /// When the request could not be delivered.
    pub fn cancel(&self) -> Result<()> {
        self.cancel_call(self.current_call())
    }

    /// Cancels this call; does nothing when it has ended.
    ///
    /// # Errors
    /// As [`cancel`](Self::cancel).
    pub fn cancel_call(&self, generation: u64) -> Result<()> {
        if generation > self.current_call() {
            // A call that has not been made yet is nobody's to cancel.
            return Ok(());
        }
        let Some(cancel) = self.table.cancel else {
            return Err(Error::not_supported("cancelling is not supported by this dialect")
                .with_dialect(self.info.name));
        };
        let mut errors = ErrorBuffer::new();
        let mut error = errors.out();
        let options = Limits::NONE.options(1);
        // SAFETY: a live handle, which any thread may use; valid pointers.
        let status = unsafe { cancel(self.data, generation, &raw const options, &raw mut error) };
        match status {
            status::OK | status::NOTHING => Ok(()),
            _ => Err(errors.read(&error, self.info.name)),
        }
    }
}

impl std::fmt::Debug for DriverCancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DriverCancel")
            .field("dialect", &self.info.name)
            .field("current_call", &self.current_call())
            .finish_non_exhaustive()
    }
}

impl Drop for DriverCancel {
    fn drop(&mut self) {
        if let Some(free) = self.table.free {
            // SAFETY: a live handle, freed once.
            unsafe { free(self.data) };
        }
    }
}
