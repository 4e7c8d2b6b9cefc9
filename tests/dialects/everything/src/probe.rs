//! What stands at the door of every entry: it notes the visit, and panics when it was told to.

use std::sync::{Mutex, PoisonError};

use crate::coverage;

/// Shared by a connection, its statements and its cancel handles.
#[derive(Default)]
pub(crate) struct Probe {
    armed: Mutex<Option<String>>,
}

impl Probe {
    /// The next visit of this entry panics.
    pub(crate) fn arm(&self, entry: &str) {
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some(entry.to_owned());
    }

    /// An entry was called. One that panics does not count as exercised.
    pub(crate) fn enter(&self, entry: &'static str) {
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        if armed.as_deref() == Some(entry) {
            *armed = None;
            drop(armed);
            panic!("asked to panic in {entry}");
        }
        coverage::entry(entry);
    }
}
