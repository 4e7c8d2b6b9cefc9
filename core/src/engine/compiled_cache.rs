//! Texts whose binds have been found, shared by the connections of an engine.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use lru::LruCache;

use super::cache_stats::CacheStats;
use crate::dialect::SqlRules;
use crate::text::{Compiled, LONGEST_KEPT};

/// The compiled texts of an engine: those used last.
///
/// Connections ask it only for texts that they have not prepared.
pub(crate) struct CompiledCache {
    state: Mutex<State>,
    capacity: usize,
}

struct State {
    texts: LruCache<Box<str>, Arc<Compiled>>,
    hits: u64,
    misses: u64,
}

impl CompiledCache {
    /// A cache of this many texts; 0 keeps none.
    pub(crate) fn new(capacity: usize) -> Self {
        let room = NonZeroUsize::new(capacity).unwrap_or(NonZeroUsize::MIN);
        let state = State { texts: LruCache::new(room), hits: 0, misses: 0 };
        CompiledCache { state: Mutex::new(state), capacity }
    }

    /// True when texts are kept.
    pub(crate) fn keeps(&self) -> bool {
        self.capacity > 0
    }

    /// The compiled form of a text without declarations, and whether it was known. `started` is
    /// present when somebody looks on.
    pub(crate) fn compiled(
        &self,
        sql: &str,
        rules: &SqlRules,
        started: Option<Instant>,
    ) -> (Arc<Compiled>, bool) {
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = state.texts.get(sql).cloned() {
                state.hits += 1;
                return (known, true);
            }
            state.misses += 1;
        }
        // Long texts take their time: nobody waits for it.
        let compiled = Arc::new(Compiled::new(sql, &[], rules));
        if let Some(started) = started {
            compiled.stamp().note(started);
        }
        if self.capacity > 0 && sql.len() <= LONGEST_KEPT {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.texts.put(sql.into(), Arc::clone(&compiled));
        }
        (compiled, false)
    }

    pub(crate) fn clear(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).texts.clear();
    }

    pub(crate) fn stats(&self) -> CacheStats {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        CacheStats {
            hits: state.hits,
            misses: state.misses,
            size: state.texts.len(),
            capacity: self.capacity,
        }
    }
}
