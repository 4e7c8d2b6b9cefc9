//! Which calls were made, and by which threads.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// Calls by name, each with the thread that made it.
#[derive(Debug, Default)]
pub struct Calls(Mutex<HashSet<(&'static str, ThreadId)>>);

impl Calls {
    fn lock(&self) -> MutexGuard<'_, HashSet<(&'static str, ThreadId)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call of this thread.
    pub fn note(&self, call: &'static str) {
        self.lock().insert((call, thread::current().id()));
    }

    /// The calls that anybody made.
    pub fn all(&self) -> BTreeSet<&'static str> {
        self.lock().iter().map(|(call, _)| *call).collect()
    }

    /// The calls that this thread made.
    pub fn of_this_thread(&self) -> BTreeSet<&'static str> {
        let this = thread::current().id();
        self.lock().iter().filter(|(_, by)| *by == this).map(|(call, _)| *call).collect()
    }

    /// The threads that made calls.
    pub fn threads(&self) -> HashSet<ThreadId> {
        self.lock().iter().map(|(_, by)| *by).collect()
    }
}
