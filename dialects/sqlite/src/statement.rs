//! The prepared statement: executing, and delivering rows.

use std::ffi::c_int;
use std::sync::Arc;

use aludel::dbapi::{Call, Column, ParamRows, Parameter, Params, RowWriter, Statement};
use aludel::error::{Error, Result};
use rusqlite::ffi;

use crate::connection::SqliteConnection;
use crate::handle::Handle;
use crate::keyword::Change;
use crate::raw::RawStatement;
use crate::read::read_row;
use crate::shared::Shared;

/// A prepared statement of a SQLite connection.
pub struct SqliteStatement {
    /// Taken when it is finalized.
    raw: Option<RawStatement>,
    db: Handle,
    shared: Arc<Shared>,
    parameters: usize,
    columns: usize,
    /// How often SQLite had prepared the statement again when `columns` was asked for.
    epoch: c_int,
    readonly: bool,
    change: Change,
    /// It was stepped and not reset.
    open: bool,
    /// It stands on a row that has not been delivered.
    pending: bool,
    rowid_before: i64,
}

impl SqliteStatement {
    pub(crate) fn new(raw: RawStatement, db: Handle, shared: Arc<Shared>, sql: &str) -> Self {
        let readonly = raw.is_readonly();
        let changes = !readonly && !raw.is_explain();
        SqliteStatement {
            db,
            shared,
            parameters: raw.parameter_count(),
            columns: raw.column_count(),
            epoch: 0,
            readonly,
            change: if changes { Change::of(sql) } else { Change::Nothing },
            open: false,
            pending: false,
            rowid_before: 0,
            raw: Some(raw),
        }
    }

    #[inline(always)]
    pub(crate) fn raw(&self) -> &RawStatement {
        self.raw.as_ref().expect("invariant: a statement is finalized only when it goes")
    }

    #[inline(always)]
    pub(crate) fn raw_mut(&mut self) -> &mut RawStatement {
        self.raw.as_mut().expect("invariant: a statement is finalized only when it goes")
    }

    pub(crate) fn db(&self) -> Handle {
        self.db
    }

    #[inline(always)]
    pub(crate) fn parameter_count(&self) -> usize {
        self.parameters
    }

    /// Refuses a connection that is not the statement's own: it would be used by two threads.
    #[inline(always)]
    fn check_connection(&self, connection: &SqliteConnection) -> Result<()> {
        if self.db == connection.db { Ok(()) } else { Err(foreign()) }
    }

    /// Abandons an open execution. The error is that of the commit which this may mean for a
    /// statement that writes.
    #[inline(always)]
    fn close_execution(&mut self) -> c_int {
        self.pending = false;
        if !std::mem::take(&mut self.open) {
            return ffi::SQLITE_OK;
        }
        self.raw_mut().reset()
    }

    /// What every execution begins with.
    #[inline(always)]
    fn start(&mut self, connection: &mut SqliteConnection, call: &Call<'_>) -> Result<()> {
        self.check_connection(connection)?;
        // An error of the execution before was delivered then.
        self.close_execution();
        connection.start(call)
    }

    /// Takes the first step and learns what columns there are.
    #[inline(always)]
    fn first_step(&mut self) -> c_int {
        if self.change == Change::With {
            self.rowid_before = self.db.last_insert_rowid();
        }
        self.open = true;
        let code = self.raw_mut().step();
        let epoch = self.raw().reprepares();
        if epoch != self.epoch {
            self.epoch = epoch;
            self.columns = self.raw().column_count();
        }
        code
    }

    #[inline(always)]
    fn describe(&self, rows: &mut RowWriter<'_, '_>) {
        if self.columns > 0 {
            rows.columns(self.columns);
            rows.columns_epoch(self.epoch as u32);
        }
    }

    /// Delivers rows from where the statement stands.
    #[inline(always)]
    fn deliver(
        &mut self,
        connection: &mut SqliteConnection,
        rows: &mut RowWriter<'_, '_>,
    ) -> Result<()> {
        if rows.wants_none() {
            return self.discard(connection, rows);
        }
        while rows.wants_row() {
            if !std::mem::take(&mut self.pending) {
                match self.raw_mut().step() {
                    ffi::SQLITE_ROW => {}
                    ffi::SQLITE_DONE => return self.complete(rows),
                    code => return Err(self.fail(connection, code)),
                }
            }
            let mut row = rows.row();
            // SAFETY: the statement stands on a row, and steps again only after `wants_row` has
            // said that nothing is lent.
            if !unsafe { read_row(self.raw(), self.columns, &mut row) } {
                return Err(self.fail(connection, ffi::SQLITE_NOMEM));
            }
            if !row.commit() {
                self.pending = true;
                return Ok(());
            }
            // The step that would find the end is saved. Statements that write go on to it, because
            // it can fail.
            if rows.wants_one() && self.readonly && !rows.has_ended() {
                self.close_execution();
                rows.done();
                return Ok(());
            }
        }
        Ok(())
    }

    /// Runs to the end without delivering rows.
    fn discard(
        &mut self,
        connection: &mut SqliteConnection,
        rows: &mut RowWriter<'_, '_>,
    ) -> Result<()> {
        self.pending = false;
        loop {
            match self.raw_mut().step() {
                ffi::SQLITE_ROW => {}
                ffi::SQLITE_DONE => return self.complete(rows),
                code => return Err(self.fail(connection, code)),
            }
        }
    }

    /// The statement has run to its end.
    #[inline(always)]
    fn complete(&mut self, rows: &mut RowWriter<'_, '_>) -> Result<()> {
        if self.change != Change::Nothing {
            self.report_changes(rows);
        }
        self.close_execution();
        rows.done();
        Ok(())
    }

    fn report_changes(&self, rows: &mut RowWriter<'_, '_>) {
        let changed = self.db.changes();
        rows.affected(changed);
        let rowid = self.db.last_insert_rowid();
        let inserted = match self.change {
            Change::Insert => changed > 0,
            Change::With => rowid != self.rowid_before,
            Change::Rows | Change::Nothing => false,
        };
        if inserted {
            rows.last_insert_id(rowid);
        }
    }

    #[cold]
    fn fail(&mut self, connection: &mut SqliteConnection, code: c_int) -> Error {
        let error = connection.failure(code);
        self.close_execution();
        error
    }

    /// Executes for every row of parameters, which are borrowed and not copied.
    fn each(
        &mut self,
        connection: &mut SqliteConnection,
        params: &ParamRows<'_>,
        affected: &mut u64,
    ) -> Result<()> {
        for (index, row) in params.iter().enumerate() {
            let result = self.once(connection, row);
            match result {
                Ok(()) if self.change != Change::Nothing => *affected += self.db.changes(),
                Ok(()) => {}
                Err(error) => {
                    return Err(error.with_failing_row(params.first_row() + index as u64));
                }
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn once(&mut self, connection: &mut SqliteConnection, params: Params<'_>) -> Result<()> {
        // SAFETY: the parameters outlive this execution, whose end is in this function;
        // `execute_many` clears the bindings before they go.
        unsafe { self.bind_borrowed(params)? };
        self.open = true;
        loop {
            match self.raw_mut().step() {
                ffi::SQLITE_DONE => break,
                ffi::SQLITE_ROW => {}
                code => return Err(self.fail(connection, code)),
            }
        }
        self.close_execution();
        Ok(())
    }

    fn finalize(&mut self) {
        if let Some(raw) = self.raw.take() {
            // SAFETY: called with the connection borrowed for this alone.
            unsafe { raw.finalize() };
        }
    }
}

impl Statement for SqliteStatement {
    type Connection = SqliteConnection;

    #[inline]
    fn execute<'a>(
        &'a mut self,
        connection: &'a mut SqliteConnection,
        params: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.start(connection, call)?;
        if self.columns > 0 {
            // Rows may be fetched after the parameters are gone.
            self.bind_copied(params)?;
            let code = self.first_step();
            self.describe(rows);
            return match code {
                ffi::SQLITE_ROW => {
                    self.pending = true;
                    self.deliver(connection, rows)
                }
                ffi::SQLITE_DONE => self.complete(rows),
                code => Err(self.fail(connection, code)),
            };
        }
        // SAFETY: without rows the execution ends in this call, and the bindings are cleared here.
        let bound = unsafe { self.bind_borrowed(params) };
        let result = bound.and_then(|()| match self.first_step() {
            ffi::SQLITE_DONE => self.complete(rows),
            ffi::SQLITE_ROW => self.discard(connection, rows),
            code => Err(self.fail(connection, code)),
        });
        if self.parameters > 0 {
            self.raw_mut().clear_bindings();
        }
        result
    }

    #[inline]
    fn fetch<'a>(
        &'a mut self,
        connection: &'a mut SqliteConnection,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.check_connection(connection)?;
        self.describe(rows);
        if !self.open {
            rows.done();
            return Ok(());
        }
        connection.start(call)?;
        self.deliver(connection, rows)
    }

    fn columns(&self, connection: &SqliteConnection) -> Result<Vec<Column>> {
        self.check_connection(connection)?;
        Ok(self.describe_columns(self.columns))
    }

    fn parameters(&self, connection: &SqliteConnection) -> Result<Option<Vec<Parameter>>> {
        self.check_connection(connection)?;
        Ok(Some(self.describe_parameters()))
    }

    fn execute_many<'a>(
        &'a mut self,
        connection: &'a mut SqliteConnection,
        params: ParamRows<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.start(connection, call)?;
        if self.columns > 0 && !rows.wants_none() {
            return Err(rows_of_many());
        }
        let mut affected = 0;
        let result = self.each(connection, &params, &mut affected);
        self.raw_mut().clear_bindings();
        result?;
        if self.change != Change::Nothing {
            rows.affected(affected);
        }
        rows.done();
        Ok(())
    }

    fn reset(&mut self, connection: &mut SqliteConnection, _call: &Call<'_>) -> Result<()> {
        self.check_connection(connection)?;
        connection.start_unlimited();
        match self.close_execution() {
            ffi::SQLITE_OK => Ok(()),
            code => Err(connection.failure(code)),
        }
    }

    fn close(&mut self, connection: &mut SqliteConnection) {
        if self.check_connection(connection).is_ok() {
            self.finalize();
        }
    }
}

impl Drop for SqliteStatement {
    fn drop(&mut self) {
        if let Some(raw) = self.raw.take() {
            self.shared.adopt(raw);
        }
    }
}

#[cold]
fn rows_of_many() -> Error {
    Error::not_supported("an executemany whose rows come back is not supported by this dialect")
        .with_sqlstate("0A000")
        .with_help("give one INSERT several rows of VALUES, or execute it once for each row")
}

#[cold]
fn foreign() -> Error {
    Error::interface("this statement belongs to another connection")
        .with_help("prepare it on the connection that executes it")
}
