//! loom's threads, locks and atomics in place of those of the standard library.

use std::time::{Duration, Instant};

pub(crate) use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering};
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
pub(crate) use loom::thread::Thread;
// Counting is not what is tried here; loom's own would try every order of it.
pub(crate) use std::sync::Arc;

/// Finds out when two threads touch the value at the same time.
pub(crate) struct Cell<T>(loom::cell::UnsafeCell<T>);

impl<T> Cell<T> {
    pub(crate) fn new(value: T) -> Self {
        Cell(loom::cell::UnsafeCell::new(value))
    }

    pub(crate) fn with_mut<R>(&self, work: impl FnOnce(*mut T) -> R) -> R {
        self.0.with_mut(work)
    }
}

/// Sleeps until somebody unparks this thread. Models that give up do so without sleeping.
pub(crate) fn park_until(_deadline: Option<Instant>) {
    loom::thread::park();
}

/// Waits on a condition. No time is over at once, so that anything may happen before the lock is had
/// again; any other never is.
pub(crate) fn wait_at_most<'a, T>(
    condition: &Condvar,
    lock: &'a Mutex<T>,
    held: MutexGuard<'a, T>,
    time: Duration,
) -> (MutexGuard<'a, T>, bool) {
    if !time.is_zero() {
        return (condition.wait(held).expect("no model panics with a lock held"), false);
    }
    drop(held);
    loom::thread::yield_now();
    (lock.lock().expect("no model panics with a lock held"), true)
}
