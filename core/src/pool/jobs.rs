//! Jobs in the order of their arrival, and workers that wait for them: no job waits for another's end.

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::time::Duration;

use super::sync::{Condvar, Mutex, MutexGuard, wait_at_most};

/// The jobs of a crew of workers.
pub(super) struct Jobs<J> {
    state: Mutex<State<J>>,
    ready: Condvar,
}

pub(super) struct State<J> {
    jobs: VecDeque<J>,
    workers: usize,
    idle: usize,
}

impl<J> State<J> {
    pub(super) const fn new() -> Self {
        State { jobs: VecDeque::new(), workers: 0, idle: 0 }
    }
}

impl<J> Jobs<J> {
    /// Of what is there to wait with, which a constant cannot make in models.
    pub(super) const fn of(state: Mutex<State<J>>, ready: Condvar) -> Self {
        Jobs { state, ready }
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a job. True when the caller has to start a worker, of which there are `most`.
    #[must_use]
    pub(super) fn push(&self, job: J, most: usize) -> bool {
        let mut state = self.lock();
        state.jobs.push_back(job);
        // No job waits for one that has not begun, so that all come to their turn.
        if state.idle >= state.jobs.len() {
            self.ready.notify_one();
            return false;
        }
        if state.workers >= most {
            return false;
        }
        state.workers += 1;
        true
    }

    /// A worker could not be started. Its jobs are left to the others; where there are none, all are
    /// done here, also those whose callers counted on the worker that was to be started.
    pub(super) fn without_worker(&self, mut work: impl FnMut(J)) {
        let mut state = self.lock();
        state.workers -= 1;
        while state.workers == 0
            && let Some(job) = state.jobs.pop_front()
        {
            drop(state);
            work(job);
            state = self.lock();
        }
    }

    /// The next job of a worker. `None` once there was nothing to do for this long: the worker ends.
    pub(super) fn next(&self, patience: Duration) -> Option<J> {
        let mut state = self.lock();
        let mut is_late = false;
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if is_late {
                state.workers -= 1;
                return None;
            }
            state.idle += 1;
            (state, is_late) = wait_at_most(&self.ready, &self.state, state, patience);
            state.idle -= 1;
        }
    }
}
