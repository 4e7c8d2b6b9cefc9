//! What a statement gives beside one result: several, out parameters, rows of an executemany.

use aludel::Value;
use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::{ParamDirection, ReflectFilter, ReflectKind};

use crate::flaw::Step;
use crate::session::{Answer, Prepared, Session, done, read};
use crate::show;

impl Session {
    /// Executes a prepared statement and reads all its results to their ends.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn results(&mut self, prepared: &Prepared, params: &[Value]) -> Step<Vec<Answer>> {
        self.note(&format!("{} {}", prepared.sql, show::row(params)));
        let mut answers = Vec::new();
        let mut all = || -> Result<(), aludel::Error> {
            let options = ExecuteOptions::default();
            let mut cursor = self.raw().execute(&prepared.statement, params, options)?;
            loop {
                answers.push(read(&mut cursor)?);
                if answers.len() > MOST || !cursor.next_result()? {
                    return Ok(());
                }
            }
        };
        let result = all();
        result.map_err(|error| self.unexpected(&prepared.sql, params, &error))?;
        match answers.len() > MOST {
            true => Err(self.wrong(&prepared.sql, params, "a last result", "more and more")),
            false => Ok(answers),
        }
    }

    /// Prepares the call of a procedure.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn prepare_call(
        &mut self,
        procedure: &str,
        directions: &[ParamDirection],
    ) -> Step<Prepared> {
        let sql = format!("call of {procedure}");
        self.note(&sql);
        let statement = self.raw().prepare_call(procedure, directions, Limits::NONE);
        Ok(Prepared { statement: done(&sql, statement)?, sql })
    }

    /// Executes once for each row of parameters and reads the rows that come back; the error of a
    /// dialect that has no such rows.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when preparing fails.
    pub fn run_many_returning(
        &mut self,
        text: &str,
        rows: &[Vec<Value>],
    ) -> Step<Result<Answer, aludel::Error>> {
        let prepared = self.prepare(text)?;
        self.note(&format!("{} with {} rows", prepared.sql, rows.len()));
        let connection = self.raw();
        let answer = connection
            .execute_many_returning(&prepared.statement, rows, Limits::NONE)
            .and_then(|mut cursor| read(&mut cursor));
        self.close_statement(prepared);
        Ok(answer)
    }

    /// The answer to a question about the schema.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn reflect(&mut self, kind: ReflectKind, filter: &ReflectFilter<'_>) -> Step<Answer> {
        let what = format!("reflect {kind:?} of `{}`", filter.table);
        self.note(&what);
        let statement = done(&what, self.raw().reflect(kind, filter, Limits::NONE))?;
        let prepared = Prepared { statement, sql: what };
        let answer = self.execute(&prepared, &[]);
        self.close_statement(prepared);
        answer
    }
}

/// More results than any case asks for.
const MOST: usize = 100;
