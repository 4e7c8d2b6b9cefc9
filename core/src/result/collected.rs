//! The rows of several executions, collected into one result.

use std::sync::Arc;

use super::cursor::CursorResult;
use super::insert_many::InsertManyValues;
use super::owned::OwnedRow;
use super::prepared::{Executed, Outcome};
use super::source::{Done, Memory};
use super::streamed::Held;
use crate::abi::host::DriverStatement;
use crate::dbapi::Column;
use crate::engine::Session;
use crate::error::Result;

/// Rows of several executions of one statement.
#[derive(Default)]
pub(super) struct Collected {
    /// The columns of the first execution, which are those of all.
    columns: Option<Arc<[Column]>>,
    rows: Vec<OwnedRow>,
    /// Rows that were changed; `None` as soon as the database does not tell.
    affected: Option<u64>,
    statement: Option<DriverStatement>,
    pub(super) statements: u64,
}

impl Collected {
    /// Rows that are here.
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Reads the rows of an execution to the end.
    ///
    /// # Errors
    /// What the database reports.
    pub(super) fn read(&mut self, session: &mut Session, executed: Executed) -> Result<()> {
        self.read_many(session, executed, 1)
    }

    /// As [`read`](Self::read), of what was as many executions.
    pub(super) fn read_many(
        &mut self,
        session: &mut Session,
        executed: Executed,
        executions: usize,
    ) -> Result<()> {
        self.statement = Some(executed.statement);
        let mut result = CursorResult::new(Held::Borrowed(session, None), executed);
        let columns = match &self.columns {
            Some(columns) => Arc::clone(columns),
            None => Arc::clone(self.columns.insert(result.description()?)),
        };
        while let Some(values) = result.next_values()? {
            self.rows.push(OwnedRow::new(Arc::clone(&columns), values));
        }
        let before = if self.statements == 0 { Some(0) } else { self.affected };
        self.affected = before.zip(result.rowcount()).map(|(sum, more)| sum.saturating_add(more));
        self.statements += executions as u64;
        Ok(())
    }

    /// The result of all executions. None of their statements is open.
    pub(super) fn executed(self, sql: &str, how: InsertManyValues) -> Executed {
        let sql: Arc<str> = sql.into();
        let done =
            Done { sql: Arc::clone(&sql), affected: self.affected, insertmanyvalues: Some(how) };
        let memory = Memory::new(self.columns.unwrap_or_default(), self.rows.into(), done);
        Executed {
            statement: self.statement.expect("invariant: there was an execution at least"),
            is_kept: true,
            sql,
            outcome: Outcome::Collected(Box::new(memory)),
            yield_per: None,
            timeout: None,
            told: None,
        }
    }
}
