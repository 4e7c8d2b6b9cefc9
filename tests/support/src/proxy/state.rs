//! What the test and the proxy's thread share.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::counts::Counts;
use super::link::{Link, Plan};
use crate::PATIENCE;
use crate::net::Signal;

/// Whom a change is meant for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whom {
    Everyone,
    One(usize),
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// For connections that nothing was set for by number.
    pub(super) default: Plan,
    pub(super) planned: BTreeMap<usize, Plan>,
    /// Each connection that came, in order; those that ended stay for their counts.
    pub(super) links: Vec<Link>,
    pub(super) listening: bool,
    pub(super) record_limit: usize,
    pub(super) stop: bool,
    /// Changes asked for, and how many of them are in force.
    asked: u64,
    done: u64,
}

impl State {
    /// No connection, no fault, a closed port.
    pub(super) fn recording(record_limit: usize) -> Self {
        Self { record_limit, ..Self::default() }
    }

    pub(super) fn counts(&self, whom: Whom) -> Counts {
        match whom {
            Whom::Everyone => {
                self.links.iter().map(Link::counts).fold(Counts::default(), Counts::add)
            }
            Whom::One(index) => self.links.get(index).map(Link::counts).unwrap_or_default(),
        }
    }

    pub(super) fn links_of(&mut self, whom: Whom) -> impl Iterator<Item = &mut Link> {
        let chosen = move |index| match whom {
            Whom::Everyone => true,
            Whom::One(one) => one == index,
        };
        self.links.iter_mut().enumerate().filter(move |(index, _)| chosen(*index)).map(|(_, l)| l)
    }

    /// What is set for connections that are still to come.
    pub(super) fn plans_of(&mut self, whom: Whom) -> Vec<&mut Plan> {
        match whom {
            Whom::Everyone => {
                let mut plans = vec![&mut self.default];
                plans.extend(self.planned.values_mut());
                plans
            }
            Whom::One(index) if index < self.links.len() => Vec::new(),
            Whom::One(index) => {
                vec![self.planned.entry(index).or_insert_with(|| self.default.clone())]
            }
        }
    }

    /// Everything asked for so far is in force.
    pub(super) fn acknowledge(&mut self) {
        self.done = self.asked;
    }
}

/// The state, and how one side tells the other of a change.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    pub(super) signal: Signal,
}

impl Shared {
    pub(super) fn new(state: State, signal: Signal) -> Self {
        Self { state: Mutex::new(state), changed: Condvar::new(), signal }
    }

    /// The state; one thread that panics must not hide what the others have to say.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The proxy's thread has done something that a test may wait for.
    pub(super) fn tell(&self) {
        self.changed.notify_all();
    }

    /// Changes the state and waits until the change is in force.
    pub(super) fn change(&self, what: &str, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        state.asked += 1;
        let mine = state.asked;
        drop(state);
        self.signal.raise();
        self.wait(what, |state| state.done >= mine);
    }

    /// Waits until `ready` holds.
    pub(super) fn wait(&self, what: &str, ready: impl Fn(&State) -> bool) {
        let until = Instant::now() + PATIENCE;
        let mut state = self.lock();
        while !ready(&state) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let counts = state.counts(Whom::Everyone);
                drop(state);
                panic!("the proxy waited {PATIENCE:?} in vain for {what}; it has seen {counts:#?}");
            }
            let waited = self.changed.wait_timeout(state, left);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }
}
