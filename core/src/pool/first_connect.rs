//! The first connection of a pool, which listeners look at before there is a second one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::thread_number::this_thread;
use crate::error::{Error, Result};

#[derive(Default)]
pub(super) struct FirstConnect {
    met: Mutex<bool>,
    /// The thread whose listeners look at it now.
    by: AtomicU64,
}

/// Takes the thread off when its listeners have ended, also by a panic.
struct Looking<'a>(&'a AtomicU64);

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl FirstConnect {
    /// Calls `look` for the first connection; who connects at the same time waits until it has ended.
    pub(super) fn meet(&self, look: impl FnOnce() -> Result<()>) -> Result<()> {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        // Also after an error: the listeners were told, and are not told twice.
        if std::mem::replace(&mut *met, true) {
            return Ok(());
        }
        self.by.store(this_thread(), Ordering::Relaxed);
        let _looking = Looking(&self.by);
        look()
    }

    /// Refuses a checkout by a listener that everybody waits for.
    pub(super) fn refuse_itself(&self) -> Result<()> {
        if self.by.load(Ordering::Relaxed) != this_thread() {
            return Ok(());
        }
        let what =
            "a listener of `first_connect` checks a connection out of its pool, which waits for it";
        Err(Error::invalid_request(what).with_help("use the connection that the listener is given"))
    }
}
