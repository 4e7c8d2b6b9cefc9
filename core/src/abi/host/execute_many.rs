//! Executing once for each row of parameters.

use super::connection::DriverConnection;
use super::cursor::DriverCursor;
use super::execute::{ExecuteOptions, Progress, Step};
use super::limits::Limits;
use super::params::BindRow;
use super::statement::DriverStatement;
use crate::abi::constants::{hint, param_flag};
use crate::error::Result;

/// Most rows of parameters that cross at once in an executemany: enough that a dialect which sends
/// them as one waits but rarely.
const MANY_ROWS: usize = 4096;

/// Rows that cross at once however wide they are.
const FEW_ROWS: usize = 256;

/// Parameters that cross at once, within those limits: half a mebibyte.
const MANY_CELLS: usize = 32 << 10;

impl DriverConnection {
    /// Executes a statement once for each row of parameters and tells how many rows were changed,
    /// where the database tells. Rows that come back are discarded. Chunks of rows cross at once.
    ///
    /// # Errors
    /// What the database reports, with the index of the [failing row](crate::Error::failing_row).
    pub fn execute_many<P: BindRow>(
        &mut self,
        statement: &DriverStatement,
        rows: &[P],
        limits: Limits,
    ) -> Result<Option<u64>> {
        let mut affected = Some(0u64);
        let mut first = 0;
        let width = rows.first().map_or(0, |row| self.params.width(row));
        let at_once = (MANY_CELLS / width.max(1)).clamp(FEW_ROWS, MANY_ROWS);
        while first < rows.len() {
            let chunk = &rows[first..rows.len().min(first + at_once)];
            let last = first + chunk.len() == rows.len();
            let flags = if last { param_flag::LAST } else { param_flag::MORE };
            let changed = self.execute_chunk(statement, chunk, (first as u64, flags), limits)?;
            affected = affected.zip(changed).map(|(sum, changed)| sum.saturating_add(changed));
            first += chunk.len();
        }
        Ok(affected)
    }

    fn execute_chunk<P: BindRow>(
        &mut self,
        statement: &DriverStatement,
        rows: &[P],
        (first_row, flags): (u64, u32),
        limits: Limits,
    ) -> Result<Option<u64>> {
        let slot = self.slots.get(statement)?;
        let (entry, single) = (slot.table.execute_many, slot.table.execute);
        if entry.is_none() && single.is_some() {
            return self.execute_singly(statement, rows, first_row, limits);
        }
        let set = self.params.bind_rows(rows, first_row, flags)?;
        let options = limits.options(self.next_generation());
        let mut progress = self.prepare_batch(statement, hint::NO_ROWS, limits)?;
        self.run(&mut progress, Step::ExecuteMany(&set), &options)?;
        self.drain(&mut progress)?;
        Ok(progress.affected)
    }

    /// For dialects whose table has no executemany.
    fn execute_singly<P: BindRow>(
        &mut self,
        statement: &DriverStatement,
        rows: &[P],
        first_row: u64,
        limits: Limits,
    ) -> Result<Option<u64>> {
        let mut affected = Some(0u64);
        for (index, row) in rows.iter().enumerate() {
            let options = ExecuteOptions::default().limits(limits);
            let changed = self
                .start(statement, row, options)
                .and_then(|mut progress| self.drain(&mut progress).map(|_| progress.affected))
                .map_err(|error| error.with_failing_row(first_row + index as u64))?;
            affected = affected.zip(changed).map(|(sum, changed)| sum.saturating_add(changed));
        }
        Ok(affected)
    }

    /// Executes a statement once for each row of parameters and lends the rows that come back, in
    /// the order of the parameters where the dialect says so. All parameters cross at once.
    ///
    /// # Errors
    /// As [`execute_many`](Self::execute_many); `NotSupported` when the dialect has no executemany
    /// of its own.
    pub fn execute_many_returning<P: BindRow>(
        &mut self,
        statement: &DriverStatement,
        rows: &[P],
        limits: Limits,
    ) -> Result<DriverCursor<'_>> {
        let progress = self.start_many_returning(statement, rows, limits)?;
        Ok(DriverCursor::new(self, progress))
    }

    /// Executes for each row of parameters and gets the first rows that come back.
    pub(crate) fn start_many_returning<P: BindRow>(
        &mut self,
        statement: &DriverStatement,
        rows: &[P],
        limits: Limits,
    ) -> Result<Progress> {
        let set = self.params.bind_rows(rows, 0, param_flag::LAST)?;
        let options = limits.options(self.next_generation());
        let mut progress = self.prepare_batch(statement, 0, limits)?;
        self.run(&mut progress, Step::ExecuteMany(&set), &options)?;
        Ok(progress)
    }
}
