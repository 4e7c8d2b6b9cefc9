//! What engines share that differ only in their options: their connections, and what they know.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::compiled_cache::CompiledCache;
use super::events::PoolEvents;
use super::origin::Origin;
use super::report::Reporting;
use super::session_manager::SessionManager;
use crate::dialect::{Capability, SqlRules};
use crate::pool::Pool;

/// What an engine shares with its sub-engines.
pub(crate) struct Source {
    pub(super) origin: Arc<Origin>,
    pub(super) pool: Pool<SessionManager>,
    pub(super) compiled: CompiledCache,
    pub(super) insertmanyvalues: InsertManyValuesSettings,
    pub(super) reporting: Reporting,
    /// The pool tells listeners to the engine's events.
    tells: AtomicBool,
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
    pub(super) fn new(
        origin: Arc<Origin>,
        pool: Pool<SessionManager>,
        compiled: CompiledCache,
        insertmanyvalues: InsertManyValuesSettings,
        reporting: Reporting,
    ) -> Arc<Self> {
        let tells = AtomicBool::new(false);
        let source =
            Arc::new(Source { origin, pool, compiled, insertmanyvalues, reporting, tells });
        source.pool.manager().belongs_to(&source);
        source.origin.dispatch.attach(&source);
        source
    }

    /// Has the pool tell listeners to the engine's events, which slows its shortest way down.
    pub(super) fn tell_of_pool(&self) {
        if !self.tells.swap(true, Ordering::AcqRel) {
            self.pool.listen(Arc::new(PoolEvents::new(Arc::clone(&self.origin.dispatch))));
        }
    }

    /// The rules of the SQL text: those of the server once one has been seen, else the dialect's.
    pub(super) fn sql_rules(&self) -> &SqlRules {
        let of_dialect = &self.origin.dialect.info().rules;
        self.origin.connector.server().map_or(of_dialect, |server| &server.rules)
    }

    /// Whether this can be done, as far as is known: the first server may lack what its dialect
    /// has in general.
    pub(super) fn has(&self, capability: Capability) -> bool {
        match self.origin.connector.server() {
            Some(server) => server.has(capability),
            None => self.origin.dialect.info().has(capability),
        }
    }
}
