//! The statements that the server keeps for a connection: the ones that were used last.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::prepared::Prepared;

/// Statements by their text and the types that were declared for their parameters, with a limit.
#[derive(Debug)]
pub(super) struct StatementCache {
    by_sql: HashMap<Arc<str>, Vec<Arc<Prepared>>>,
    len: usize,
    capacity: usize,
    tick: u64,
    last_id: u32,
}

impl StatementCache {
    pub(super) fn new(capacity: usize) -> Self {
        StatementCache { by_sql: HashMap::new(), len: 0, capacity, tick: 0, last_id: 0 }
    }

    /// A number for a description that no other has.
    pub(super) fn next_id(&mut self) -> u32 {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }

    /// The statement of this text that a test of its declared types accepts.
    pub(super) fn get(
        &self,
        sql: &str,
        accepts: impl Fn(&Prepared) -> bool,
    ) -> Option<&Arc<Prepared>> {
        self.by_sql.get(sql)?.iter().find(|prepared| accepts(prepared))
    }

    /// Any statement of exactly this text.
    pub(super) fn of_text(&self, sql: &str) -> Option<&Arc<Prepared>> {
        self.by_sql.get(sql)?.first()
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
        self.by_sql.entry(Arc::clone(&prepared.sql)).or_default().push(Arc::clone(prepared));
        self.len += 1;
        if self.len <= self.capacity {
            return None;
        }
        let all = self.by_sql.values().flatten();
        let oldest = Arc::clone(all.min_by_key(|kept| kept.last_used.load(Relaxed))?);
        self.forget(&oldest);
        Some(oldest)
    }

    /// Forgets a statement that the server no longer has, or not as it was.
    pub(super) fn forget(&mut self, prepared: &Prepared) {
        prepared.forget();
        let Some(variants) = self.by_sql.get_mut(&prepared.sql) else { return };
        let before = variants.len();
        variants.retain(|kept| kept.id != prepared.id);
        self.len -= before - variants.len();
        if variants.is_empty() {
            self.by_sql.remove(&prepared.sql);
        }
    }

    /// Forgets all of them: the server has.
    pub(super) fn clear(&mut self) {
        self.by_sql.drain().flat_map(|(_, kept)| kept).for_each(|kept| kept.forget());
        self.len = 0;
    }
}
