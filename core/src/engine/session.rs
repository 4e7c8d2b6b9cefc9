//! A driver's connection with the statements that it keeps prepared.

use std::sync::Arc;

use super::info::Info;
use super::statement_cache::StatementCache;
use crate::abi::host::DriverConnection;
use crate::pool::CheckoutTimes;

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
    /// What its checkout took, until a statement tells of it.
    pub(super) checkout: Option<CheckoutTimes>,
}

impl Session {
    pub(super) fn new(driver: DriverConnection, statement_cache_size: usize, losses: u64) -> Self {
        let statements = StatementCache::new(statement_cache_size);
        Session {
            driver,
            statements,
            info: Info::default(),
            losses,
            is_lost_alone: false,
            number: 0,
            token: None,
            checkout: None,
        }
    }
}
