//! One thread for all clocks of all pools of the process, started by the first that needs it.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;
use std::time::Instant;

use super::panicked;
use super::per_process::PerProcess;
use super::workers::{self, Job};

/// What happens when the time has come.
pub(super) enum Alarm {
    Wake(Waker),
    Run(Job),
}

/// An alarm that is set.
pub(super) type AlarmKey = (Instant, u64);

struct State {
    alarms: BTreeMap<AlarmKey, Alarm>,
    next: u64,
    running: bool,
}

struct Clock {
    state: Mutex<State>,
    changed: Condvar,
}

static CLOCK: PerProcess<Clock> = PerProcess::new(Clock::new(), Clock::new);

impl Clock {
    const fn new() -> Self {
        let state = Mutex::new(State { alarms: BTreeMap::new(), next: 0, running: false });
        Clock { state, changed: Condvar::new() }
    }
}

fn lock() -> MutexGuard<'static, State> {
    CLOCK.get().state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets an alarm.
pub(super) fn at(when: Instant, alarm: Alarm) -> AlarmKey {
    let mut state = lock();
    state.next += 1;
    let key = (when, state.next);
    let earliest = state.alarms.first_key_value().is_none_or(|(first, _)| key < *first);
    state.alarms.insert(key, alarm);
    if !state.running {
        let started = thread::Builder::new().name("aludel-pool-timer".into()).spawn(keep_time);
        state.running = started.is_ok();
    } else if earliest {
        CLOCK.get().changed.notify_one();
    }
    key
}

/// Takes an alarm back.
pub(super) fn cancel(key: AlarmKey) {
    let alarm = lock().alarms.remove(&key);
    // Dropping a waker is code of users, which may cancel another alarm: not under the lock.
    drop(alarm);
}

/// Has an alarm wake somebody else, unless it has gone off.
pub(super) fn redirect(key: AlarmKey, waker: &Waker) {
    match lock().alarms.get(&key) {
        Some(Alarm::Wake(set)) if !set.will_wake(waker) => {}
        _ => return,
    }
    let mut other = Alarm::Wake(waker.clone());
    if let Some(set) = lock().alarms.get_mut(&key) {
        std::mem::swap(set, &mut other);
    }
    drop(other);
}

fn keep_time() {
    let changed = &CLOCK.get().changed;
    let mut state = lock();
    loop {
        let now = Instant::now();
        let first = state.alarms.first_key_value().map(|(key, _)| *key);
        state = match first {
            Some(key) if key.0 <= now => {
                let alarm = state.alarms.remove(&key);
                drop(state);
                match alarm {
                    // One task that panics must not stop the clocks of all pools.
                    Some(Alarm::Wake(waker)) => panicked::survived(|| waker.wake()),
                    Some(Alarm::Run(job)) => workers::run(job),
                    None => {}
                }
                lock()
            }
            Some((when, _)) => {
                changed.wait_timeout(state, when - now).unwrap_or_else(PoisonError::into_inner).0
            }
            None => changed.wait(state).unwrap_or_else(PoisonError::into_inner),
        };
    }
}
