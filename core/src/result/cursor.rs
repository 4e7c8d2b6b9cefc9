//! The result of a statement.

use std::sync::Arc;

use super::from_row::FromRow;
use super::owned::{OwnedRow, OwnedRows};
use super::prepared::{Executed, Outcome};
use crate::abi::host::{DriverConnection, DriverStatement, Progress, Row};
use crate::dbapi::Column;
use crate::engine::{Lease, Session};
use crate::error::{Error, ErrorKind, Result};
use crate::value::{FromValue, Value};

/// Whose connection the result reads from.
pub(super) enum Held<'c> {
    Borrowed(&'c mut Session),
    Owned(Lease),
}

impl Held<'_> {
    fn driver(&mut self) -> &mut DriverConnection {
        match self {
            Held::Borrowed(session) => &mut session.driver,
            Held::Owned(lease) => lease.driver(),
        }
    }
}

/// The rows of a statement, and what it changed.
///
/// Rows stream: memory holds one batch, unless rows are collected. A result of
/// [`Engine::execute`](crate::Engine::execute) holds its connection and is `'static + Send`.
/// Dropping it abandons rows that were not read.
pub struct CursorResult<'c> {
    held: Held<'c>,
    statement: DriverStatement,
    progress: Option<Progress>,
    many_affected: Option<u64>,
    is_kept: bool,
    sql: Arc<str>,
}

impl<'c> CursorResult<'c> {
    pub(super) fn new(held: Held<'c>, executed: Executed) -> Self {
        let Executed { statement, is_kept, sql, outcome } = executed;
        let (progress, many_affected) = match outcome {
            Outcome::Cursor(progress) => (Some(progress), None),
            Outcome::Many(affected) => (None, affected),
        };
        CursorResult { held, statement, progress, many_affected, is_kept, sql }
    }

    /// The next row, valid until the next call; `None` at the end. Allocates nothing. Blocks when
    /// a batch is used up.
    ///
    /// # Errors
    /// What the database reports; rows that came before have been delivered.
    #[allow(clippy::should_implement_trait)] // it lends, which Iterator cannot
    pub fn next(&mut self) -> Result<Option<Row<'_>>> {
        let Some(progress) = &mut self.progress else { return Ok(None) };
        let driver = self.held.driver();
        if !driver.has_row(progress) {
            match driver.refill(progress) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => return Err(error.with_statement(&*self.sql)),
            }
        }
        Ok(Some(driver.next_row(progress)))
    }

    /// The remaining rows as an iterator of owned rows.
    pub fn owned(self) -> OwnedRows<'c> {
        OwnedRows::new(self)
    }

    /// The remaining rows, collected. Memory grows with their number.
    ///
    /// # Errors
    /// As [`next`](CursorResult::next).
    pub fn all(self) -> Result<Vec<OwnedRow>> {
        self.owned().collect()
    }

    /// The first value of the first row; the rest is abandoned.
    ///
    /// # Errors
    /// `NoRow` when there is none; `Conversion` when it does not fit.
    pub fn scalar<T: for<'r> FromValue<'r>>(mut self) -> Result<T> {
        match self.next()? {
            Some(row) => row.get_at(0),
            None => Err(self.no_row()),
        }
    }

    /// The first row as a tuple or value, `None` when there is none; the rest is abandoned.
    ///
    /// # Errors
    /// `Conversion` when it does not fit.
    pub fn first<T: for<'r> FromRow<'r>>(mut self) -> Result<Option<T>> {
        self.next()?.map(|row| row.get()).transpose()
    }

    /// The only row.
    ///
    /// # Errors
    /// `NoRow` when there is none, `MultipleRows` when there are more; `Conversion` when it does
    /// not fit.
    pub fn one<T: for<'r> FromRow<'r>>(mut self) -> Result<T> {
        let Some(row) = self.next()? else { return Err(self.no_row()) };
        let value = row.get()?;
        match self.next()? {
            None => Ok(value),
            Some(_) => Err(Error::new(
                ErrorKind::MultipleRows,
                "exactly one row was wanted and there were more",
            )
            .with_statement(&*self.sql)),
        }
    }

    #[cold]
    fn no_row(&self) -> Error {
        Error::new(ErrorKind::NoRow, "a row was wanted and there was none")
            .with_statement(&*self.sql)
    }

    /// True when the statement returns rows, though there may be none.
    pub fn returns_rows(&self) -> bool {
        self.progress.as_ref().is_some_and(Progress::returns_rows)
    }

    /// Rows that the statement changed (PEP 249 `rowcount`), where the database tells; with rows
    /// that come back, only once they have been read.
    pub fn rowcount(&self) -> Option<u64> {
        self.progress.as_ref().map_or(self.many_affected, Progress::affected)
    }

    /// Key of the last inserted row, where the database tells it.
    pub fn last_insert_id(&self) -> Option<i64> {
        self.progress.as_ref().and_then(Progress::last_insert_id)
    }

    /// The columns of the result; none for statements that return no rows.
    ///
    /// # Errors
    /// When the dialect cannot tell.
    pub fn columns(&mut self) -> Result<Arc<[Column]>> {
        if !self.returns_rows() {
            return Ok(Arc::new([]));
        }
        let statement = self.statement;
        self.held.driver().columns(&statement)
    }

    /// Goes on to the next result of the statement and abandons the rest of this one; false when
    /// there is none.
    ///
    /// # Errors
    /// What the database reports.
    pub fn next_result(&mut self) -> Result<bool> {
        let Some(progress) = &mut self.progress else { return Ok(false) };
        let driver = self.held.driver();
        driver.drain(progress)?;
        driver.next_result(progress)
    }

    /// Reads to the end without looking at rows, so that every error is seen and
    /// [`rowcount`](CursorResult::rowcount) is known.
    ///
    /// # Errors
    /// What the database reports.
    pub fn finish(&mut self) -> Result<()> {
        let Some(progress) = &mut self.progress else { return Ok(()) };
        let finished = self.held.driver().drain(progress);
        finished.map_err(|error| error.with_statement(&*self.sql))
    }

    /// The current row's values, owned.
    pub(super) fn next_values(&mut self) -> Result<Option<Vec<Value>>> {
        let Some(row) = self.next()? else { return Ok(None) };
        (0..row.len()).map(|index| row.owned_value(index)).collect::<Result<_>>().map(Some)
    }
}

impl Drop for CursorResult<'_> {
    fn drop(&mut self) {
        let driver = self.held.driver();
        if let Some(progress) = &mut self.progress {
            // An error here is one that nobody asked to see; a broken connection remembers it.
            let _ = driver.abandon(progress);
        }
        if !self.is_kept {
            driver.close_statement(self.statement);
        }
    }
}

impl std::fmt::Debug for CursorResult<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CursorResult")
            .field("sql", &self.sql)
            .field("returns_rows", &self.returns_rows())
            .field("rowcount", &self.rowcount())
            .finish_non_exhaustive()
    }
}
