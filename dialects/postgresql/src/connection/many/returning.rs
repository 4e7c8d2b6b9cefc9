//! Rows that come back from an executemany: of all its executions, in their order.
//!
//! The parameters leave while rows are read, so that no more than what one read brings is ever held
//! of the result. In autocommit they are one transaction, which the Sync at the end commits.

use std::sync::Arc;

use aludel::dbapi::{ParamRows, TransactionState};
use aludel::error::{Error, Result};

use super::super::open::{Front, ManyExecuted, Open, advance};
use super::super::postgresql::PostgresqlConnection;
use super::super::prepared::Prepared;
use super::super::statement::PostgresqlStatement;
use super::pipeline::Composer;
use super::variant::has_types_of;
use crate::wire::ErrorFields;

impl PostgresqlConnection {
    /// Executes for each row and leaves one result open, with a row or the end at hand.
    ///
    /// # Errors
    /// What the server reports, with the failing row.
    pub(in crate::connection) fn run_many_returning(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: ParamRows<'_>,
    ) -> Result<()> {
        let put_off = self.link.put_off().to_vec();
        let was_idle = self.link.server_state() == TransactionState::Idle;
        let Some(fields) = self.attempt_many(statement, params)? else { return Ok(()) };
        let prepared = self.open.as_ref().map(|open| Arc::clone(&open.prepared));
        let is_first = self.open.as_ref().is_some_and(|open| open.is_at_first());
        let is_stale = is_first && self.is_stale(&fields);
        let error = self.settle_many(&fields, statement)?;
        let Some(prepared) = prepared.filter(|_| is_stale && was_idle) else { return Err(error) };
        self.forget_stale(statement, &prepared);
        self.undo_own_transaction()?;
        put_off.into_iter().for_each(|sql| self.link.put_off_one(sql));
        match self.attempt_many(statement, params)? {
            None => Ok(()),
            Some(fields) => Err(self.settle_many(&fields, statement)?),
        }
    }

    /// Executes; gives the fields of the error when the server reports one before any row.
    fn attempt_many(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: ParamRows<'_>,
    ) -> Result<Option<ErrorFields>> {
        self.link.holds_closes = true;
        let posted = self.post_many(statement, params);
        self.link.holds_closes = false;
        let mut open = Open::new(statement, posted?);
        open.many = Some(ManyExecuted::new(params.first_row(), params.len()));
        match advance(&mut self.link, self.open.insert(open))? {
            Front::Failed(fields) => Ok(Some(*fields)),
            Front::Row | Front::End => Ok(None),
        }
    }

    /// Has the executions for all rows leave, and gives the description of the first one's results,
    /// which is that of all.
    fn post_many(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: ParamRows<'_>,
    ) -> Result<Arc<Prepared>> {
        let variants = self.all_variants(statement, params)?;
        let first = Arc::clone(&variants[0].1);
        let mut composer = Composer::new(&first);
        let mut variants = variants.into_iter().peekable();
        for (at, row) in params.iter().enumerate() {
            if let Some((_, variant)) = variants.next_if(|(begin, _)| *begin == at) {
                composer.prepared = variant;
            }
            composer
                .compose(row, &mut self.link)
                .map_err(|error| error.with_failing_row(params.first_row() + at as u64))?;
        }
        self.link.open_pipeline()?;
        self.link.close_pipeline()?;
        Ok(first)
    }

    /// The descriptions that the rows need, each with the index of the first row that needs it. The
    /// cache may drop one for another; the server has all of them until the executions have left.
    ///
    /// # Errors
    /// What the server reports; `NotSupported` when they do not all give the same columns.
    fn all_variants(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: ParamRows<'_>,
    ) -> Result<Vec<(usize, Arc<Prepared>)>> {
        let mut variants = vec![(0, self.described_for(statement, params)?)];
        for (at, row) in params.iter().enumerate() {
            let mut described = variants.iter().rev().map(|(_, variant)| variant);
            let last = described.next().expect("invariant: the first row has its description");
            if has_types_of(last, row) {
                continue;
            }
            let next = match described.find(|variant| has_types_of(variant, row)) {
                Some(known) => Arc::clone(known),
                None => self
                    .described_variant(statement, row)
                    .map_err(|error| error.with_failing_row(params.first_row() + at as u64))?,
            };
            if !next.has_columns_of(&variants[0].1) {
                return Err(differing(at));
            }
            variants.push((at, next));
        }
        Ok(variants)
    }

    fn settle_many(
        &mut self,
        fields: &ErrorFields,
        statement: &PostgresqlStatement,
    ) -> Result<Error> {
        let open = self.open.take();
        let error = self.link.settle(fields, Some(&statement.sql))?;
        Ok(match open {
            Some(open) => open.locate(error),
            None => error,
        })
    }
}

#[cold]
fn differing(row: usize) -> Error {
    Error::not_supported("the parameters of an executemany give results of different columns")
        .with_sqlstate("0A000")
        .with_failing_row(row as u64)
        .with_help("give parameters of the same kinds in every row, or execute the rows singly")
}
