//! The statements that the server keeps for a connection: the ones that were used last.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::prepared::Prepared;

/// Statements by their text, with a limit.
#[derive(Debug)]
pub(super) struct StatementCache {
    by_sql: HashMap<Arc<str>, Arc<Prepared>>,
    capacity: usize,
    tick: u64,
    last_id: u32,
}

impl StatementCache {
    pub(super) fn new(capacity: usize) -> Self {
        StatementCache { by_sql: HashMap::new(), capacity, tick: 0, last_id: 0 }
    }

    /// A number for a description that no other has.
    pub(super) fn next_id(&mut self) -> u32 {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }

    pub(super) fn get(&self, sql: &str) -> Option<&Arc<Prepared>> {
        self.by_sql.get(sql)
    }

    /// Notes that a statement is used now.
    #[inline]
    pub(super) fn touch(&mut self, prepared: &Prepared) {
        self.tick += 1;
        prepared.last_used.store(self.tick, Relaxed);
    }

    /// Keeps a statement; gives back the one that has to go for it.
    #[must_use = "the server must close what goes"]
    pub(super) fn insert(&mut self, prepared: &Arc<Prepared>) -> Option<Arc<Prepared>> {
        self.touch(prepared);
        let before = self.by_sql.insert(Arc::clone(&prepared.sql), Arc::clone(prepared));
        if before.is_some() || self.by_sql.len() <= self.capacity {
            return before;
        }
        let oldest = self.by_sql.values().min_by_key(|kept| kept.last_used.load(Relaxed))?;
        let sql = Arc::clone(&oldest.sql);
        let evicted = self.by_sql.remove(&sql)?;
        evicted.forget();
        Some(evicted)
    }

    /// Forgets a statement that the server no longer has, or not as it was.
    pub(super) fn forget(&mut self, prepared: &Prepared) {
        prepared.forget();
        if self.by_sql.get(&prepared.sql).is_some_and(|kept| kept.id == prepared.id) {
            self.by_sql.remove(&prepared.sql);
        }
    }
}
