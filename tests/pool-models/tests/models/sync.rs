//! loom's threads, locks and atomics in place of those of the standard library.

use std::time::Instant;

pub(crate) use loom::sync::atomic::{AtomicU64, Ordering};
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
