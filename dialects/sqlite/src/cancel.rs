//! Cancelling a call from another thread.

use std::sync::Arc;

use aludel::dbapi::{Call, Cancel};
use aludel::error::Result;

use crate::shared::Shared;

/// Cancels calls of one connection; harmless after the connection has gone.
pub(crate) struct SqliteCancel(Arc<Shared>);

impl SqliteCancel {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        SqliteCancel(Arc::clone(shared))
    }
}

impl Cancel for SqliteCancel {
    fn cancel(&self, generation: u64, _call: &Call<'_>) -> Result<()> {
        self.0.control.request(generation);
        Ok(())
    }
}
