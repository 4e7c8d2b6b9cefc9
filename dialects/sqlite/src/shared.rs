//! What a connection shares with its statements and with those who cancel it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::control::Control;
use crate::raw::RawStatement;

/// Outlives the connection as long as a statement or a cancel handle does.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) control: Control,
    orphans: Mutex<Orphans>,
}

/// Statements that were dropped without their connection, perhaps while another thread uses it:
/// they wait here until the connection finalizes them.
#[derive(Debug, Default)]
struct Orphans {
    statements: Vec<RawStatement>,
    connection_closed: bool,
}

impl Shared {
    /// Takes a statement whose owner has no connection at hand.
    pub(crate) fn adopt(&self, statement: RawStatement) {
        let mut orphans = self.orphans();
        if !orphans.connection_closed {
            return orphans.statements.push(statement);
        }
        // SAFETY: the connection is gone, so that only such statements use what is left of it, and
        // the mutex lets one in at a time.
        unsafe { statement.finalize() };
    }

    /// Finalizes what was left.
    ///
    /// # Safety
    /// The caller uses the connection alone.
    pub(crate) unsafe fn bury(&self) {
        // SAFETY: passed on to the caller.
        unsafe { self.orphans().finalize() };
    }

    /// Finalizes what was left and closes the connection by `close`; a statement that another
    /// thread drops meanwhile waits, because both work on the same database.
    ///
    /// # Safety
    /// As [`bury`](Shared::bury).
    pub(crate) unsafe fn close(&self, close: impl FnOnce()) {
        let mut orphans = self.orphans();
        orphans.connection_closed = true;
        // SAFETY: passed on to the caller.
        unsafe { orphans.finalize() };
        close();
    }

    fn orphans(&self) -> MutexGuard<'_, Orphans> {
        // A list of pointers is whole also after a panic.
        self.orphans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Orphans {
    /// # Safety
    /// As [`Shared::bury`].
    unsafe fn finalize(&mut self) {
        for statement in self.statements.drain(..) {
            // SAFETY: passed on to the caller.
            unsafe { statement.finalize() };
        }
    }
}
