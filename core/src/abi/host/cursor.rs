//! A result that is being read: lends one row after the other.

use std::sync::Arc;

use super::connection::DriverConnection;
use super::execute::Progress;
use super::row::{Described, Row};
use crate::dbapi::Column;
use crate::error::Result;

/// The rows of a statement, lent one at a time. Dropping it abandons the rest.
pub struct DriverCursor<'c> {
    connection: &'c mut DriverConnection,
    progress: Progress,
}

impl<'c> DriverCursor<'c> {
    #[inline]
    pub(super) fn new(connection: &'c mut DriverConnection, progress: Progress) -> Self {
        DriverCursor { connection, progress }
    }

    /// The next row, valid until the next call; `None` at the end. Blocks when a batch is used up.
    ///
    /// # Errors
    /// What the database reports; rows that came before have been delivered.
    #[allow(clippy::should_implement_trait)] // it lends, which Iterator cannot
    #[inline(always)]
    pub fn next(&mut self) -> Result<Option<Row<'_>>> {
        if self.progress.at == self.progress.rows && !self.connection.refill(&mut self.progress)? {
            return Ok(None);
        }
        Ok(Some(self.connection.next_row(&mut self.progress)))
    }

    /// True when the statement returns rows, though there may be none.
    pub fn returns_rows(&self) -> bool {
        self.progress.returns_rows()
    }

    /// True when the row of this result holds the out parameters of a procedure.
    pub fn is_out_parameters(&self) -> bool {
        self.progress.is_out_parameters()
    }

    /// Rows that the statement changed, as far as the database has told by now.
    pub fn affected(&self) -> Option<u64> {
        self.progress.affected()
    }

    /// Key of the last inserted row, where the database tells it.
    pub fn last_insert_id(&self) -> Option<i64> {
        self.progress.last_insert_id()
    }

    /// The columns of this result.
    ///
    /// # Errors
    /// When the dialect cannot tell.
    pub fn columns(&self) -> Result<Arc<[Column]>> {
        self.connection.columns(&self.progress.statement)
    }

    /// Goes on to the next result and abandons the rest of this one; false when there is none.
    ///
    /// # Errors
    /// What the database reports.
    pub fn next_result(&mut self) -> Result<bool> {
        self.connection.drain(&mut self.progress)?;
        self.connection.next_result(&mut self.progress)
    }

    /// Reads to the end without looking at rows, so that every error is seen.
    ///
    /// # Errors
    /// What the database reports.
    pub fn finish(mut self) -> Result<()> {
        self.connection.drain(&mut self.progress).map(drop)
    }
}

impl DriverConnection {
    /// The next row of the batch; there must be one.
    #[inline(always)]
    fn next_row(&self, progress: &mut Progress) -> Row<'_> {
        progress.at += 1;
        self.current_row(progress)
    }

    /// The row that the progress has come to.
    #[inline(always)]
    pub(crate) fn current_row(&self, progress: &Progress) -> Row<'_> {
        let columns = progress.columns as usize;
        let start = progress.at.wrapping_sub(1) as usize * columns;
        // `take` has checked that rows times columns lie within the room.
        let cells = self.room.cells.get(start..start + columns).unwrap_or(&[]);
        Row::new(cells, Described::ByStatement(self, progress.statement))
    }
}

impl Drop for DriverCursor<'_> {
    fn drop(&mut self) {
        // An error here is one that nobody asked to see; a broken connection remembers it.
        let _ = self.connection.abandon(&mut self.progress);
    }
}
