//! What a statement changed: how many rows, and the key of the last.

use super::cursor::CursorResult;
use super::insert_many::InsertManyValues;
use super::source::Source;
use crate::value::Value;

impl CursorResult<'_> {
    /// Rows that the statement changed (PEP 249 `rowcount`), where the database tells; `None` where
    /// PEP 249 has -1. With rows that come back, only once they have been read. Also after the
    /// result is closed.
    pub fn rowcount(&self) -> Option<u64> {
        match &self.source {
            Source::Streamed(streamed) => streamed.rowcount(),
            Source::Memory(memory) => memory.done.affected,
            Source::Merged(_) => None,
        }
    }

    /// Key of the last inserted row (PEP 249 `lastrowid`), where the database tells it without being
    /// asked: SQLite and MySQL. Others return keys with `RETURNING`.
    #[doc(alias = "lastrowid")]
    pub fn last_insert_id(&self) -> Option<i64> {
        match &self.source {
            Source::Streamed(streamed) => streamed.last_insert_id(),
            Source::Memory(_) | Source::Merged(_) => None,
        }
    }

    /// How `INSERT … RETURNING` was executed with many sets of parameters; `None` for every other
    /// result.
    pub fn insertmanyvalues(&self) -> Option<InsertManyValues> {
        match &self.source {
            Source::Memory(memory) => memory.done.insertmanyvalues,
            Source::Streamed(_) | Source::Merged(_) => None,
        }
    }

    /// The primary key of the row that the statement inserted, where the database told it: one
    /// value, [`last_insert_id`](Self::last_insert_id). `None` when more than one row was inserted,
    /// and when the statement returns rows, in which the key is what it says to return.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let engine = aludel::create_engine("sqlite://")?;
    /// engine.execute("create table t (id integer primary key, x text)", ())?;
    /// let inserted = engine.execute("insert into t (x) values ('a')", ())?;
    /// assert_eq!(inserted.inserted_primary_key(), Some(vec![aludel::Value::I64(1)]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn inserted_primary_key(&self) -> Option<Vec<Value>> {
        if self.returns_rows() || self.rowcount() != Some(1) {
            return None;
        }
        self.last_insert_id().map(|key| vec![Value::I64(key)])
    }
}
