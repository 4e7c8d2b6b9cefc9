//! A connection of a case: every step is noted, and an error where none is expected ends the case.

use aludel::abi::host::{DriverConnection, DriverCursor, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::{Column, PrepareOptions};
use aludel::dialect::ParamStyle;
use aludel::{Error, ErrorKind, Value};

use crate::flaw::{Flaw, Step};
use crate::journal::Journal;
use crate::{show, sql};

/// Rows of owned values.
pub type Rows = Vec<Vec<Value>>;

/// A prepared statement and its text.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The statement, for calls on the connection itself.
    pub statement: DriverStatement,
    /// Its text, as it was sent.
    pub sql: String,
}

/// A connection that a case works with. SQL has `?` for placeholders, whatever the dialect writes.
#[derive(Debug)]
pub struct Session {
    connection: DriverConnection,
    journal: Journal,
    number: usize,
    style: ParamStyle,
}

/// All that a statement gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The columns; `None` for a statement that returns no rows.
    pub columns: Option<Vec<Column>>,
    /// The rows.
    pub rows: Rows,
    /// Rows that were changed, where the database tells.
    pub affected: Option<u64>,
    /// Key of the last inserted row, where the database tells.
    pub last_insert_id: Option<i64>,
    /// The row holds the out parameters of a procedure.
    pub is_out_parameters: bool,
}

impl Answer {
    /// Names of the columns; none for a statement that returns no rows.
    pub fn names(&self) -> Vec<&str> {
        self.columns.iter().flatten().map(|column| column.name.as_str()).collect()
    }
}

impl Session {
    pub(crate) fn new(connection: DriverConnection, journal: Journal, number: usize) -> Self {
        let style = connection.info().rules.paramstyle;
        Session { connection, journal, number, style }
    }

    /// The connection itself, for what a session has no name for.
    pub fn raw(&mut self) -> &mut DriverConnection {
        &mut self.connection
    }

    /// The connection itself, and the end of the session.
    pub fn into_raw(self) -> DriverConnection {
        self.connection
    }

    /// Notes a step that is made on the connection itself.
    pub fn note(&self, what: &str) {
        self.journal.note(self.number, what);
    }

    /// The text with the placeholders of the dialect.
    pub fn spell(&self, text: &str) -> String {
        sql::placeholders(text, self.style)
    }

    /// Prepares a statement.
    ///
    /// # Errors
    /// A [`Flaw`] when the dialect refuses.
    pub fn prepare(&mut self, text: &str) -> Step<Prepared> {
        match self.try_prepare(text) {
            Ok(prepared) => prepared,
            Err(error) => Err(self.unexpected(text, &[], &error)),
        }
    }

    pub(crate) fn try_prepare(&mut self, text: &str) -> Result<Step<Prepared>, Error> {
        let sql = self.spell(text);
        self.note(&sql);
        let prepared = self.connection.prepare(&sql, PrepareOptions::default(), Limits::NONE)?;
        Ok(match prepared {
            (Some(statement), _) => Ok(Prepared { statement, sql }),
            (None, _) => {
                Err(Flaw::mismatch("prepare", "a statement", "nothing").of_statement(&sql, &[]))
            }
        })
    }

    /// Closes a statement.
    pub fn close_statement(&mut self, prepared: Prepared) {
        self.connection.close_statement(prepared.statement);
    }

    /// Executes a prepared statement and reads it to its end.
    ///
    /// # Errors
    /// A [`Flaw`] when the dialect refuses.
    pub fn execute(&mut self, prepared: &Prepared, params: &[Value]) -> Step<Answer> {
        self.try_execute(prepared, params)
            .map_err(|error| self.unexpected(&prepared.sql, params, &error))
    }

    pub(crate) fn try_execute(
        &mut self,
        prepared: &Prepared,
        params: &[Value],
    ) -> Result<Answer, Error> {
        if !params.is_empty() {
            self.note(&format!("{} {}", prepared.sql, show::row(params)));
        }
        let options = ExecuteOptions::default();
        let mut cursor = self.connection.execute(&prepared.statement, params, options)?;
        read(&mut cursor)
    }

    /// Prepares, executes, reads to the end and closes.
    ///
    /// # Errors
    /// A [`Flaw`] when the dialect refuses.
    pub fn query(&mut self, text: &str, params: &[Value]) -> Step<Answer> {
        let prepared = self.prepare(text)?;
        let answer = self.execute(&prepared, params);
        self.close_statement(prepared);
        answer
    }

    /// Executes and tells how many rows were changed.
    ///
    /// # Errors
    /// A [`Flaw`] when the dialect refuses.
    pub fn run(&mut self, text: &str, params: &[Value]) -> Step<Option<u64>> {
        self.query(text, params).map(|answer| answer.affected)
    }

    /// The first value of the first row.
    ///
    /// # Errors
    /// A [`Flaw`] when the dialect refuses or no row comes.
    pub fn scalar(&mut self, text: &str, params: &[Value]) -> Step<Value> {
        let mut answer = self.query(text, params)?;
        match answer.rows.first_mut() {
            Some(row) if !row.is_empty() => Ok(row.swap_remove(0)),
            _ => Err(self.wrong(text, params, "a row with a value", "no row")),
        }
    }

    /// Executes once for each row and tells how many rows were changed.
    ///
    /// # Errors
    /// A [`Flaw`] when the dialect refuses.
    pub fn run_many(&mut self, text: &str, rows: &[Vec<Value>]) -> Step<Option<u64>> {
        let prepared = self.prepare(text)?;
        self.note(&format!("{} with {} rows", prepared.sql, rows.len()));
        let changed = self.connection.execute_many(&prepared.statement, rows, Limits::NONE);
        let first = rows.first().map_or(&[][..], Vec::as_slice);
        let changed = changed.map_err(|error| self.unexpected(text, first, &error));
        self.close_statement(prepared);
        changed
    }

    /// The flaw of a statement that gave something else.
    pub fn wrong(&self, text: &str, params: &[Value], expected: &str, got: &str) -> Flaw {
        Flaw::mismatch("", expected, got).of_statement(&self.spell(text), &shown(params))
    }

    /// The flaw of a statement that failed.
    pub fn unexpected(&self, text: &str, params: &[Value], error: &Error) -> Flaw {
        self.unexpected_instead(text, params, "success", error)
    }

    pub(crate) fn unexpected_instead(
        &self,
        text: &str,
        params: &[Value],
        expected: &str,
        error: &Error,
    ) -> Flaw {
        Flaw::error("", expected, error).of_statement(&self.spell(text), &shown(params))
    }
}

/// Reads a result to its end.
pub(crate) fn read(cursor: &mut DriverCursor<'_>) -> Result<Answer, Error> {
    let columns = match cursor.returns_rows() {
        true => Some(cursor.columns()?.to_vec()),
        false => None,
    };
    let mut rows = Rows::new();
    while let Some(row) = cursor.next()? {
        rows.push((0..row.len()).map(|index| row.owned_value(index)).collect::<Result<_, _>>()?);
    }
    Ok(Answer {
        columns,
        rows,
        affected: cursor.affected(),
        last_insert_id: cursor.last_insert_id(),
        is_out_parameters: cursor.is_out_parameters(),
    })
}

/// What went well, or the flaw of a call without SQL.
///
/// # Errors
/// A [`Flaw`] that says what was being done.
pub fn done<T>(what: &str, result: Result<T, Error>) -> Step<T> {
    result.map_err(|error| Flaw::error(what, "success", &error))
}

/// The error that a call without SQL must end in. A panic of the dialect is no refusal.
///
/// # Errors
/// A [`Flaw`] when it succeeded.
pub fn refused<T>(what: &str, result: Result<T, Error>) -> Step<Error> {
    match result {
        Err(error) if is_refusal(&error) => Ok(error),
        Err(error) => Err(Flaw::error(what, "an error of the database", &error)),
        Ok(_) => Err(Flaw::mismatch(what, "an error", "success")),
    }
}

/// True for errors that a database may answer with. A panic is a defect, and so is what the host
/// says of a dialect that breaks its rules.
pub fn is_refusal(error: &Error) -> bool {
    !matches!(error.kind(), ErrorKind::Panic | ErrorKind::Internal)
}

/// A number of changed rows, in words.
pub(crate) fn count(affected: Option<u64>) -> String {
    affected.map_or("an unknown number of rows".into(), |rows| format!("{rows} rows changed"))
}

fn shown(params: &[Value]) -> Vec<String> {
    params.iter().map(show::value).collect()
}
