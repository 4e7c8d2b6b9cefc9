//! Several statements in one text, executed one after the other.

use super::cursor::CursorResult;
use super::prepared::{Executed, Outcome};
use super::streamed::Held;
use crate::abi::host::ExecuteOptions;
use crate::dbapi::PrepareOptions;
use crate::engine::Connection;
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
    pub fn next_statement(&mut self) -> Result<Option<CursorResult<'_>>> {
        let rest = &self.sql[self.at..];
        self.at = self.sql.len();
        if rest.trim().is_empty() {
            return Ok(None);
        }
        self.connection.ready()?;
        let of_connection = self.connection.get_execution_options();
        let timeout = of_connection.timeout;
        let limits = self.connection.limits(of_connection)?;
        self.connection.autobegin(rest, limits)?;
        let driver = &mut self.connection.session().driver;
        let options = PrepareOptions { one_shot: true };
        let (statement, consumed) = driver.prepare(rest, options, limits)?;
        let Some(statement) = statement else { return Ok(None) };
        if consumed == 0 {
            driver.close_statement(statement);
            return Err(Error::internal("the dialect prepared a statement of no length"));
        }
        self.at -= rest.len() - consumed;
        let sql = rest[..consumed].trim();
        match driver.start(&statement, &(), ExecuteOptions::default().limits(limits)) {
            Ok(progress) => {
                let outcome = Outcome::Cursor(progress);
                let sql = sql.into();
                let executed =
                    Executed { statement, is_kept: false, sql, outcome, yield_per: None, timeout };
                Ok(Some(CursorResult::new(Held::of(self.connection), executed)))
            }
            Err(error) => {
                driver.close_statement(statement);
                self.at = self.sql.len();
                Err(self.connection.failed(error.with_statement(sql)))
            }
        }
    }

    /// The text that has not been executed yet.
    pub fn remaining(&self) -> &str {
        &self.sql[self.at..]
    }
}
