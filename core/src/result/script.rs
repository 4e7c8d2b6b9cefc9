//! Several statements in one text, executed one after the other.

use std::panic::Location;
use std::time::Instant;

use super::cursor::CursorResult;
use super::prepared::{Executed, Outcome};
use super::streamed::Held;
use super::told;
use crate::abi::host::{DriverStatement, ExecuteOptions, Limits};
use crate::dbapi::PrepareOptions;
use crate::engine::{Connection, Origin, Watch, Watched};
use crate::error::{Error, Result};
use crate::value::Parameters;

/// The statements of a text; each is executed when it is asked for.
pub struct Script<'c, 's> {
    connection: &'c mut Connection,
    sql: &'s str,
    at: usize,
}

impl Connection {
    /// Executes the statements of a text one after the other, each when
    /// [`next_statement`](Script::next_statement) is called. They take no parameters. Where a
    /// statement ends is the database's decision, not that of a search for `;`.
    pub fn script<'c, 's>(&'c mut self, sql: &'s str) -> Script<'c, 's> {
        Script { connection: self, sql, at: 0 }
    }
}

impl Script<'_, '_> {
    /// Executes the next statement; `None` at the end of the text. Blocks.
    ///
    /// # Errors
    /// What the database reports, with the statement. The script ends there.
    #[track_caller]
    pub fn next_statement(&mut self) -> Result<Option<CursorResult<'_>>> {
        let caller = Location::caller();
        let rest = &self.sql[self.at..];
        self.at = self.sql.len();
        if rest.trim().is_empty() {
            return Ok(None);
        }
        self.connection.ready()?;
        let of_connection = self.connection.get_execution_options();
        let timeout = of_connection.timeout;
        let told_in = self.connection.told_in();
        let limits = self.connection.limits(of_connection)?;
        let metered = self.connection.is_metered().then(Instant::now);
        self.connection.autobegin(rest, limits)?;
        let limits = self.connection.limits_since(limits, told_in);
        let is_watched = self.connection.is_watched();
        let driver = &mut self.connection.session().driver;
        let options = PrepareOptions { one_shot: true };
        let started = is_watched.then(Instant::now);
        let (statement, consumed) = driver.prepare(rest, options, limits)?;
        let prepared_in = started.map(|started| started.elapsed());
        let Some(statement) = statement else { return Ok(None) };
        if consumed == 0 {
            driver.close_statement(statement);
            return Err(Error::internal("the dialect prepared a statement of no length"));
        }
        self.at -= rest.len() - consumed;
        let sql = rest[..consumed].trim();
        let mut executed = match prepared_in {
            Some(prepared_in) => {
                let parameters = &Parameters::none;
                let watched = Watched { sql, origin: Origin::Raw, parameters, caller };
                let watch = Watch::begin(self.connection, watched).prepared_in(prepared_in);
                execute_watched(self.connection, statement, limits, (sql, watch))
            }
            None => execute(self.connection, statement, sql, limits),
        };
        if let Some(started) = metered {
            told::meter(self.connection, sql, started.elapsed(), &mut executed);
        }
        match executed {
            Ok(executed) => {
                let executed = Executed { timeout, ..executed };
                Ok(Some(CursorResult::new(Held::of(self.connection), executed)))
            }
            Err(error) => {
                self.at = self.sql.len();
                Err(self.connection.failed(error))
            }
        }
    }

    /// The text that has not been executed yet.
    pub fn remaining(&self) -> &str {
        &self.sql[self.at..]
    }
}

/// Executes a statement that was prepared for this.
fn execute(
    connection: &mut Connection,
    statement: DriverStatement,
    sql: &str,
    limits: Limits,
) -> Result<Executed> {
    let driver = &mut connection.session().driver;
    match driver.start(&statement, &(), ExecuteOptions::default().limits(limits)) {
        Ok(progress) => Ok(Executed {
            statement,
            is_kept: false,
            sql: sql.into(),
            outcome: Outcome::Cursor(progress),
            yield_per: None,
            timeout: None,
            watch: None,
        }),
        Err(error) => {
            driver.close_statement(statement);
            Err(error.with_statement(sql))
        }
    }
}

/// The same, and tells what became of it.
fn execute_watched(
    connection: &mut Connection,
    statement: DriverStatement,
    limits: Limits,
    (sql, watch): (&str, Watch<'_>),
) -> Result<Executed> {
    let entered = watch.span.clone().entered();
    let executed = execute(connection, statement, sql, limits.later(watch.told_in));
    drop(entered);
    told::watched_end(connection, watch, executed)
}
