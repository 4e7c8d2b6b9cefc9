//! Threads by number, because asking for their name at each checkout would cost more than it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

static NEXT: AtomicU64 = AtomicU64::new(1);
static NAMES: Mutex<Option<HashMap<u64, String>>> = Mutex::new(None);

struct Registered(u64);

thread_local! {
    static THIS: Registered = Registered::new();
}

impl Registered {
    fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        if let Some(name) = std::thread::current().name() {
            let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
            names.get_or_insert_default().insert(number, name.to_owned());
        }
        Registered(number)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = names.as_mut() {
            names.remove(&self.0);
        }
    }
}

/// The number of this thread; 0 while it ends.
#[inline]
pub(super) fn this_thread() -> u64 {
    THIS.try_with(|this| this.0).unwrap_or(0)
}

/// The name of a thread that still runs.
pub(super) fn name(number: u64) -> Option<String> {
    let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    names.as_ref()?.get(&number).cloned()
}
