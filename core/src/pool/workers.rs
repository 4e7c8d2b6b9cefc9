//! Threads for steps that wait on behalf of tasks and of pools: started when needed, ended when idle.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::panicked;
use super::per_process::PerProcess;

/// A worker that had nothing to do for this long ends.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) type Job = Box<dyn FnOnce() + Send>;

struct Workers {
    state: Mutex<State>,
    ready: Condvar,
}

struct State {
    jobs: VecDeque<Job>,
    idle: usize,
}

static WORKERS: PerProcess<Workers> = PerProcess::new(Workers::new(), Workers::new);

impl Workers {
    const fn new() -> Self {
        let state = Mutex::new(State { jobs: VecDeque::new(), idle: 0 });
        Workers { state, ready: Condvar::new() }
    }
}

fn lock() -> MutexGuard<'static, State> {
    WORKERS.get().state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has a job done by another thread. There are as many jobs as there are connections on their way,
/// so that no limit is needed here.
pub(super) fn run(job: Job) {
    let mut state = lock();
    state.jobs.push_back(job);
    if state.idle >= state.jobs.len() {
        WORKERS.get().ready.notify_one();
        return;
    }
    drop(state);
    let started = thread::Builder::new().name("aludel-pool".into()).spawn(work);
    if started.is_err() {
        // Some other worker comes to it; without any it is done here, late rather than never.
        let job = lock().jobs.pop_back();
        if let Some(job) = job {
            job();
        }
    }
}

fn work() {
    let mut state = lock();
    loop {
        if let Some(job) = state.jobs.pop_front() {
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
            return;
        }
    }
}
