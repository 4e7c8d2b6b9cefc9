//! The connection that keeps a database in memory while nobody else is connected.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::abi::host::DriverConnection;
use crate::error::Result;

/// A connection that nobody uses: the database that is gone with its last connection stays.
#[derive(Default)]
pub(super) struct Anchor {
    connection: Mutex<Option<DriverConnection>>,
}

impl Anchor {
    fn lock(&self) -> MutexGuard<'_, Option<DriverConnection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the connection unless there is one. Who connects meanwhile waits.
    pub(super) fn hold(&self, open: impl FnOnce() -> Result<DriverConnection>) -> Result<()> {
        let mut connection = self.lock();
        if connection.is_none() {
            *connection = Some(open()?);
        }
        Ok(())
    }

    /// Hands the connection out, to be closed.
    pub(super) fn let_go(&self) -> Option<DriverConnection> {
        self.lock().take()
    }
}
