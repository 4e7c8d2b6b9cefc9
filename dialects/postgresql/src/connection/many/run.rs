//! One call of an executemany: which way its rows go, and the transaction around them.

use std::sync::Arc;

use aludel::dbapi::{Call, ParamRows, TransactionState};
use aludel::error::{Error, Result};

use super::super::bind::check_count;
use super::super::cancel::RunningCall;
use super::super::execute::is_forgotten;
use super::super::postgresql::PostgresqlConnection;
use super::super::prepared::Prepared;
use super::super::statement::PostgresqlStatement;
use super::answers::Answers;
use crate::split::{StatementKind, first_statement};

/// An executemany that goes on in the next call, in a transaction that it has begun itself.
#[derive(Debug)]
pub(in crate::connection) struct Unfinished {
    statement: u64,
    /// Index of the row that comes next.
    next_row: u64,
}

impl PostgresqlConnection {
    /// Begins a call that executes for these rows. One that goes on with an executemany finds its
    /// transaction as it was; any other undoes what was not finished.
    ///
    /// # Errors
    /// As [`start`](Self::start); when there are more parameters than fit.
    pub(in crate::connection) fn start_many(
        &mut self,
        statement: &PostgresqlStatement,
        params: ParamRows<'_>,
        call: &Call<'_>,
    ) -> Result<RunningCall> {
        let goes_on = self.unfinished.as_ref().is_some_and(|unfinished| {
            unfinished.statement == statement.id && unfinished.next_row == params.first_row()
        });
        let running = if goes_on { self.start_within(call)? } else { self.start(call)? };
        check_count(params.width())?;
        self.has_run = true;
        Ok(running)
    }

    /// Executes for each row, and gives the rows that were changed, when every execution tells.
    ///
    /// # Errors
    /// What the server reports, with the failing row.
    pub(in crate::connection) fn run_many(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: ParamRows<'_>,
    ) -> Result<Option<u64>> {
        if !may_share_a_transaction(statement) {
            return self.run_each(statement, params);
        }
        let own = self.unfinished.take().is_some() || self.begin_own(params);
        let commit = own && !params.more_follow();
        match self.run_rows(statement, params, commit) {
            Ok(affected) => {
                let next_row = params.first_row().saturating_add(params.len() as u64);
                let unfinished = Unfinished { statement: statement.id, next_row };
                self.unfinished = (own && !commit).then_some(unfinished);
                Ok(affected)
            }
            Err(error) if !self.link.is_alive() => Err(error),
            Err(error) if own => {
                self.undo_own_transaction()?;
                Err(error)
            }
            Err(error) => Err(self.link.talk.with_transaction(error)),
        }
    }

    /// Begins a transaction around several rows, unless there is one. It travels with the first.
    fn begin_own(&mut self, params: ParamRows<'_>) -> bool {
        let is_idle = self.link.transaction_state() == TransactionState::Idle;
        let is_needed = is_idle && (params.len() > 1 || params.more_follow());
        if is_needed {
            self.link.put_off_one("BEGIN".into());
        }
        is_needed
    }

    /// Rolls back the transaction that an executemany has begun.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(in crate::connection) fn undo_own_transaction(&mut self) -> Result<()> {
        self.link.forget_flight();
        self.link.forget_put_off();
        if self.link.server_state() == TransactionState::Idle {
            return Ok(());
        }
        self.link.command("ROLLBACK").map(drop)
    }

    /// Executes for each row, within whatever transaction there is.
    fn run_rows(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: ParamRows<'_>,
        commit: bool,
    ) -> Result<Option<u64>> {
        let put_off = self.link.put_off().to_vec();
        let was_idle = self.link.server_state() == TransactionState::Idle;
        let prepared = self.described_for(statement, params)?;
        if let Some(bulk) = self.bulk_insert(statement, &prepared, params)? {
            return self.run_bulk(statement, &prepared, bulk, (params, commit));
        }
        let answers = self.run_pipeline(statement, &prepared, params, commit)?;
        if !was_idle || !Self::is_stale_at_once(&answers) {
            return answers.finish(&mut self.link);
        }
        // Nothing but the statement itself was wrong: what has just begun holds nothing yet.
        drop(answers);
        self.forget_stale(statement, &prepared);
        self.undo_own_transaction()?;
        put_off.into_iter().for_each(|sql| self.link.put_off_one(sql));
        let prepared = self.described_for(statement, params)?;
        self.run_pipeline(statement, &prepared, params, commit)?.finish(&mut self.link)
    }

    /// The description that the first row needs.
    ///
    /// # Errors
    /// What the server reports, which is the first row's error.
    pub(super) fn described_for(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: ParamRows<'_>,
    ) -> Result<Arc<Prepared>> {
        self.described_variant(statement, params.row(0)).map_err(|error: Error| {
            if self.link.is_alive() { error.with_failing_row(params.first_row()) } else { error }
        })
    }

    /// True when the first execution of all has found that the server has forgotten the statement.
    fn is_stale_at_once(answers: &Answers<'_>) -> bool {
        answers.failure.as_ref().is_some_and(|failure| {
            failure.completed == Some(0) && !failure.is_bound && is_forgotten(&failure.fields)
        })
    }

    /// Forgets a statement that the server no longer has.
    pub(super) fn forget_stale(
        &mut self,
        statement: &mut PostgresqlStatement,
        prepared: &Prepared,
    ) {
        statement.prepared = None;
        self.cache.forget(prepared);
        self.catalog.forget();
    }
}

/// True for statements that can run in a transaction and leave it as it is.
fn may_share_a_transaction(statement: &PostgresqlStatement) -> bool {
    match statement.kind {
        StatementKind::Query | StatementKind::Change => true,
        StatementKind::Command => false,
        StatementKind::Other => first_statement(&statement.sql).is_some_and(|first| {
            let words = ["insert", "update", "delete", "merge", "with", "select"];
            words.iter().any(|word| first.keyword.eq_ignore_ascii_case(word))
        }),
    }
}
