//! The defaults of executemany and scripts, made of what every dialect has.

use crate::abi::constants::{batch_state, hint};
use crate::abi::data::Batch;
use crate::abi::params::{ParamRows, Params};
use crate::abi::room::{BATCH_ROWS, Room};
use crate::abi::writer::{Kept, MAX_COLUMNS, RowWriter};
use crate::dbapi::{Call, Connection, PrepareOptions, ScriptOutcome, Statement};
use crate::error::{Error, Result};

/// Executes once for each row and discards what comes back.
pub(crate) fn execute_each<S: Statement>(
    statement: &mut S,
    connection: &mut S::Connection,
    params: ParamRows<'_>,
    rows: &mut RowWriter<'_, '_>,
    call: &Call<'_>,
) -> Result<()> {
    if !rows.wants_none() {
        // One execution after the other: the rows of all but the last would be lost.
        return Err(rows_of_many());
    }
    let mut discard = Discard::new();
    let mut affected = Some(0);
    for (index, row) in params.iter().enumerate() {
        let changed = discard
            .execute(statement, connection, row, call)
            .map_err(|error| error.with_failing_row(params.first_row() + index as u64))?;
        affected =
            affected.zip(changed).map(|(sum, changed): (u64, u64)| sum.saturating_add(changed));
    }
    if let Some(affected) = affected {
        rows.affected(affected);
    }
    rows.done();
    Ok(())
}

#[cold]
fn rows_of_many() -> Error {
    Error::not_supported("an executemany whose rows come back is not supported by this dialect")
        .with_sqlstate("0A000")
        .with_help("give one INSERT several rows of VALUES, or execute it once for each row")
}

/// Prepares and executes one statement after the other.
pub(crate) fn execute_script<C: Connection>(
    connection: &mut C,
    sql: &str,
    outcome: &mut ScriptOutcome,
    call: &Call<'_>,
) -> Result<()> {
    let mut discard = Discard::new();
    let options = PrepareOptions { one_shot: true };
    while outcome.consumed < sql.len() {
        let Some(rest) = sql.get(outcome.consumed..) else {
            return Err(Error::internal(
                "the dialect says that a statement ends inside a character",
            ));
        };
        let prepared = connection.prepare(rest, options, call)?;
        let Some(mut statement) = prepared.statement else {
            outcome.consumed = sql.len();
            break;
        };
        let result = discard.execute(&mut statement, connection, Params::EMPTY, call);
        statement.close(connection);
        outcome.affected = outcome.affected.saturating_add(result?.unwrap_or(0));
        if prepared.consumed == 0 {
            return Err(Error::internal("the dialect prepared a statement of no length"));
        }
        outcome.consumed += prepared.consumed;
    }
    Ok(())
}

/// Takes rows that nobody reads.
struct Discard {
    room: Room,
    kept: Kept,
}

impl Discard {
    fn new() -> Self {
        Discard { room: Room::small(), kept: Kept::default() }
    }

    /// Executes, runs to the end of the first result, and tells how many rows were changed.
    fn execute<S: Statement>(
        &mut self,
        statement: &mut S,
        connection: &mut S::Connection,
        params: Params<'_>,
        call: &Call<'_>,
    ) -> Result<Option<u64>> {
        let mut batch = self.room.batch(BATCH_ROWS, hint::NO_ROWS);
        // SAFETY: the batch was just made over the room.
        let mut rows = unsafe { RowWriter::new(&mut batch, &mut self.kept) };
        statement.execute(connection, params, &mut rows, call)?;
        rows.finish();
        while batch.state & batch_state::DONE == 0 {
            if batch.rows == 0 && !self.make_room(&mut batch) {
                return Err(Error::internal("the dialect delivered no rows and did not say done"));
            }
            // SAFETY: as above; `make_room` keeps batch and room together.
            let mut rows = unsafe { RowWriter::new(&mut batch, &mut self.kept) };
            statement.fetch(connection, &mut rows, call)?;
            rows.finish();
        }
        Ok((batch.affected != u64::MAX).then_some(batch.affected))
    }

    fn make_room(&mut self, batch: &mut Batch) -> bool {
        let grown = batch.columns as usize <= MAX_COLUMNS && self.room.grow(batch.columns);
        *batch = self.room.batch(batch.max_rows, batch.hint);
        grown
    }
}
