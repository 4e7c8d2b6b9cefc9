//! What engines share that differ only in their options: where their connections come from.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::anchor::Anchor;
use super::closing::Usage;
use super::compiled_cache::CompiledCache;
use super::connector::Connector;
use super::holders::Holders;
use super::kept::Kept;
use super::reporting::Reporting;
use crate::abi::host::DriverDialect;
use crate::dialect::{Capability, ConnectPlan, SqlRules};
use crate::pool::PoolConfig;
use crate::url::Url;

/// What an engine needs to open connections, shared with its sub-engines.
pub(super) struct Source {
    pub(super) url: Url,
    pub(super) dialect: DriverDialect,
    /// By which the dialect knows the engine; 0 when each connection is to be by itself.
    pub(super) number: u64,
    /// What the driver gets of the URL, and the pool that suits.
    pub(super) plan: ConnectPlan,
    pub(super) connector: Connector,
    pub(super) compiled: CompiledCache,
    /// Statements that each connection keeps prepared.
    pub(super) statement_cache_size: usize,
    pub(super) insertmanyvalues: InsertManyValuesSettings,
    pub(super) reporting: Reporting,
    /// The settings of its pool, which is not there yet.
    pub(super) pool: PoolConfig,
    /// Present when the database lives in its connection.
    pub(super) kept: Option<Kept>,
    /// Empty unless the plan says to keep connected.
    pub(super) anchor: Anchor,
    /// Filled when all connections share one database that nobody else reaches.
    pub(super) holders: Arc<Holders>,
    pub(super) usage: Usage,
}

/// What becomes of `INSERT … RETURNING` with many sets of parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InsertManyValuesSettings {
    /// One insert may insert many rows.
    pub(crate) is_used: bool,
    /// Rows of one insert at most.
    pub(crate) page_size: NonZeroUsize,
}

impl Default for InsertManyValuesSettings {
    fn default() -> Self {
        InsertManyValuesSettings { is_used: true, page_size: NonZeroUsize::MIN.saturating_add(999) }
    }
}

impl Source {
    /// The rules of the SQL text: those of the server once one has been seen, else the dialect's.
    pub(super) fn sql_rules(&self) -> &SqlRules {
        let of_dialect = &self.dialect.info().rules;
        self.connector.server().map_or(of_dialect, |server| &server.rules)
    }

    /// Whether this can be done, as far as is known: the first server may lack what its dialect
    /// has in general.
    pub(super) fn has(&self, capability: Capability) -> bool {
        match self.connector.server() {
            Some(server) => server.has(capability),
            None => self.dialect.info().has(capability),
        }
    }
}
