//! A place in source code that one thread sets and others read, without a lock.

use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Where something was called, if it was.
#[derive(Default)]
pub(super) struct Place(AtomicPtr<Location<'static>>);

impl Place {
    #[inline]
    pub(super) fn set(&self, place: Option<&'static Location<'static>>) {
        let place = place.map_or(ptr::null(), ptr::from_ref);
        self.0.store(place.cast_mut(), Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> Option<&'static Location<'static>> {
        // SAFETY: the pointer is null or comes from a `'static` reference, which is all `set` takes.
        unsafe { self.0.load(Ordering::Relaxed).as_ref() }
    }
}
