//! Executing on the driver what somebody is told of: with the lines and events around it.

use std::fmt;
use std::time::{Duration, Instant};

use super::bound::Bound;
use super::execute::{many, one};
use super::failed::copied_or_empty;
use super::given::How;
use super::prepared::{Executed, Outcome, Prepared};
use crate::abi::host::{BindRow, ExecuteOptions, looked_at};
use crate::engine::{Brought, Connection, Sent, Statement, TextOrigin};
use crate::error::Result;
use crate::value::{Parameters, write_positional, write_sets};

/// Rows of values in the order of the placeholders. They print as [`Parameters`] do, of which only
/// what is shown is written down.
#[derive(Clone, Copy)]
pub(super) enum Rows<'r> {
    One(&'r dyn BindRow),
    Many(&'r [&'r dyn BindRow]),
    Bound(&'r [Bound<'r>]),
}

impl Rows<'_> {
    pub(super) fn copied(self) -> Parameters {
        match self {
            Rows::One(row) => Parameters::one(copied_or_empty(row)),
            Rows::Many(rows) => Parameters::many(rows.iter().map(|row| copied_or_empty(*row))),
            Rows::Bound(rows) => Parameters::many(rows.iter().map(copied_or_empty)),
        }
    }
}

impl fmt::Display for Rows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Rows::One(row) => write_row(f, row),
            Rows::Many(rows) => write_sets(f, rows.len(), |f, index| write_row(f, rows[index])),
            Rows::Bound(rows) => write_sets(f, rows.len(), |f, index| write_row(f, &rows[index])),
        }
    }
}

/// Writes the values of a row; none when they cannot be sent, of which the error tells.
fn write_row<R: BindRow + ?Sized>(f: &mut fmt::Formatter<'_>, row: &R) -> fmt::Result {
    let written = looked_at(row, |values| write_positional(f, values.len(), |at| values.get(at)));
    written.unwrap_or_else(|| f.write_str("()"))
}

/// Has the driver execute a statement, of which is told where somebody wants to know.
pub(super) fn send(
    connection: &mut Connection,
    sql: &str,
    rows: Rows<'_>,
    how: How,
    origin: TextOrigin<'_>,
) -> Result<Executed> {
    if !how.is_watched {
        return call(connection, sql, rows, how.start, || {});
    }
    let sent = Sent { sql, origin, parameters: &rows, caller: how.caller };
    watched(connection, &sent, |connection, statement| {
        let start = how.start.limits(how.limits(connection));
        call(connection, sql, rows, start, || statement.prepared())
    })
}

/// Executes a statement with what is told of it before and after.
pub(super) fn watched(
    connection: &mut Connection,
    sent: &Sent<'_>,
    execute: impl FnOnce(&mut Connection, &mut Statement) -> Result<Executed>,
) -> Result<Executed> {
    let mut statement = Statement::begin(connection, sent);
    let span = statement.span();
    let executed = span.in_scope(|| execute(connection, &mut statement));
    let begun = Instant::now();
    let executed = told(statement, sent, executed);
    if let Ok(executed) = &executed {
        tell_columns(connection, executed);
    }
    connection.note_told(begun.elapsed());
    executed
}

/// Tells what became of a statement, which goes on with its rows.
fn told(statement: Statement, sent: &Sent<'_>, executed: Result<Executed>) -> Result<Executed> {
    match executed {
        Ok(mut executed) => {
            executed.told = statement.executed(sent, executed.outcome.brought());
            Ok(executed)
        }
        Err(error) => {
            statement.failed(sent, &error);
            Err(error)
        }
    }
}

fn tell_columns(connection: &mut Connection, executed: &Executed) {
    if let Outcome::Cursor(progress) = &executed.outcome
        && progress.returns_rows()
        && let Some(told) = &executed.told
        && told.wants_columns()
        && let Ok(columns) = connection.session().driver.columns(&executed.statement)
    {
        told.columns(&columns);
    }
}

/// Has the recorder of metrics told of a statement that took this long.
pub(super) fn meter(
    connection: &Connection,
    sql: &str,
    took: Duration,
    executed: &mut Result<Executed>,
) {
    let executed = match executed {
        Ok(executed) => executed,
        Err(error) => return connection.meter_failure(sql, took, error),
    };
    let rows = match &executed.outcome {
        Outcome::Cursor(progress) if progress.returns_rows() => {
            executed.told = connection.meter_rows(sql, took, executed.told.take());
            return;
        }
        Outcome::Collected(rows) => Some(rows.len()),
        Outcome::Cursor(_) | Outcome::Many(_) => None,
    };
    connection.meter_done(sql, took, rows);
}

/// Has the driver execute a statement; `prepared` is called in between.
fn call(
    connection: &mut Connection,
    sql: &str,
    rows: Rows<'_>,
    start: ExecuteOptions,
    prepared: impl FnOnce(),
) -> Result<Executed> {
    let session = connection.session();
    let statement = Prepared::drivers_own(session, sql, start.limits)?;
    prepared();
    statement
        .execute(session, |driver, statement| match rows {
            Rows::One(row) => one(driver, statement, row, start),
            Rows::Many(rows) => many(driver, statement, rows, start.limits),
            Rows::Bound(rows) => many(driver, statement, rows, start.limits),
        })
        .map_err(|error| error.with_statement(sql))
}

impl Outcome {
    /// What executing brought.
    pub(super) fn brought(&self) -> Brought {
        match self {
            Outcome::Cursor(progress) => Brought {
                affected: progress.affected(),
                returns_rows: progress.returns_rows(),
                goes_on: progress.has_more_results(),
            },
            Outcome::Many(affected) => {
                Brought { affected: *affected, returns_rows: false, goes_on: false }
            }
            Outcome::Collected(rows) => {
                Brought { affected: rows.affected(), returns_rows: true, goes_on: false }
            }
        }
    }
}
