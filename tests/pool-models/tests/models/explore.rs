//! How models are run, and wakers for tasks in them.

use std::sync::Arc;
use std::task::{Wake, Waker};

use loom::thread::{self, Thread};

/// Threads are interrupted at most this often where they could go on; defects of queues show at two.
const INTERRUPTIONS: usize = 2;

/// Tries every interleaving of a model.
pub(crate) fn explore(model: impl Fn() + Sync + Send + 'static) {
    let mut explorer = loom::model::Builder::new();
    explorer.preemption_bound = Some(INTERRUPTIONS);
    explorer.check(model);
}

struct Unparks(Thread);

impl Wake for Unparks {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Unparks this thread.
pub(crate) fn waker() -> Waker {
    Waker::from(Arc::new(Unparks(thread::current())))
}
