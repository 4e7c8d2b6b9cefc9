//! A driver's connection with the statements that it keeps prepared.

use std::sync::Arc;

use super::info::Info;
use super::statement_cache::StatementCache;
use crate::abi::host::DriverConnection;

/// A driver's connection with the statements that it keeps prepared.
pub(crate) struct Session {
    pub(crate) driver: DriverConnection,
    pub(crate) statements: StatementCache,
    /// What the program has put aside with the connection.
    pub(crate) info: Info,
    /// Losses of connections that its engine had seen when it was opened.
    pub(super) losses: u64,
    /// A listener to errors has said that nothing follows for others from its failed test.
    pub(super) is_lost_alone: bool,
    /// Its number in the pool.
    pub(super) number: u64,
    /// What lines about it begin with, while somebody uses it.
    pub(super) token: Option<Arc<str>>,
}

impl Session {
    pub(super) fn new(driver: DriverConnection, statement_cache_size: usize, losses: u64) -> Self {
        let statements = StatementCache::new(statement_cache_size);
        let info = Info::default();
        let (is_lost_alone, number, token) = (false, 0, None);
        Session { driver, statements, info, losses, is_lost_alone, number, token }
    }
}
