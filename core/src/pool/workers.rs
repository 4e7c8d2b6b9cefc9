//! Threads for steps that wait on behalf of tasks and of pools: started when needed, ended when idle.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::panicked;
use super::per_process::PerProcess;

/// A worker that had nothing to do for this long ends.
const PATIENCE: Duration = Duration::from_secs(10);

/// Workers of the process at most: further jobs wait for one of them. A pool with a limit has as many
/// jobs as connections on their way; one without may be asked for any number at the same time.
const MOST: usize = 512;

pub(super) type Job = Box<dyn FnOnce() + Send>;

struct Workers {
    state: Mutex<State>,
    ready: Condvar,
}

struct State {
    jobs: VecDeque<(u64, Job)>,
    /// The number of the last job.
    last: u64,
    workers: usize,
    idle: usize,
}

static WORKERS: PerProcess<Workers> = PerProcess::new(Workers::new(), Workers::new);

impl Workers {
    const fn new() -> Self {
        let state = Mutex::new(State { jobs: VecDeque::new(), last: 0, workers: 0, idle: 0 });
        Workers { state, ready: Condvar::new() }
    }
}

fn lock() -> MutexGuard<'static, State> {
    WORKERS.get().state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has a job done by another thread. Must not be called with a lock held.
pub(super) fn run(job: Job) {
    let mut state = lock();
    state.last += 1;
    let number = state.last;
    state.jobs.push_back((number, job));
    if state.idle >= state.jobs.len() {
        WORKERS.get().ready.notify_one();
        return;
    }
    // No job waits for one that has not begun, so that all come to their turn.
    if state.workers >= MOST {
        return;
    }
    state.workers += 1;
    drop(state);
    let started = thread::Builder::new().name("aludel-pool".into()).spawn(work);
    if started.is_err() {
        let job = leave_or_take(number);
        job.into_iter().for_each(panicked::survived);
    }
}

/// Leaves a job for which no thread could be started to the other workers; takes it when there are
/// none, to be done here, late rather than never.
#[cold]
fn leave_or_take(number: u64) -> Option<Job> {
    let mut state = lock();
    state.workers -= 1;
    if state.workers > 0 {
        return None;
    }
    let place = state.jobs.binary_search_by_key(&number, |(number, _)| *number).ok()?;
    state.jobs.remove(place).map(|(_, job)| job)
}

fn work() {
    let mut state = lock();
    loop {
        if let Some((_, job)) = state.jobs.pop_front() {
            drop(state);
            // Managers and listeners may panic; what they held was given back on the way.
            panicked::survived(job);
            state = lock();
            continue;
        }
        state.idle += 1;
        let (woken, slept) = WORKERS
            .get()
            .ready
            .wait_timeout(state, PATIENCE)
            .unwrap_or_else(PoisonError::into_inner);
        state = woken;
        state.idle -= 1;
        if slept.timed_out() && state.jobs.is_empty() {
            state.workers -= 1;
            return;
        }
    }
}
