//! The statements that a connection keeps prepared, and how often they were found.

use std::num::NonZeroUsize;
use std::sync::Arc;

use lru::LruCache;

use super::cache_stats::CacheStats;
use crate::abi::host::DriverStatement;
use crate::text::Compiled;

/// A statement that a connection keeps prepared.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) statement: DriverStatement,
    /// The text as it was given.
    pub(crate) sql: Arc<str>,
    /// Its binds, unless the text is the driver's own.
    pub(crate) compiled: Option<Arc<Compiled>>,
}

/// The prepared statements of a connection: those used last.
///
/// The same text may stand for two statements, the driver's own and one with named binds.
pub(crate) struct StatementCache {
    drivers_own: LruCache<Arc<str>, Kept>,
    with_binds: LruCache<Arc<str>, Kept>,
    stats: CacheStats,
}

impl StatementCache {
    /// A cache of this many statements; 0 keeps none.
    pub(crate) fn new(capacity: usize) -> Self {
        // A cache of its own size cannot be empty; `capacity` is asked before anything is kept.
        let room = NonZeroUsize::new(capacity).unwrap_or(NonZeroUsize::MIN);
        StatementCache {
            drivers_own: LruCache::new(room),
            with_binds: LruCache::new(room),
            stats: CacheStats { capacity, ..CacheStats::default() },
        }
    }

    fn of(&mut self, has_binds: bool) -> &mut LruCache<Arc<str>, Kept> {
        if has_binds { &mut self.with_binds } else { &mut self.drivers_own }
    }

    /// The statement of this text, which becomes the one used last.
    #[inline]
    pub(crate) fn find(&mut self, sql: &str, has_binds: bool) -> Option<Kept> {
        let found = self.of(has_binds).get(sql).cloned();
        match found {
            Some(_) => self.stats.hits += 1,
            None => self.stats.misses += 1,
        }
        found
    }

    /// Keeps a statement. Gives back the one that has to go for it, to be closed.
    #[must_use = "what goes has to be closed"]
    pub(crate) fn keep(&mut self, kept: Kept) -> Option<DriverStatement> {
        let has_binds = kept.compiled.is_some();
        let sql = Arc::clone(&kept.sql);
        if self.stats.capacity == 0 {
            return Some(kept.statement);
        }
        let gone = self.of(has_binds).push(sql, kept).map(|(_, gone)| gone.statement);
        if gone.is_some() || self.len() <= self.stats.capacity {
            return gone;
        }
        // Both kinds share the capacity: the older ones of the other kind go first.
        self.of(!has_binds).pop_lru().map(|(_, gone)| gone.statement)
    }

    /// Forgets the statement of this text. Gives it back, to be closed.
    #[must_use = "what goes has to be closed"]
    pub(crate) fn forget(&mut self, sql: &str, has_binds: bool) -> Option<DriverStatement> {
        self.of(has_binds).pop(sql).map(|kept| kept.statement)
    }

    fn len(&self) -> usize {
        self.drivers_own.len() + self.with_binds.len()
    }

    pub(crate) fn stats(&self) -> CacheStats {
        CacheStats { size: self.len(), ..self.stats }
    }
}
