//! One thread for all clocks of all pools of the process, started by the first that needs it.

use std::sync::{Condvar, Mutex};
use std::task::Waker;
use std::thread;
use std::time::Instant;

use super::alarms::{Alarms, State};
use super::panicked;
use super::per_process::PerProcess;
use super::workers::{self, Job};

pub(super) use super::alarms::AlarmKey;

/// What happens when the time has come.
pub(super) enum Alarm {
    Wake(Waker),
    Run(Job),
}

static CLOCK: PerProcess<Alarms<Alarm>> = PerProcess::new(clock(), clock);

const fn clock() -> Alarms<Alarm> {
    Alarms::of(Mutex::new(State::new()), Condvar::new())
}

/// Sets an alarm.
pub(super) fn at(when: Instant, alarm: Alarm) -> AlarmKey {
    let clock = CLOCK.get();
    let (key, is_first) = clock.set(when, alarm);
    if is_first {
        let keeper = thread::Builder::new().name("aludel-pool-timer".into());
        if keeper.spawn(move || keep_time(clock)).is_err() {
            clock.is_not_kept();
        }
    }
    key
}

/// Takes an alarm back.
pub(super) fn cancel(key: AlarmKey) {
    drop(CLOCK.get().cancel(key));
}

/// Has an alarm wake somebody else, unless it has gone off.
pub(super) fn redirect(key: AlarmKey, waker: &Waker) {
    let is_right = |alarm: &Alarm| match alarm {
        Alarm::Wake(set) => set.will_wake(waker),
        Alarm::Run(_) => true,
    };
    CLOCK.get().exchange(key, is_right, || Alarm::Wake(waker.clone()));
}

fn keep_time(clock: &Alarms<Alarm>) {
    loop {
        match clock.next() {
            // One task that panics must not stop the clocks of all pools.
            Alarm::Wake(waker) => panicked::survived(|| waker.wake()),
            Alarm::Run(job) => workers::run(job),
        }
    }
}
