//! A point at which a script and a test wait for each other.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use crate::PATIENCE;
use crate::net::Signal;

/// Closed until it is opened, then open for good; clones are the same gate.
///
/// A script waits for the test with [`Script::wait`](super::Script::wait); a test waits for the
/// script with [`Script::open`](super::Script::open) and [`Gate::wait`].
#[derive(Debug, Clone)]
pub struct Gate(pub(super) Arc<Signal>);

impl Gate {
    /// A closed gate.
    ///
    /// # Errors
    /// When the system has no descriptor left.
    pub fn new() -> io::Result<Self> {
        Ok(Self(Arc::new(Signal::new()?)))
    }

    /// Opens it.
    pub fn open(&self) {
        self.0.raise();
    }

    /// Waits until it is open.
    ///
    /// # Panics
    /// When that takes longer than [`PATIENCE`].
    pub fn wait(&self) {
        let open = self.0.wait(&[], Some(Instant::now() + PATIENCE));
        assert!(open, "a gate stayed closed for {PATIENCE:?}");
    }
}
