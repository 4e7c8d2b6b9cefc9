//! What a session expects of its statements: rows, counts, refusals.

use aludel::abi::host::Limits;
use aludel::{Error, Value};

use crate::compare::rows_alike;
use crate::flaw::Step;
use crate::session::{Answer, Prepared, Rows, Session, count, is_refusal};
use crate::show;

impl Session {
    /// Fails unless these rows come, in this order; whole numbers may be of any kind.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) that shows both when something else comes.
    pub fn expect_rows(&mut self, text: &str, params: &[Value], expected: &Rows) -> Step<()> {
        let answer = self.query(text, params)?;
        match rows_alike(&answer.rows, expected) {
            true => Ok(()),
            false => {
                Err(self.wrong(text, params, &show::rows(expected), &show::rows(&answer.rows)))
            }
        }
    }

    /// Fails unless one row with this value comes.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) that shows both when something else comes.
    pub fn expect(&mut self, text: &str, expected: impl Into<Value>) -> Step<()> {
        self.expect_rows(text, &[], &vec![vec![expected.into()]])
    }

    /// Fails unless this many rows were changed.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) that shows both when something else comes.
    pub fn expect_changed(&mut self, text: &str, params: &[Value], changed: u64) -> Step<()> {
        let affected = self.run(text, params)?;
        match affected == Some(changed) {
            true => Ok(()),
            false => Err(self.wrong(text, params, &count(Some(changed)), &count(affected))),
        }
    }

    /// What a statement gives, where an error is one of the right answers.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when preparing gives no statement and no error.
    pub fn try_query(&mut self, text: &str, params: &[Value]) -> Step<Result<Answer, Error>> {
        match self.try_prepare(text) {
            Err(error) => Ok(Err(error)),
            Ok(prepared) => {
                let prepared = prepared?;
                let answer = self.try_execute(&prepared, params);
                self.close_statement(prepared);
                Ok(answer)
            }
        }
    }

    /// The error that the statement must end in, be it when it is prepared or when it is executed.
    /// A panic of the dialect is no refusal.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when it succeeds.
    pub fn refusal(&mut self, text: &str, params: &[Value]) -> Step<Error> {
        match self.try_query(text, params)? {
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
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when preparing it fails or the dialect breaks.
    pub fn is_accepted(&mut self, text: &str, params: &[Value]) -> Step<bool> {
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
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when it succeeds.
    pub fn refusal_of(&mut self, prepared: &Prepared, params: &[Value]) -> Step<Error> {
        match self.try_execute(prepared, params) {
            Err(error) if is_refusal(&error) => Ok(error),
            Err(error) => Err(self.unexpected(&prepared.sql, params, &error)),
            Ok(answer) => {
                let got = format!("no error, {}", show::rows(&answer.rows));
                Err(self.wrong(&prepared.sql, params, "an error", &got))
            }
        }
    }

    /// The error that executing once for each row must end in.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when it succeeds.
    pub fn refusal_of_many(&mut self, text: &str, rows: &[Vec<Value>]) -> Step<Error> {
        let prepared = self.prepare(text)?;
        self.note(&format!("{} with {} rows", prepared.sql, rows.len()));
        let changed = self.raw().execute_many(&prepared.statement, rows, Limits::NONE);
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
}
