//! Several statements in one text, executed one after the other.

use std::panic::Location;
use std::time::{Duration, Instant};

use super::cursor::CursorResult;
use super::prepared::{Executed, Outcome};
use super::sending;
use super::streamed::Held;
use crate::abi::host::{DriverStatement, ExecuteOptions, Limits};
use crate::dbapi::PrepareOptions;
use crate::engine::{Connection, Cut, Sent, Statement, TextOrigin};
use crate::error::{Error, Result};

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
        let rest = &self.sql[self.at..];
        self.at = self.sql.len();
        if rest.trim().is_empty() {
            return Ok(None);
        }
        self.connection.ready()?;
        let told_in = self.connection.told_in();
        let limits = self.connection.limits(self.connection.get_execution_options())?;
        let metered = self.connection.is_metered().then(Instant::now);
        self.connection.autobegin(rest, limits)?;
        let executed = self.execute_next(rest, (limits, told_in), Location::caller());
        let Some(mut executed) = executed.transpose() else { return Ok(None) };
        if let Some(started) = metered {
            sending::meter(self.connection, rest, started.elapsed(), &mut executed);
        }
        match executed {
            Ok(executed) => {
                let timeout = self.connection.get_execution_options().timeout;
                let executed = Executed { timeout, ..executed };
                Ok(Some(CursorResult::new(Held::of(self.connection), executed)))
            }
            Err(error) => {
                self.at = self.sql.len();
                Err(self.connection.failed(error))
            }
        }
    }

    /// Executes the first statement of the rest of the text.
    fn execute_next(
        &mut self,
        rest: &str,
        (limits, told_in): (Limits, Duration),
        caller: &'static Location<'static>,
    ) -> Result<Option<Executed>> {
        let connection = &mut *self.connection;
        let limits_now = connection.limits_since(limits, told_in);
        let is_watched = connection.is_watched();
        let options = PrepareOptions { one_shot: true };
        let started = is_watched.then(Instant::now);
        let prepared = connection.session().driver.prepare(rest, options, limits_now);
        let prepared_in = started.map(|started| started.elapsed());
        let sent = |sql| Sent { sql, origin: TextOrigin::Raw, parameters: &"()", caller };
        let (statement, consumed) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                if let Some(prepared_in) = prepared_in {
                    // Where the statement ends that is wrong, nobody knows.
                    let text = Cut(rest.trim()).text();
                    tell_unprepared(connection, &sent(&text), prepared_in, &error);
                }
                return Err(error.with_statement(rest.trim()));
            }
        };
        let Some(statement) = statement else { return Ok(None) };
        let driver = &mut connection.session().driver;
        if consumed == 0 {
            driver.close_statement(statement);
            return Err(Error::internal("the dialect prepared a statement of no length"));
        }
        self.at -= rest.len() - consumed;
        let sql = rest[..consumed].trim();
        let Some(prepared_in) = prepared_in else {
            return execute(connection, statement, sql, limits_now).map(Some);
        };
        let executed = sending::watched(connection, &sent(sql), |connection, told| {
            told.prepared_in(prepared_in);
            let limits = connection.limits_since(limits, told_in);
            execute(connection, statement, sql, limits)
        });
        executed.map(Some)
    }

    /// The text that has not been executed yet.
    pub fn remaining(&self) -> &str {
        &self.sql[self.at..]
    }
}

/// Tells of a statement that could not be prepared, which took this long.
#[cold]
fn tell_unprepared(connection: &mut Connection, sent: &Sent<'_>, time: Duration, error: &Error) {
    let mut statement = Statement::begin(connection, sent);
    statement.prepared_in(time);
    statement.failed(sent, error);
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
            told: None,
        }),
        Err(error) => {
            driver.close_statement(statement);
            Err(error.with_statement(sql))
        }
    }
}
