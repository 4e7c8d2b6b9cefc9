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
    jobs: VecDeque<(u64, J)>,
    /// The number of the last job.
    last: u64,
    workers: usize,
    idle: usize,
}

impl<J> State<J> {
    pub(super) const fn new() -> Self {
        State { jobs: VecDeque::new(), last: 0, workers: 0, idle: 0 }
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

    /// Leaves a job. Its number when the caller has to start a worker, of which there are `most`.
    pub(super) fn push(&self, job: J, most: usize) -> Option<u64> {
        let mut state = self.lock();
        state.last += 1;
        let number = state.last;
        state.jobs.push_back((number, job));
        // No job waits for one that has not begun, so that all come to their turn.
        if state.idle >= state.jobs.len() {
            self.ready.notify_one();
            return None;
        }
        if state.workers >= most {
            return None;
        }
        state.workers += 1;
        Some(number)
    }

    /// A worker could not be started for this job. It is left to the other workers, or comes back
    /// when there are none.
    pub(super) fn without_worker(&self, number: u64) -> Option<J> {
        let mut state = self.lock();
        state.workers -= 1;
        if state.workers > 0 {
            return None;
        }
        let place = state.jobs.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        state.jobs.remove(place).map(|(_, job)| job)
    }

    /// The next job of a worker. `None` once there was nothing to do for this long: the worker ends.
    pub(super) fn next(&self, patience: Duration) -> Option<J> {
        let mut state = self.lock();
        let mut is_late = false;
        loop {
            if let Some((_, job)) = state.jobs.pop_front() {
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
