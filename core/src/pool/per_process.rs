//! What a process has once, and a forked child anew: its threads are gone, and locks may be held by them.

use std::sync::OnceLock;

use crate::abi::fork;

/// A value for this process; what it was in the parent stays untouched.
pub(super) struct PerProcess<T: 'static> {
    forks: u32,
    value: T,
    make: fn() -> T,
    child: OnceLock<Box<PerProcess<T>>>,
}

impl<T: Send + Sync> PerProcess<T> {
    /// `value` is what `make` makes, for a static.
    pub(super) const fn new(value: T, make: fn() -> T) -> Self {
        PerProcess { forks: 0, value, make, child: OnceLock::new() }
    }

    pub(super) fn get(&'static self) -> &'static T {
        let forks = fork::forks();
        let mut this = self;
        while this.forks != forks {
            this = this.child.get_or_init(|| {
                let (make, child) = (self.make, OnceLock::new());
                Box::new(PerProcess { forks, value: make(), make, child })
            });
        }
        &this.value
    }
}
