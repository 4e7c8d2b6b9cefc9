//! Executing a statement on a connection, or on the engine without one.

use super::cursor::{CursorResult, Held};
use super::params::{IntoParams, Ordered, Shape};
use crate::abi::host::{
    BindRow, DriverConnection, DriverStatement, ExecuteOptions, Limits, Progress,
};
use crate::dbapi::{IsolationLevel, PrepareOptions};
use crate::engine::{Connection, Engine};
use crate::error::{Error, Result};

impl Connection {
    /// Executes a statement. The first one begins a transaction.
    ///
    /// With many rows of parameters it is an executemany: the statement is executed once for each,
    /// rows that come back are discarded, and the result tells how many rows were changed in all.
    /// Blocks.
    ///
    /// # Errors
    /// What the database reports, with the statement; `Programming` for missing or extra
    /// parameters, and for text that holds no statement or more than one.
    pub fn execute<P: IntoParams>(&mut self, sql: &str, params: P) -> Result<CursorResult<'_>> {
        self.autobegin()?;
        let driver = self.driver();
        let (statement, outcome) = run(driver, sql, &params)?;
        Ok(CursorResult::new(Held::Borrowed(driver), statement, outcome, sql))
    }
}

impl Engine {
    /// Executes one statement on a connection of its own, which the result holds (SQLAlchemy's
    /// connectionless execution). A statement that succeeds is committed. Blocks.
    ///
    /// # Errors
    /// As [`Connection::execute`] and [`Engine::connect`].
    pub fn execute<P: IntoParams>(&self, sql: &str, params: P) -> Result<CursorResult<'static>> {
        let mut connection = self.connect()?;
        connection.set_isolation_level(IsolationLevel::Autocommit)?;
        let (statement, outcome) = run(connection.driver(), sql, &params)?;
        Ok(CursorResult::new(Held::Owned(connection.into_lease()), statement, outcome, sql))
    }
}

/// What executing brought.
pub(super) enum Outcome {
    /// A result to read.
    Cursor(Progress),
    /// An executemany changed this many rows.
    Many(Option<u64>),
}

/// Prepares and executes; the statement is closed again when it fails.
pub(super) fn run<P: IntoParams>(
    driver: &mut DriverConnection,
    sql: &str,
    params: &P,
) -> Result<(DriverStatement, Outcome)> {
    let options = PrepareOptions { one_shot: true };
    let (statement, consumed) = driver.prepare(sql, options, Limits::NONE)?;
    let Some(statement) = statement else {
        return Err(Error::programming("the text holds no statement").with_statement(sql));
    };
    match check_single(driver, &sql[consumed..])
        .and_then(|()| start(driver, &statement, params.shape()))
    {
        Ok(outcome) => Ok((statement, outcome)),
        Err(error) => {
            driver.close_statement(statement);
            Err(error.with_statement(sql))
        }
    }
}

/// Refuses a second statement, which would be dropped in silence.
fn check_single(driver: &mut DriverConnection, rest: &str) -> Result<()> {
    if rest.trim().is_empty() {
        return Ok(());
    }
    let options = PrepareOptions { one_shot: true };
    // What does not prepare is a statement too, if a wrong one.
    let second = match driver.prepare(rest, options, Limits::NONE) {
        Ok((None, _)) => return Ok(()),
        Ok((second, _)) => second,
        Err(_) => None,
    };
    if let Some(second) = second {
        driver.close_statement(second);
    }
    Err(Error::programming("the text holds more than one statement")
        .with_help("execute them one by one, or as a script: Connection::script"))
}

fn start(
    driver: &mut DriverConnection,
    statement: &DriverStatement,
    shape: Shape<'_>,
) -> Result<Outcome> {
    match shape {
        Shape::Positional(row) => one(driver, statement, row),
        Shape::Named(named) => {
            let row = Ordered(named.in_order(driver, statement)?);
            one(driver, statement, &row)
        }
        Shape::ManyPositional(rows) => {
            driver.execute_many(statement, &rows, Limits::NONE).map(Outcome::Many)
        }
        Shape::ManyNamed(rows) => {
            let rows: Vec<Ordered<'_>> = rows
                .iter()
                .map(|row| row.in_order(driver, statement).map(Ordered))
                .collect::<Result<_>>()?;
            driver.execute_many(statement, &rows, Limits::NONE).map(Outcome::Many)
        }
    }
}

fn one(
    driver: &mut DriverConnection,
    statement: &DriverStatement,
    row: &dyn BindRow,
) -> Result<Outcome> {
    driver.start(statement, row, ExecuteOptions::default()).map(Outcome::Cursor)
}
