//! Threads for steps that wait on behalf of tasks and of pools: started when needed, ended when idle.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use super::jobs::{Jobs, State};
use super::panicked;
use super::per_process::PerProcess;

/// A worker that had nothing to do for this long ends.
const PATIENCE: Duration = Duration::from_secs(10);

/// Workers of the process at most: further jobs wait for one of them. A pool with a limit has as many
/// jobs as connections on their way; one without may be asked for any number at the same time.
const MOST: usize = 512;

pub(super) type Job = Box<dyn FnOnce() + Send>;

static JOBS: PerProcess<Jobs<Job>> = PerProcess::new(jobs(), jobs);

const fn jobs() -> Jobs<Job> {
    Jobs::of(Mutex::new(State::new()), Condvar::new())
}

/// Has a job done by another thread. Must not be called with a lock held.
pub(super) fn run(job: Job) {
    let jobs = JOBS.get();
    if !jobs.push(job, MOST) {
        return;
    }
    let worker = thread::Builder::new().name("aludel-pool".into());
    if worker.spawn(move || work(jobs)).is_err() {
        // Done here when nobody else can: late rather than never.
        jobs.without_worker(panicked::survived);
    }
}

fn work(jobs: &Jobs<Job>) {
    while let Some(job) = jobs.next(PATIENCE) {
        // Managers and listeners may panic; what they held was given back on the way.
        panicked::survived(job);
    }
}
