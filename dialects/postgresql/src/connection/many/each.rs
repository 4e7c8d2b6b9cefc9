//! Row by row: statements that may not run in a transaction, or end one themselves.

use aludel::dbapi::{ParamRows, Params};
use aludel::error::Result;

use super::super::execute::Run;
use super::super::open::{Front, ManyExecuted, advance};
use super::super::postgresql::PostgresqlConnection;
use super::super::statement::PostgresqlStatement;

impl PostgresqlConnection {
    /// Executes for each row, and gives the rows that were changed, when every execution tells.
    ///
    /// # Errors
    /// That of the first row that fails; those before it have been executed.
    pub(super) fn run_each(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: ParamRows<'_>,
    ) -> Result<Option<u64>> {
        let mut many = ManyExecuted::new(params.first_row(), params.len());
        let mut sum = Some(0);
        for row in params.iter() {
            let affected = self
                .run_one(statement, row)
                .map_err(|error| error.with_failing_row(many.first_row + many.completed))?;
            sum = many.add(sum, affected);
        }
        Ok(sum)
    }

    fn run_one(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: Params<'_>,
    ) -> Result<Option<u64>> {
        self.run(statement, Run { params, one_row: false })?;
        let Some(mut open) = self.open.take() else { return Ok(None) };
        loop {
            match advance(&mut self.link, &mut open)? {
                Front::Row => drop(self.link.receive()?),
                Front::End => return Ok(open.affected),
                Front::Failed(fields) => {
                    return Err(self.link.settle(&fields, Some(&statement.sql))?);
                }
            }
        }
    }
}
