//! The connection: SQLite's, driven through the host's side of the boundary.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use aludel::abi::host::{DriverCancel, DriverConnection, DriverStatement, Limits};
use aludel::dbapi::{
    Call, Cancel, Connection, PrepareOptions, Prepared, ReflectFilter, ReflectKind, Savepoint,
    ScriptOutcome, ServerInfo, TransactionOptions, TransactionState,
};
use aludel::dialect::option_key;
use aludel::error::{Error, ErrorKind, Result};
use aludel::value::{Value, ValueRef};

use crate::cancel::{Calls, FaultyCancel};
use crate::dialect::limits;
use crate::fault::Fault;
use crate::plan::Plan;
use crate::result::Answer;
use crate::statement::FaultyStatement;

/// A connection that makes its fault.
pub struct FaultyConnection {
    pub(crate) inner: DriverConnection,
    pub(crate) plan: Plan,
    calls: Arc<Calls>,
    cancel: Arc<DriverCancel>,
    /// A result was left open: the next statement is refused.
    pub(crate) is_blocked: bool,
    /// Savepoints that were not created.
    ignored: Vec<String>,
    last_affected: Option<u64>,
    last_insert_id: Option<i64>,
}

impl FaultyConnection {
    pub(crate) fn new(mut inner: DriverConnection, plan: Plan) -> Result<Self> {
        let cancel = Arc::new(inner.cancel_handle()?);
        Ok(FaultyConnection {
            inner,
            plan,
            calls: Arc::default(),
            cancel,
            is_blocked: false,
            ignored: Vec::new(),
            last_affected: None,
            last_insert_id: None,
        })
    }

    /// Makes a call that others may cancel.
    pub(crate) fn guarded<T>(
        &mut self,
        call: &Call<'_>,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.check(call)?;
        self.calls.current.store(call.generation(), Ordering::Release);
        self.calls.is_running.store(true, Ordering::Release);
        let result = work(self);
        self.calls.is_running.store(false, Ordering::Release);
        result
    }

    /// Refuses the call when an earlier fault blocks the connection.
    fn check(&mut self, call: &Call<'_>) -> Result<()> {
        self.plan.count_call();
        if std::mem::take(&mut self.is_blocked) {
            return Err(Error::programming("commands out of sync").with_sqlstate("HY000"));
        }
        let late = self.calls.came_late.swap(false, Ordering::AcqRel);
        if late && self.plan.makes(Fault::LateCancelHits) {
            return Err(Error::operational("the statement was cancelled").with_sqlstate("HY008"));
        }
        match call.check() {
            Err(_) if self.plan.makes(Fault::LateDeadlineIgnored) => Ok(()),
            result => result,
        }
    }

    /// The error as the fault has it; `Ok` when it is lost.
    pub(crate) fn spoil_error(&mut self, error: Error) -> Result<()> {
        if self.plan.makes(Fault::LostError) {
            return Ok(());
        }
        Err(self.spoil_told(error))
    }

    /// An error that is told, as the fault tells it.
    fn spoil_told(&mut self, error: Error) -> Error {
        if self.plan.makes(Fault::SilentAbort) {
            // What is lost here is what the case must find.
            let _ = self.inner.rollback(Limits::NONE);
        }
        let wrong_class = self.plan.makes(Fault::WrongClass);
        let no_sqlstate = error.sqlstate().is_some() && self.plan.makes(Fault::NoSqlstate);
        let no_constraint = error.constraint().is_some() && self.plan.makes(Fault::NoConstraint);
        let disconnect = self.plan.makes(Fault::FalseDisconnect);
        let not_retryable = error.is_retryable() && self.plan.makes(Fault::NotRetryable);
        if !(wrong_class || no_sqlstate || no_constraint || disconnect || not_retryable) {
            return error;
        }
        let kind = if wrong_class { ErrorKind::Operational } else { error.kind() };
        let mut told = Error::new(kind, error.message());
        if let Some(sqlstate) = error.sqlstate().filter(|_| !no_sqlstate) {
            told = told.with_sqlstate(sqlstate);
        }
        if let Some(constraint) = error.constraint().filter(|_| !no_constraint) {
            told = told.with_constraint(constraint.clone());
        }
        if let Some(row) = error.failing_row() {
            told = told.with_failing_row(row);
        }
        if disconnect { told.disconnected() } else { told }
    }

    /// Row count and key as the fault tells them.
    pub(crate) fn spoil_numbers(&mut self, answer: &mut Answer) {
        match answer.affected {
            Some(rows) => {
                self.last_affected = Some(rows);
                if self.plan.makes(Fault::WrongRowCount) {
                    answer.affected = Some(rows + 1);
                }
            }
            None if self.last_affected.is_some()
                && answer.columns.is_some()
                && self.plan.makes(Fault::RowCountLeftOver) =>
            {
                answer.affected = self.last_affected;
            }
            None => {}
        }
        match answer.last_insert_id {
            Some(id) => self.last_insert_id = Some(id),
            None if answer.affected.is_some()
                && self.last_insert_id.is_some()
                && self.plan.makes(Fault::StaleInsertId) =>
            {
                answer.last_insert_id = self.last_insert_id;
            }
            None => {}
        }
    }

    /// Executes once for each row.
    pub(crate) fn execute_rows(
        &mut self,
        statement: &DriverStatement,
        rows: &[Vec<Value>],
        call: &Call<'_>,
    ) -> Result<Option<u64>> {
        let mut rows = rows;
        let skips = rows.len() > 1 && self.plan.makes(Fault::SkippedRow);
        if skips {
            rows = &rows[..rows.len() - 1];
        }
        let changed = self.inner.execute_many(statement, rows, limits(call));
        match changed {
            Err(error) => self.spoil_error(error).map(|()| None),
            Ok(Some(_)) if rows.len() > 1 && self.plan.makes(Fault::CountOfLastRow) => Ok(Some(1)),
            Ok(changed) => Ok(changed.map(|changed| changed + u64::from(skips))),
        }
    }
}

impl Connection for FaultyConnection {
    type Statement = FaultyStatement;

    fn prepare(
        &mut self,
        sql: &str,
        options: PrepareOptions,
        call: &Call<'_>,
    ) -> Result<Prepared<FaultyStatement>> {
        self.check(call)?;
        let prepared = self.inner.prepare(sql, options, limits(call));
        let (statement, consumed) = prepared.map_err(|error| self.spoil_told(error))?;
        Ok(Prepared { statement: statement.map(FaultyStatement::new), consumed })
    }

    fn execute_script(
        &mut self,
        sql: &str,
        outcome: &mut ScriptOutcome,
        call: &Call<'_>,
    ) -> Result<()> {
        self.check(call)?;
        if sql.matches(';').count() > 1 && self.plan.makes(Fault::ScriptEndsEarly) {
            let first = &sql[..=sql.find(';').unwrap_or(0)];
            let result = self.inner.execute_script(first, outcome, limits(call));
            outcome.consumed = sql.len();
            return result;
        }
        self.inner.execute_script(sql, outcome, limits(call))
    }

    fn begin(&mut self, options: &TransactionOptions<'_>, call: &Call<'_>) -> Result<()> {
        self.check(call)?;
        let mut options = *options;
        if self.plan.makes(Fault::BeginIgnored) {
            return Ok(());
        }
        if options.isolation.is_some() && self.plan.makes(Fault::IsolationIgnored) {
            options.isolation = None;
        }
        if options.access.is_some() && self.plan.makes(Fault::ReadOnlyIgnored) {
            options.access = None;
        }
        self.ignored.clear();
        self.inner.begin(&options, limits(call))
    }

    fn commit(&mut self, call: &Call<'_>) -> Result<()> {
        self.check(call)?;
        if self.plan.makes(Fault::CommitIgnored) {
            return Ok(());
        }
        if self.plan.makes(Fault::CommitRollsBack) {
            return self.inner.rollback(limits(call));
        }
        match self.inner.commit(limits(call)) {
            Err(_) if self.plan.makes(Fault::LostCommitError) => self.inner.rollback(limits(call)),
            result => result,
        }
    }

    fn rollback(&mut self, call: &Call<'_>) -> Result<()> {
        self.plan.count_call();
        self.is_blocked = false;
        if self.plan.makes(Fault::RollbackCommits) {
            return self.inner.commit(limits(call));
        }
        self.inner.rollback(limits(call))
    }

    fn savepoint(&mut self, operation: Savepoint, name: &str, call: &Call<'_>) -> Result<()> {
        self.check(call)?;
        if operation == Savepoint::Create {
            if self.plan.makes(Fault::SavepointRefused) {
                return Err(Error::not_supported("there are no savepoints"));
            }
            self.ignored.retain(|ignored| ignored != name);
            if self.plan.makes(Fault::SavepointIgnored) {
                self.ignored.push(name.to_owned());
                return Ok(());
            }
        } else if self.ignored.iter().any(|ignored| ignored == name) {
            return Ok(());
        }
        if operation == Savepoint::Release && self.plan.makes(Fault::ReleaseRollsBack) {
            self.inner.savepoint(Savepoint::RollbackTo, name, limits(call))?;
        }
        self.inner.savepoint(operation, name, limits(call))
    }

    fn ping(&mut self, call: &Call<'_>) -> Result<()> {
        self.check(call)?;
        if self.plan.makes(Fault::PingCommits) {
            self.inner.commit(limits(call))?;
        }
        self.inner.ping(limits(call))
    }

    fn reset_session(&mut self, call: &Call<'_>) -> Result<()> {
        self.plan.count_call();
        self.is_blocked = false;
        if self.plan.makes(Fault::ResetIgnored) {
            return Ok(());
        }
        if self.plan.makes(Fault::ResetKeepsOptions) {
            return self.inner.rollback(limits(call));
        }
        self.inner.reset_session(limits(call))
    }

    fn is_alive(&self) -> bool {
        self.inner.is_alive()
    }

    fn transaction_state(&self) -> TransactionState {
        match self.inner.transaction_state() {
            TransactionState::Active if self.plan.makes(Fault::StateAlwaysIdle) => {
                TransactionState::Idle
            }
            state => state,
        }
    }

    fn cancel_handle(&self) -> Option<Box<dyn Cancel>> {
        let (inner, calls) = (Arc::clone(&self.cancel), Arc::clone(&self.calls));
        Some(Box::new(FaultyCancel { inner, calls }))
    }

    fn get_option(&mut self, key: &str, call: &Call<'_>) -> Result<Value> {
        self.plan.count_call();
        self.inner.get_option(key, limits(call))
    }

    fn set_option(&mut self, key: &str, value: ValueRef<'_>, call: &Call<'_>) -> Result<()> {
        self.plan.count_call();
        if key == option_key::ISOLATION_LEVEL && self.plan.makes(Fault::IsolationNotSet) {
            return Ok(());
        }
        self.inner.set_option(key, value, limits(call))
    }

    fn reflect(
        &mut self,
        kind: ReflectKind,
        filter: &ReflectFilter<'_>,
        call: &Call<'_>,
    ) -> Result<FaultyStatement> {
        self.check(call)?;
        let mut filter = *filter;
        if self.plan.makes(Fault::FilterIgnored) {
            filter.table = "";
        }
        self.inner.reflect(kind, &filter, limits(call)).map(FaultyStatement::new)
    }

    fn server_info(&mut self, call: &Call<'_>) -> Result<ServerInfo> {
        self.inner.server_info(limits(call))
    }
}
