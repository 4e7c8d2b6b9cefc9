//! What the waiting room takes from the standard library, in one place for models to replace.

use std::cell::UnsafeCell;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

pub(super) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
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

/// Waits on a condition, for at most this long; true when that is over. The lock is the one that is
/// held.
pub(super) fn wait_at_most<'a, T>(
    condition: &Condvar,
    _lock: &'a Mutex<T>,
    held: MutexGuard<'a, T>,
    time: Duration,
) -> (MutexGuard<'a, T>, bool) {
    let (held, slept) = condition.wait_timeout(held, time).unwrap_or_else(PoisonError::into_inner);
    (held, slept.timed_out())
}
