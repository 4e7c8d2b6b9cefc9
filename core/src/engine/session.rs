//! A driver's connection with the statements that it keeps prepared.

use super::statement_cache::StatementCache;
use crate::abi::host::DriverConnection;

/// A driver's connection with the statements that it keeps prepared.
pub(crate) struct Session {
    pub(crate) driver: DriverConnection,
    pub(crate) statements: StatementCache,
}

impl Session {
    pub(crate) fn new(driver: DriverConnection, statement_cache_size: usize) -> Self {
        Session { driver, statements: StatementCache::new(statement_cache_size) }
    }
}
