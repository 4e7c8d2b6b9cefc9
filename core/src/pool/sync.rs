//! What the waiting room takes from the standard library, in one place for models to replace.

use std::cell::UnsafeCell;
use std::time::Instant;

pub(super) use std::sync::atomic::{AtomicU64, Ordering};
pub(super) use std::sync::{Arc, Condvar, Mutex, MutexGuard};
pub(super) use std::thread::Thread;

/// A value that is shared without a lock; who may touch it is decided elsewhere.
pub(super) struct Cell<T>(UnsafeCell<T>);

impl<T> Cell<T> {
    pub(super) fn new(value: T) -> Self {
        Cell(UnsafeCell::new(value))
    }

    /// Gives `work` the place of the value.
    #[inline]
    pub(super) fn with_mut<R>(&self, work: impl FnOnce(*mut T) -> R) -> R {
        work(self.0.get())
    }
}

/// Sleeps until somebody unparks this thread or the time has come, and sometimes for no reason.
pub(super) fn park_until(deadline: Option<Instant>) {
    match deadline {
        None => std::thread::park(),
        Some(deadline) => {
            std::thread::park_timeout(deadline.saturating_duration_since(Instant::now()));
        }
    }
}
