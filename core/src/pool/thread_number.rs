//! Threads by number, because asking for their name at each checkout would cost more than it.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::per_process::PerProcess;

static NEXT: AtomicU64 = AtomicU64::new(1);
static NAMES: PerProcess<Names> = PerProcess::new(Names::new(None), || Names::new(None));

type Names = Mutex<Option<HashMap<u64, String>>>;

/// Keeps the name of a thread until the thread ends.
struct Registered(u64);

thread_local! {
    // Apart from the other, because what has a destructor is slower to reach.
    static NUMBER: Cell<u64> = const { Cell::new(0) };
    static REGISTERED: OnceCell<Registered> = const { OnceCell::new() };
}

#[cold]
fn register() -> u64 {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    NUMBER.set(number);
    // A thread that is ending stays without a name.
    let _ = REGISTERED.try_with(|registered| registered.get_or_init(|| Registered::new(number)).0);
    number
}

impl Registered {
    fn new(number: u64) -> Self {
        if let Some(name) = std::thread::current().name() {
            let mut names = NAMES.get().lock().unwrap_or_else(PoisonError::into_inner);
            names.get_or_insert_default().insert(number, name.to_owned());
        }
        Registered(number)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut names = NAMES.get().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = names.as_mut() {
            names.remove(&self.0);
        }
    }
}

/// As [`this_thread`], or 0 while the thread has no number. Calls nothing.
#[inline]
pub(super) fn known_thread() -> u64 {
    NUMBER.get()
}

/// The number of this thread.
#[inline]
pub(super) fn this_thread() -> u64 {
    match known_thread() {
        0 => register(),
        number => number,
    }
}

/// The name of a thread that still runs.
pub(super) fn name(number: u64) -> Option<String> {
    let names = NAMES.get().lock().unwrap_or_else(PoisonError::into_inner);
    names.as_ref()?.get(&number).cloned()
}
