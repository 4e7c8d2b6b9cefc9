//! A result that a database delivers batch by batch.

use std::mem::ManuallyDrop;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use super::prepared::{Executed, Outcome};
use crate::abi::host::{DriverConnection, DriverStatement, Limits, Progress, Row};
use crate::dbapi::Column;
use crate::engine::{Connection, EngineState, Lease, Session, Told};
use crate::error::{Error, Result};

/// Whose connection the result reads from.
pub(super) enum Held<'c> {
    /// With the engine that is told of errors, unless somebody else tells it.
    Borrowed(&'c mut Session, Option<&'c Arc<EngineState>>),
    Owned(Lease),
    /// It held one, and has given it back with everything read.
    Returned,
}

impl<'c> Held<'c> {
    #[inline]
    pub(super) fn of(connection: &'c mut Connection) -> Self {
        let (session, engine) = connection.lend();
        Held::Borrowed(session, Some(engine))
    }

    /// What becomes of an error of the driver.
    #[cold]
    fn failed(&mut self, error: Error, sql: &str) -> Error {
        let error = error.with_statement(sql);
        match self {
            Held::Borrowed(session, Some(engine)) => engine.session_failed(session, error),
            Held::Owned(lease) => {
                let (session, engine) = lease.parts();
                engine.session_failed(session, error)
            }
            Held::Borrowed(_, None) | Held::Returned => error,
        }
    }

    #[inline]
    fn driver(&mut self) -> Option<&mut DriverConnection> {
        match self {
            Held::Borrowed(session, _) => Some(&mut session.driver),
            Held::Owned(lease) => Some(lease.driver()),
            Held::Returned => None,
        }
    }
}

/// The result of a statement on a connection.
pub(super) struct Streamed<'c> {
    held: Held<'c>,
    statement: DriverStatement,
    progress: Option<Progress>,
    many_affected: Option<u64>,
    is_kept: bool,
    sql: Arc<str>,
    /// Limit of each call from now on.
    timeout: Option<Duration>,
    /// The columns, of a result that no longer has a connection to ask.
    columns: Option<Arc<[Column]>>,
    /// What is told of the rows, where somebody may want to know.
    /// Dropped by hand, so that no function is called for nobody.
    told: ManuallyDrop<Option<Told>>,
}

impl<'c> Streamed<'c> {
    #[inline]
    pub(super) fn new(held: Held<'c>, executed: Executed) -> Self {
        let Executed { statement, is_kept, sql, outcome, timeout, told, .. } = executed;
        let (progress, many_affected) = match outcome {
            Outcome::Cursor(progress) => (Some(progress), None),
            Outcome::Many(affected) => (None, affected),
            Outcome::Collected(_) => (None, None),
        };
        let (columns, told) = (None, ManuallyDrop::new(told));
        Streamed { held, statement, progress, many_affected, is_kept, sql, timeout, columns, told }
    }

    /// True when the rows are told of.
    #[inline]
    pub(super) fn is_told(&self) -> bool {
        self.told.is_some()
    }

    /// Tells of the columns of a result that has begun.
    #[cold]
    pub(super) fn tell_columns(&mut self) {
        if self.told.as_ref().is_some_and(|told| told.wants_columns())
            && let Ok(columns) = self.columns()
            && let Some(told) = &*self.told
        {
            told.columns(&columns);
        }
    }

    /// Goes on to the next row, and tells of it; false at the end.
    #[cold]
    pub(super) fn advance_told(&mut self) -> Result<bool> {
        if !self.step() && !self.refill()? {
            return Ok(false);
        }
        if let (Some(told), Some(progress), Some(driver)) =
            (&mut *self.told, &self.progress, self.held.driver())
        {
            told.row(&driver.current_row(progress));
        }
        Ok(true)
    }

    /// Has the driver go on with the result, by the clock of the statement where it is told of;
    /// `None` without a connection or a result.
    fn go_on<T>(
        &mut self,
        step: impl FnOnce(&mut DriverConnection, &mut Progress) -> Result<T>,
    ) -> Option<Result<T>> {
        let (Some(progress), Some(driver)) = (&mut self.progress, self.held.driver()) else {
            return None;
        };
        renew(progress, self.timeout);
        Some(match &mut *self.told {
            None => step(driver, progress),
            Some(told) => told.fetching(|| step(driver, progress)),
        })
    }

    /// Tells of the end, unless more results are to come.
    #[cold]
    fn tell_end(&mut self) {
        if !self.progress.as_ref().is_some_and(Progress::has_more_results) {
            drop(self.told.take());
        }
    }

    /// Abandons what was not read, and tells of the end before the connection goes.
    #[cold]
    fn abandon_told(&mut self) {
        let abandoned = self.go_on(|driver, progress| driver.abandon(progress));
        if let (Some(mut told), Some(Err(error))) = (self.told.take(), abandoned) {
            told.failed_later(&error);
        }
    }

    /// What the program gets for an error, with which the statement has ended.
    #[cold]
    fn failed(&mut self, error: Error) -> Error {
        if let Some(mut told) = self.told.take() {
            told.failed_later(&error);
        }
        self.held.failed(error, &self.sql)
    }

    /// Goes on to the next row of the batch; false when it is used up.
    #[inline(always)]
    pub(super) fn step(&mut self) -> bool {
        self.progress.as_mut().is_some_and(Progress::step)
    }

    /// Goes on to the next row of the next batch; false at the end.
    #[cold]
    pub(super) fn refill(&mut self) -> Result<bool> {
        let filled = self.go_on(|driver, progress| Ok(driver.refill(progress)? && progress.step()));
        filled.unwrap_or(Ok(false)).map_err(|error| self.failed(error))
    }

    /// The row that was come to.
    #[inline(always)]
    pub(super) fn current(&mut self) -> Result<Row<'_>> {
        match (&self.progress, self.held.driver()) {
            (Some(progress), Some(driver)) => Ok(driver.current_row(progress)),
            _ => Err(no_row_here()),
        }
    }

    #[inline]
    pub(super) fn returns_rows(&self) -> bool {
        self.progress.as_ref().is_some_and(Progress::returns_rows)
    }

    pub(super) fn rowcount(&self) -> Option<u64> {
        self.progress.as_ref().map_or(self.many_affected, Progress::affected)
    }

    pub(super) fn last_insert_id(&self) -> Option<i64> {
        self.progress.as_ref().and_then(Progress::last_insert_id)
    }

    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    pub(super) fn columns(&mut self) -> Result<Arc<[Column]>> {
        if let Some(columns) = &self.columns {
            return Ok(Arc::clone(columns));
        }
        let statement = self.statement;
        match self.held.driver() {
            Some(driver) if self.progress.as_ref().is_some_and(Progress::returns_rows) => {
                driver.columns(&statement)
            }
            _ => Ok(Arc::new([])),
        }
    }

    /// Bounds the batches to come.
    pub(super) fn set_batch_rows(&mut self, rows: NonZeroUsize) {
        if let Some(driver) = self.held.driver() {
            driver.set_batch_rows(u32::try_from(rows.get()).unwrap_or(u32::MAX));
        }
    }

    /// Reads this result to its end and goes on to the next; false when there is none.
    pub(super) fn next_result(&mut self) -> Result<bool> {
        let next = self.go_on(|driver, progress| {
            let rows = driver.drain(progress)?;
            Ok((rows, driver.next_result(progress)?))
        });
        let (rows, there) = next.unwrap_or(Ok((0, false))).map_err(|error| self.failed(error))?;
        let returns_rows = there && self.returns_rows();
        if let Some(told) = &mut *self.told {
            told.passed_over(rows);
            told.goes_on(returns_rows);
        }
        if returns_rows {
            self.tell_columns();
        }
        Ok(there)
    }

    /// Reads to the end without looking at rows.
    pub(super) fn drain(&mut self) -> Result<()> {
        let drained = self.go_on(|driver, progress| driver.drain(progress));
        let rows = drained.unwrap_or(Ok(0)).map_err(|error| self.failed(error))?;
        if let Some(told) = &mut *self.told {
            told.passed_over(rows);
        }
        Ok(())
    }

    /// Everything of this result was read, or as much as may be.
    #[inline]
    pub(super) fn reached_end(&mut self) {
        if self.told.is_some() {
            self.tell_end();
        }
        self.release_if_read();
    }

    /// Gives a connection of its own back once there is nothing left to read.
    #[inline]
    pub(super) fn release_if_read(&mut self) {
        let is_read = |progress: &Progress| progress.is_done() && !progress.has_more_results();
        if matches!(self.held, Held::Owned(_)) && self.progress.as_ref().is_none_or(is_read) {
            self.release();
        }
    }

    /// Abandons what was not read, and gives a connection of its own back.
    pub(super) fn abandon(&mut self) -> Result<()> {
        if self.told.is_some() {
            return self.abandon_in_words();
        }
        let abandoned = match (&mut self.progress, self.held.driver()) {
            (Some(progress), Some(driver)) => {
                renew(progress, self.timeout);
                driver.abandon(progress)
            }
            _ => Ok(()),
        };
        // While the connection is there to be told.
        let abandoned = abandoned.map_err(|error| self.failed(error));
        self.release();
        abandoned
    }

    /// The same, and tells of the end.
    #[cold]
    fn abandon_in_words(&mut self) -> Result<()> {
        let abandoned = self.go_on(|driver, progress| driver.abandon(progress)).unwrap_or(Ok(()));
        let abandoned = abandoned.map_err(|error| self.failed(error));
        drop(self.told.take());
        self.release();
        abandoned
    }

    fn release(&mut self) {
        if !matches!(self.held, Held::Owned(_)) {
            return;
        }
        // Asked for while there is somebody to ask; without an answer there are no names.
        self.columns = self.columns().ok();
        self.close_statement();
        self.held = Held::Returned;
    }

    fn close_statement(&mut self) {
        if !self.is_kept
            && let Some(driver) = self.held.driver()
        {
            driver.close_statement(self.statement);
        }
    }
}

impl Drop for Streamed<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.told.is_some() {
            self.abandon_told();
        } else if let (Some(progress), Some(driver)) = (&mut self.progress, self.held.driver()) {
            renew(progress, self.timeout);
            // An error here is one that nobody asked to see; a broken connection remembers it.
            let _unseen = driver.abandon(progress);
        }
        self.close_statement();
    }
}

/// Gives the next call its time: what the program took since the last one does not count.
#[inline]
fn renew(progress: &mut Progress, timeout: Option<Duration>) {
    if let Some(timeout) = timeout {
        progress.renew(Limits::within(timeout));
    }
}

/// What `current` says when nothing was come to, which the callers see to.
#[cold]
pub(super) fn no_row_here() -> Error {
    Error::resource_closed("this result object is not at a row")
}
