//! Alarms in the order of their times, and the waiting for the first of them.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::sync::{Condvar, Mutex, MutexGuard};

/// An alarm that is set.
pub(super) type AlarmKey = (Instant, u64);

/// The alarms of one keeper of time. No alarm is dropped under the lock.
pub(super) struct Alarms<A> {
    state: Mutex<State<A>>,
    changed: Condvar,
}

pub(super) struct State<A> {
    set: BTreeMap<AlarmKey, A>,
    last: u64,
    /// Somebody waits for the first of them.
    kept: bool,
}

impl<A> State<A> {
    pub(super) const fn new() -> Self {
        State { set: BTreeMap::new(), last: 0, kept: false }
    }
}

impl<A> Alarms<A> {
    /// Of what is there to wait with, which a constant cannot make in models.
    pub(super) const fn of(state: Mutex<State<A>>, changed: Condvar) -> Self {
        Alarms { state, changed }
    }

    fn lock(&self) -> MutexGuard<'_, State<A>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets an alarm. With true the caller has to find somebody who keeps the time.
    pub(super) fn set(&self, when: Instant, alarm: A) -> (AlarmKey, bool) {
        let mut state = self.lock();
        state.last += 1;
        let key = (when, state.last);
        let earliest = state.set.first_key_value().is_none_or(|(first, _)| key < *first);
        state.set.insert(key, alarm);
        let kept = std::mem::replace(&mut state.kept, true);
        if kept && earliest {
            self.changed.notify_one();
        }
        (key, !kept)
    }

    /// Nobody could be found who keeps the time; the next alarm tries again.
    pub(super) fn is_not_kept(&self) {
        self.lock().kept = false;
    }

    /// Takes an alarm back, unless it has gone off.
    pub(super) fn cancel(&self, key: AlarmKey) -> Option<A> {
        self.lock().set.remove(&key)
    }

    /// Puts another alarm in the place of one that is not right, unless that has gone off.
    pub(super) fn exchange(
        &self,
        key: AlarmKey,
        is_right: impl Fn(&A) -> bool,
        other: impl FnOnce() -> A,
    ) {
        if self.lock().set.get(&key).is_none_or(is_right) {
            return;
        }
        let mut other = other();
        if let Some(alarm) = self.lock().set.get_mut(&key) {
            std::mem::swap(alarm, &mut other);
        }
        drop(other);
    }

    /// Waits for the time of the first alarm, and takes it. For one thread.
    pub(super) fn next(&self) -> A {
        let mut state = self.lock();
        loop {
            let first = state.set.first_key_value().map(|(key, _)| key.0);
            let left = first.map(|when| when.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left == Duration::ZERO)
                && let Some((_, alarm)) = state.set.pop_first()
            {
                return alarm;
            }
            state = match left {
                Some(left) => {
                    self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
