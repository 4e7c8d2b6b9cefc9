//! Executing, and getting batch after batch.

use super::connection::DriverConnection;
use super::cursor::DriverCursor;
use super::limits::Limits;
use super::params::BindRow;
use super::statement::DriverStatement;
use crate::abi::constants::{batch_state, hint, status};
use crate::abi::data::{CallOptions, ParamSet};
use crate::abi::room::BATCH_ROWS;
use crate::abi::writer::MAX_COLUMNS;
use crate::error::{Error, Result};

/// Calls in a row that may bring nothing before the dialect is taken to be broken.
const EMPTY_BATCHES: u32 = 1000;

/// How a statement is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ExecuteOptions {
    /// At most one row will be read: the dialect may stop and reset after it. Only for queries;
    /// errors that would come after the first row are lost.
    pub one_row: bool,
    /// Rows that cross at once at most; 0 for as many as fit into a batch, which is never exceeded.
    pub batch_rows: u32,
    /// Limits of each call.
    pub limits: Limits,
}

impl ExecuteOptions {
    /// At most one row will be read.
    pub const ONE_ROW: ExecuteOptions =
        ExecuteOptions { one_row: true, batch_rows: 0, limits: Limits::NONE };

    /// The same with other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// How far a result has been read.
#[derive(Clone, Copy)]
pub(crate) struct Progress {
    pub(super) statement: DriverStatement,
    /// Next row within the batch.
    pub(super) at: u32,
    /// Rows of the batch that may be read.
    pub(super) rows: u32,
    pub(super) columns: u32,
    pub(super) state: u32,
    rows_left: u64,
    limits: Limits,
    pub(super) affected: Option<u64>,
    last_insert_id: Option<i64>,
}

impl Progress {
    /// True when the dialect has delivered everything of this result.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.state & batch_state::DONE != 0
    }

    /// True when another result follows this one.
    #[inline]
    pub(crate) fn has_more_results(&self) -> bool {
        self.state & batch_state::MORE_RESULTS != 0
    }

    /// Goes on to the next row of the batch; false when it is used up.
    #[inline(always)]
    pub(crate) fn step(&mut self) -> bool {
        let there = self.at < self.rows;
        self.at += u32::from(there);
        there
    }

    /// Limits the calls to come. The number of rows stays limited as it was.
    pub(crate) fn renew(&mut self, limits: Limits) {
        self.limits = limits;
    }

    pub(crate) fn returns_rows(&self) -> bool {
        self.state & batch_state::RETURNS_ROWS != 0
    }

    pub(crate) fn is_out_parameters(&self) -> bool {
        self.state & batch_state::OUT_PARAMETERS != 0
    }

    pub(crate) fn affected(&self) -> Option<u64> {
        self.affected
    }

    pub(crate) fn last_insert_id(&self) -> Option<i64> {
        self.last_insert_id
    }
}

impl DriverConnection {
    /// Executes a statement and lends its rows.
    ///
    /// # Errors
    /// What the database reports; `ResourceClosed` for a closed statement.
    #[inline]
    pub fn execute<P: BindRow + ?Sized>(
        &mut self,
        statement: &DriverStatement,
        params: &P,
        options: ExecuteOptions,
    ) -> Result<DriverCursor<'_>> {
        let progress = self.start(statement, params, options)?;
        Ok(DriverCursor::new(self, progress))
    }

    /// Executes and gets the first rows.
    #[inline]
    pub(crate) fn start<P: BindRow + ?Sized>(
        &mut self,
        statement: &DriverStatement,
        params: &P,
        options: ExecuteOptions,
    ) -> Result<Progress> {
        let mut writer = self.params.writer();
        params.bind(&mut writer);
        let set = self.params.set(1, 0, 0)?;
        let call = options.limits.options(self.next_generation());
        let hint = if options.one_row { hint::ONE } else { 0 };
        let mut progress = self.prepare_batch(statement, hint, options.limits)?;
        if options.batch_rows != 0 {
            self.set_batch_rows(options.batch_rows);
        }
        self.run(&mut progress, Step::Execute(&set), &call)?;
        Ok(progress)
    }

    /// Bounds the batches of the result that is being read.
    pub(crate) fn set_batch_rows(&mut self, rows: u32) {
        self.batch.max_rows = rows.clamp(1, BATCH_ROWS);
    }

    #[inline]
    pub(super) fn prepare_batch(
        &mut self,
        statement: &DriverStatement,
        hint: u32,
        limits: Limits,
    ) -> Result<Progress> {
        self.slots.get(statement)?;
        if self.active.is_some_and(|active| active != *statement) {
            self.reset_active(limits)?;
        }
        self.batch = self.room.batch(BATCH_ROWS, hint);
        Ok(Progress {
            statement: *statement,
            at: 0,
            rows: 0,
            columns: 0,
            state: 0,
            rows_left: limits.row_limit(),
            limits,
            affected: None,
            last_insert_id: None,
        })
    }

    /// Gets the next rows; false at the end of the result.
    #[cold]
    pub(crate) fn refill(&mut self, progress: &mut Progress) -> Result<bool> {
        if progress.is_done() || progress.rows_left == 0 {
            return Ok(false);
        }
        let options = progress.limits.options(self.next_generation());
        self.run(progress, Step::Fetch, &options)?;
        Ok(progress.rows > 0)
    }

    /// Goes on to the next result; false when there is none.
    pub(crate) fn next_result(&mut self, progress: &mut Progress) -> Result<bool> {
        let slot = self.slots.get_mut(&progress.statement)?;
        if slot.table.next_result.is_none() || !progress.has_more_results() {
            progress.rows = progress.at;
            return Ok(false);
        }
        slot.forget_columns();
        let options = progress.limits.options(self.next_generation());
        progress.rows_left = progress.limits.row_limit();
        progress.affected = None;
        progress.last_insert_id = None;
        self.run(progress, Step::NextResult, &options)
    }

    /// Reads to the end of the result, and says how many rows that were.
    pub(crate) fn drain(&mut self, progress: &mut Progress) -> Result<u64> {
        let mut rows = 0;
        loop {
            rows += u64::from(progress.rows - progress.at);
            progress.at = progress.rows;
            if !self.refill(progress)? {
                return Ok(rows);
            }
        }
    }

    /// Abandons the result.
    pub(crate) fn abandon(&mut self, progress: &mut Progress) -> Result<()> {
        if progress.is_done() && !progress.has_more_results() {
            return Ok(());
        }
        progress.state |= batch_state::DONE;
        progress.rows = progress.at;
        self.active = None;
        self.reset(&progress.statement, progress.limits)
    }

    /// Abandons the result of another statement that is still open: its cursor was forgotten.
    #[cold]
    pub(super) fn reset_active(&mut self, limits: Limits) -> Result<()> {
        let Some(active) = self.active.take() else { return Ok(()) };
        match self.slots.get(&active) {
            Ok(_) => self.reset(&active, limits),
            // Closed meanwhile, and its result with it.
            Err(_) => Ok(()),
        }
    }

    fn reset(&mut self, statement: &DriverStatement, limits: Limits) -> Result<()> {
        let slot = self.slots.get(statement)?;
        let (Some(reset), data) = (slot.table.reset, slot.data) else { return Ok(()) };
        // SAFETY: live handles, valid pointers, no other call on the connection.
        self.call(limits, |connection, call, error| unsafe { reset(connection, data, call, error) })
            .map(drop)
    }

    /// Takes one step, again while it brings nothing and more room helps. False for NOTHING.
    #[inline]
    pub(super) fn run(
        &mut self,
        progress: &mut Progress,
        step: Step<'_>,
        call: &CallOptions,
    ) -> Result<bool> {
        let mut step = step;
        for _ in 0..EMPTY_BATCHES {
            let there = self.step(progress, step, call)?;
            if progress.rows > 0 || progress.is_done() || !there {
                return Ok(there);
            }
            if self.batch.columns as usize > MAX_COLUMNS {
                break;
            }
            if self.room.grow(self.batch.columns) {
                self.batch = self.room.batch(self.batch.max_rows, self.batch.hint);
            }
            step = Step::Fetch;
        }
        Err(self.lie("delivered no rows again and again and did not say done"))
    }

    #[inline]
    fn step(
        &mut self,
        progress: &mut Progress,
        step: Step<'_>,
        call: &CallOptions,
    ) -> Result<bool> {
        let slot = self.slots.get(&progress.statement)?;
        let (statement, table) = (slot.data, &slot.table);
        let (connection, batch) = (self.data, &raw mut self.batch);
        let mut error = self.errors.out();
        let out = &raw mut error;
        let call = &raw const *call;
        // SAFETY: live handles; parameters, call, batch and error are valid for the call; the batch
        // describes the room that it was made from; no other call is made on the connection.
        let status = unsafe {
            match step {
                Step::Execute(set) => {
                    table.execute.map(|f| f(connection, statement, set, call, batch, out))
                }
                Step::ExecuteMany(set) => {
                    table.execute_many.map(|f| f(connection, statement, set, call, batch, out))
                }
                Step::Fetch => table.fetch.map(|f| f(connection, statement, call, batch, out)),
                Step::NextResult => {
                    table.next_result.map(|f| f(connection, statement, call, batch, out))
                }
            }
        };
        match status {
            Some(status::OK) => self.take(progress).map(|()| true),
            Some(status::NOTHING) => {
                self.active = None;
                progress.state = batch_state::DONE;
                progress.rows = 0;
                progress.at = 0;
                Ok(false)
            }
            Some(_) => {
                self.active = None;
                progress.state = batch_state::DONE;
                progress.rows = progress.at;
                Err(self.failure(&error))
            }
            None => Err(self.missing(step.name())),
        }
    }

    /// Checks what the dialect says that it has delivered.
    #[inline]
    fn take(&mut self, progress: &mut Progress) -> Result<()> {
        let batch = &self.batch;
        let cells = u64::from(batch.rows) * u64::from(batch.columns);
        if cells > u64::from(batch.cells_capacity) || batch.rows > batch.max_rows {
            progress.state = batch_state::DONE;
            progress.rows = progress.at;
            return Err(self.lie("claims more rows than there was room for"));
        }
        progress.at = 0;
        progress.rows = u64::from(batch.rows).min(progress.rows_left) as u32;
        progress.rows_left -= u64::from(progress.rows);
        progress.columns = batch.columns;
        progress.state = batch.state;
        if batch.affected != u64::MAX {
            progress.affected = Some(batch.affected);
        }
        if batch.state & batch_state::LAST_INSERT_ID != 0 {
            progress.last_insert_id = Some(batch.last_insert_id);
        }
        let is_open = !self.multiple_active && batch.state & batch_state::DONE == 0;
        self.active = is_open.then_some(progress.statement);
        let (epoch, columns) = (batch.columns_epoch, batch.columns);
        self.slots.get_mut(&progress.statement)?.note_columns(epoch, columns);
        Ok(())
    }

    #[cold]
    pub(super) fn lie(&self, what: &str) -> Error {
        Error::internal(format!("the dialect {what}"))
            .with_dialect(self.info().name)
            .with_help("this is a defect of the dialect: report it to its author")
    }
}

#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Execute(&'a ParamSet),
    ExecuteMany(&'a ParamSet),
    Fetch,
    NextResult,
}

impl Step<'_> {
    fn name(self) -> &'static str {
        match self {
            Step::Execute(_) => "executing a statement",
            Step::ExecuteMany(_) => "executemany",
            Step::Fetch => "fetching further rows",
            Step::NextResult => "several results",
        }
    }
}
