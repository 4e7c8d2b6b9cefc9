//! What the connections of a scripted server have come to.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::Deviation;
use crate::PATIENCE;

#[derive(Debug, Default)]
pub(super) struct Report {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Debug, Default)]
pub(super) struct Inner {
    /// Connections that came.
    pub(super) came: usize,
    /// Connections whose script was played to its end.
    pub(super) played: usize,
    /// What each connection said, as far as it was read.
    pub(super) heard: Vec<Vec<u8>>,
    /// In the order in which they happened.
    pub(super) deviations: Vec<Deviation>,
}

impl Report {
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new connection; returns its number.
    pub(super) fn came(&self) -> usize {
        self.change(|inner| {
            inner.heard.push(Vec::new());
            inner.came += 1;
            inner.came - 1
        })
    }

    /// Changes what is known, and tells those who wait.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }

    /// Waits until `ready` holds.
    pub(super) fn wait(&self, what: &str, ready: impl Fn(&Inner) -> bool) {
        let until = Instant::now() + PATIENCE;
        let mut inner = self.lock();
        while !ready(&inner) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let text = format!("{inner:#?}");
                drop(inner);
                panic!("the scripted server waited {PATIENCE:?} in vain for {what}: {text}");
            }
            let waited = self.changed.wait_timeout(inner, left);
            (inner, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }
}
