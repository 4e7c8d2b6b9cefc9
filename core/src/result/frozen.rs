//! A result that was read into memory, to be read again and again.

use std::sync::Arc;

use super::cursor::CursorResult;
use super::owned::OwnedRow;
use super::source::{Done, Memory, Source};
use crate::dbapi::Column;
use crate::error::{Error, Result};
use crate::value::Value;

/// A result that was read into memory; made by [`CursorResult::freeze`]. Cloning is cheap. It needs
/// no connection and may be used by any number of threads: what a cache of results holds.
#[derive(Debug, Clone, PartialEq)]
pub struct FrozenResult {
    columns: Arc<[Column]>,
    rows: Arc<[OwnedRow]>,
}

impl FrozenResult {
    pub(super) fn new(columns: Arc<[Column]>, rows: Vec<OwnedRow>) -> Self {
        FrozenResult { columns, rows: rows.into() }
    }

    /// A new result that begins with the first row. It has no
    /// [`rowcount`](CursorResult::rowcount).
    pub fn result(&self) -> CursorResult<'static> {
        let memory =
            Memory::new(Arc::clone(&self.columns), Arc::clone(&self.rows), Done::default());
        CursorResult::of(Source::Memory(Box::new(memory)))
    }

    /// The rows.
    pub fn rows(&self) -> &[OwnedRow] {
        &self.rows
    }

    /// The columns.
    pub fn description(&self) -> &[Column] {
        &self.columns
    }

    /// A result of the same columns with other rows.
    ///
    /// # Errors
    /// `Argument` for a row of another number of values.
    pub fn with_new_rows(&self, rows: impl IntoIterator<Item = Vec<Value>>) -> Result<Self> {
        let width = self.columns.len();
        let row = |values: Vec<Value>| {
            if values.len() == width {
                return Ok(OwnedRow::new(Arc::clone(&self.columns), values));
            }
            Err(Error::argument(format!(
                "a row of {} values does not go into a result of {width} columns",
                values.len()
            )))
        };
        let rows: Vec<OwnedRow> = rows.into_iter().map(row).collect::<Result<_>>()?;
        Ok(FrozenResult::new(Arc::clone(&self.columns), rows))
    }
}
