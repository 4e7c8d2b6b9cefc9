//! A connection of a case: every step is noted, and an error where none is expected ends the case.

use aludel::abi::host::{DriverConnection, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::{Column, PrepareOptions};
use aludel::dialect::ParamStyle;
use aludel::{Error, ErrorKind, Value};

use crate::compare::rows_alike;
use crate::flaw::{Flaw, Step};
use crate::journal::Journal;
use crate::{show, sql};

/// Rows of owned values.
pub type Rows = Vec<Vec<Value>>;

/// A prepared statement and its text.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(crate) statement: DriverStatement,
    pub(crate) sql: String,
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
pub(crate) struct Answer {
    pub(crate) columns: Option<Vec<Column>>,
    pub(crate) rows: Rows,
    pub(crate) affected: Option<u64>,
    pub(crate) last_insert_id: Option<i64>,
}

impl Answer {
    /// Names of the columns; none for a statement that returns no rows.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.columns.iter().flatten().map(|column| column.name.as_str()).collect()
    }
}

impl Session {
    pub(crate) fn new(connection: DriverConnection, journal: Journal, number: usize) -> Self {
        let style = connection.info().rules.paramstyle;
        Session { connection, journal, number, style }
    }

    /// The connection itself, for what a session has no name for.
    pub(crate) fn raw(&mut self) -> &mut DriverConnection {
        &mut self.connection
    }

    /// The connection itself, and the end of the session.
    pub(crate) fn into_raw(self) -> DriverConnection {
        self.connection
    }

    /// Notes a step that is made on the connection itself.
    pub(crate) fn note(&self, what: &str) {
        self.journal.note(self.number, what);
    }

    /// The text with the placeholders of the dialect.
    pub(crate) fn spell(&self, text: &str) -> String {
        sql::placeholders(text, self.style)
    }

    /// Prepares a statement.
    pub(crate) fn prepare(&mut self, text: &str) -> Step<Prepared> {
        match self.try_prepare(text) {
            Ok(prepared) => prepared,
            Err(error) => Err(self.unexpected(text, &[], &error)),
        }
    }

    fn try_prepare(&mut self, text: &str) -> Result<Step<Prepared>, Error> {
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
    pub(crate) fn close_statement(&mut self, prepared: Prepared) {
        self.connection.close_statement(prepared.statement);
    }

    /// Executes a prepared statement and reads it to its end.
    pub(crate) fn execute(&mut self, prepared: &Prepared, params: &[Value]) -> Step<Answer> {
        self.try_execute(prepared, params)
            .map_err(|error| self.unexpected(&prepared.sql, params, &error))
    }

    fn try_execute(&mut self, prepared: &Prepared, params: &[Value]) -> Result<Answer, Error> {
        if !params.is_empty() {
            self.note(&format!("{} {}", prepared.sql, show::row(params)));
        }
        let options = ExecuteOptions::default();
        let mut cursor = self.connection.execute(&prepared.statement, params, options)?;
        let columns = match cursor.returns_rows() {
            true => Some(cursor.columns()?.to_vec()),
            false => None,
        };
        let mut rows = Rows::new();
        while let Some(row) = cursor.next()? {
            rows.push(
                (0..row.len()).map(|index| row.owned_value(index)).collect::<Result<_, _>>()?,
            );
        }
        let (affected, last_insert_id) = (cursor.affected(), cursor.last_insert_id());
        Ok(Answer { columns, rows, affected, last_insert_id })
    }

    /// Prepares, executes, reads to the end and closes.
    pub(crate) fn query(&mut self, text: &str, params: &[Value]) -> Step<Answer> {
        let prepared = self.prepare(text)?;
        let answer = self.execute(&prepared, params);
        self.close_statement(prepared);
        answer
    }

    /// Executes and tells how many rows were changed.
    pub(crate) fn run(&mut self, text: &str, params: &[Value]) -> Step<Option<u64>> {
        self.query(text, params).map(|answer| answer.affected)
    }

    /// The first value of the first row.
    pub(crate) fn scalar(&mut self, text: &str, params: &[Value]) -> Step<Value> {
        let mut answer = self.query(text, params)?;
        match answer.rows.first_mut() {
            Some(row) if !row.is_empty() => Ok(row.swap_remove(0)),
            _ => Err(self.wrong(text, params, "a row with a value", "no row")),
        }
    }

    /// Fails unless these rows come, in this order; whole numbers may be of any kind.
    pub(crate) fn expect_rows(
        &mut self,
        text: &str,
        params: &[Value],
        expected: &Rows,
    ) -> Step<()> {
        let answer = self.query(text, params)?;
        match rows_alike(&answer.rows, expected) {
            true => Ok(()),
            false => {
                Err(self.wrong(text, params, &show::rows(expected), &show::rows(&answer.rows)))
            }
        }
    }

    /// Fails unless one row with this value comes.
    pub(crate) fn expect(&mut self, text: &str, expected: impl Into<Value>) -> Step<()> {
        self.expect_rows(text, &[], &vec![vec![expected.into()]])
    }

    /// Fails unless this many rows were changed.
    pub(crate) fn expect_changed(
        &mut self,
        text: &str,
        params: &[Value],
        changed: u64,
    ) -> Step<()> {
        let affected = self.run(text, params)?;
        match affected == Some(changed) {
            true => Ok(()),
            false => Err(self.wrong(text, params, &count(Some(changed)), &count(affected))),
        }
    }

    /// The error that the statement must end in, be it when it is prepared or when it is executed.
    /// A panic of the dialect is no refusal.
    pub(crate) fn refusal(&mut self, text: &str, params: &[Value]) -> Step<Error> {
        let result = match self.try_prepare(text) {
            Err(error) => Err(error),
            Ok(prepared) => {
                let prepared = prepared?;
                let answer = self.try_execute(&prepared, params);
                self.close_statement(prepared);
                answer
            }
        };
        match result {
            Err(error) if is_refusal(&error) => Ok(error),
            Err(error) => {
                Err(self.unexpected_instead(text, params, "an error of the database", &error))
            }
            Ok(answer) => {
                let got = format!("no error, {}", show::rows(&answer.rows));
                Err(self.wrong(text, params, "an error", &got))
            }
        }
    }

    /// Whether the statement is executed, where both that and a refusal are right.
    pub(crate) fn is_accepted(&mut self, text: &str, params: &[Value]) -> Step<bool> {
        let prepared = self.prepare(text)?;
        let answer = self.try_execute(&prepared, params);
        self.close_statement(prepared);
        match answer {
            Ok(_) => Ok(true),
            Err(error) if is_refusal(&error) => Ok(false),
            Err(error) => Err(self.unexpected(text, params, &error)),
        }
    }

    /// As [`refusal`](Self::refusal), of a statement that is prepared.
    pub(crate) fn refusal_of(&mut self, prepared: &Prepared, params: &[Value]) -> Step<Error> {
        match self.try_execute(prepared, params) {
            Err(error) if is_refusal(&error) => Ok(error),
            Err(error) => Err(self.unexpected(&prepared.sql, params, &error)),
            Ok(answer) => {
                let got = format!("no error, {}", show::rows(&answer.rows));
                Err(self.wrong(&prepared.sql, params, "an error", &got))
            }
        }
    }

    /// Executes once for each row and tells how many rows were changed.
    pub(crate) fn run_many(&mut self, text: &str, rows: &[Vec<Value>]) -> Step<Option<u64>> {
        let prepared = self.prepare(text)?;
        self.note(&format!("{} with {} rows", prepared.sql, rows.len()));
        let changed = self.connection.execute_many(&prepared.statement, rows, Limits::NONE);
        let first = rows.first().map_or(&[][..], Vec::as_slice);
        let changed = changed.map_err(|error| self.unexpected(text, first, &error));
        self.close_statement(prepared);
        changed
    }

    /// The error that executing once for each row must end in.
    pub(crate) fn refusal_of_many(&mut self, text: &str, rows: &[Vec<Value>]) -> Step<Error> {
        let prepared = self.prepare(text)?;
        self.note(&format!("{} with {} rows", prepared.sql, rows.len()));
        let changed = self.connection.execute_many(&prepared.statement, rows, Limits::NONE);
        self.close_statement(prepared);
        match changed {
            Err(error) if is_refusal(&error) => Ok(error),
            Err(error) => Err(self.unexpected(text, &[], &error)),
            Ok(changed) => {
                let got = format!("no error, {} changed", count(changed));
                Err(self.wrong(text, &[], "the error of a row", &got))
            }
        }
    }

    /// The flaw of a statement that gave something else.
    pub(crate) fn wrong(&self, text: &str, params: &[Value], expected: &str, got: &str) -> Flaw {
        Flaw::mismatch("", expected, got).of_statement(&self.spell(text), &shown(params))
    }

    /// The flaw of a statement that failed.
    pub(crate) fn unexpected(&self, text: &str, params: &[Value], error: &Error) -> Flaw {
        self.unexpected_instead(text, params, "success", error)
    }

    fn unexpected_instead(
        &self,
        text: &str,
        params: &[Value],
        expected: &str,
        error: &Error,
    ) -> Flaw {
        Flaw::error("", expected, error).of_statement(&self.spell(text), &shown(params))
    }
}

/// What went well, or the flaw of a call without SQL.
pub(crate) fn done<T>(what: &str, result: Result<T, Error>) -> Step<T> {
    result.map_err(|error| Flaw::error(what, "success", &error))
}

/// True for errors that a database may answer with. A panic is a defect, and so is what the host
/// says of a dialect that breaks its rules.
pub(crate) fn is_refusal(error: &Error) -> bool {
    !matches!(error.kind(), ErrorKind::Panic | ErrorKind::Internal)
}

/// A number of changed rows, in words.
pub(crate) fn count(affected: Option<u64>) -> String {
    affected.map_or("an unknown number of rows".into(), |rows| format!("{rows} rows changed"))
}

fn shown(params: &[Value]) -> Vec<String> {
    params.iter().map(show::value).collect()
}
