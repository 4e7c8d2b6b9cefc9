//! A mutex with a condition variable: that of the standard library, or parking_lot's.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

/// State that threads wait for.
pub(super) trait Monitor<S>: Send + Sync + 'static {
    fn new(state: S) -> Self;

    /// Changes the state, and wakes one who waits.
    fn change(&self, change: impl FnOnce(&mut S));

    /// Asks until there is an answer; `None` when the time is over before.
    fn wait<T>(&self, until: Option<Instant>, ask: impl FnMut(&mut S) -> Option<T>) -> Option<T>;
}

pub(super) struct Std<S> {
    state: Mutex<S>,
    changed: Condvar,
}

impl<S: Send + 'static> Monitor<S> for Std<S> {
    fn new(state: S) -> Self {
        Std { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn change(&self, change: impl FnOnce(&mut S)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_one();
    }

    fn wait<T>(
        &self,
        until: Option<Instant>,
        mut ask: impl FnMut(&mut S) -> Option<T>,
    ) -> Option<T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(answer) = ask(&mut state) {
                return Some(answer);
            }
            state = match until {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.checked_duration_since(Instant::now())?;
                    let waited = self.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

#[cfg(feature = "peers")]
pub(super) struct ParkingLot<S> {
    state: parking_lot::Mutex<S>,
    changed: parking_lot::Condvar,
}

#[cfg(feature = "peers")]
impl<S: Send + 'static> Monitor<S> for ParkingLot<S> {
    fn new(state: S) -> Self {
        ParkingLot { state: parking_lot::Mutex::new(state), changed: parking_lot::Condvar::new() }
    }

    fn change(&self, change: impl FnOnce(&mut S)) {
        change(&mut self.state.lock());
        self.changed.notify_one();
    }

    fn wait<T>(
        &self,
        until: Option<Instant>,
        mut ask: impl FnMut(&mut S) -> Option<T>,
    ) -> Option<T> {
        let mut state = self.state.lock();
        loop {
            if let Some(answer) = ask(&mut state) {
                return Some(answer);
            }
            match until {
                None => self.changed.wait(&mut state),
                Some(until) => {
                    until.checked_duration_since(Instant::now())?;
                    self.changed.wait_until(&mut state, until);
                }
            }
        }
    }
}
