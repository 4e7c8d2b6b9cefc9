//! A place in source code that one thread sets and others read, without a lock.

use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Where something was called, or nowhere.
#[derive(Default)]
pub(super) struct Place(AtomicPtr<Location<'static>>);

impl Place {
    #[inline]
    pub(super) fn set(&self, place: &'static Location<'static>) {
        let place = ptr::from_ref(place).cast_mut();
        if self.0.load(Ordering::Relaxed) != place {
            self.0.store(place, Ordering::Relaxed);
        }
    }

    pub(super) fn get(&self) -> Option<&'static Location<'static>> {
        // SAFETY: the pointer is null or comes from a `'static` reference, which is all `set` takes.
        unsafe { self.0.load(Ordering::Relaxed).as_ref() }
    }
}
