//! A driver's connection with the statements that it keeps prepared.

use super::holders::Held;
use super::info::Info;
use super::statement_cache::StatementCache;
use crate::abi::host::DriverConnection;

/// A driver's connection with the statements that it keeps prepared.
pub(crate) struct Session {
    pub(crate) driver: DriverConnection,
    pub(crate) statements: StatementCache,
    /// What the program has put aside with the connection.
    pub(crate) info: Info,
    /// Its place among those who share a database in memory.
    pub(super) held: Option<Held>,
}

impl Session {
    pub(crate) fn new(driver: DriverConnection, statement_cache_size: usize) -> Self {
        let statements = StatementCache::new(statement_cache_size);
        Session { driver, statements, info: Info::default(), held: None }
    }
}
