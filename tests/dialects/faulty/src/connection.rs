//! The connection: SQLite's, driven through the host's side of the boundary.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use aludel::abi::host::{DriverCancel, DriverConnection};
use aludel::dbapi::{
    BulkChunk, BulkSpec, Call, Cancel, Connection, Notice, Notification, ParamDirection,
    PrepareOptions, Prepared, ReflectFilter, ReflectKind, Savepoint, ScriptOutcome, ServerInfo,
    TransactionOptions, TransactionState, TwoPhase,
};
use aludel::dialect::option_key;
use aludel::error::{Error, Result};
use aludel::value::{Value, ValueRef};

use crate::bulk::Bulk;
use crate::cancel::{Calls, FaultyCancel};
use crate::dialect::limits;
use crate::fault::Fault;
use crate::hub::Hub;
use crate::language::{self, Extra};
use crate::plan::Plan;
use crate::statement::{FaultyStatement, Source};
use crate::transaction::Transaction;

/// A connection that makes its fault.
pub struct FaultyConnection {
    pub(crate) inner: DriverConnection,
    pub(crate) plan: Plan,
    pub(crate) hub: Arc<Hub>,
    pub(crate) number: u64,
    pub(crate) transaction: Transaction,
    pub(crate) was_deferrable: bool,
    pub(crate) was_read_only: bool,
    /// It is said to be in the transaction that it has prepared.
    pub(crate) stays_active: bool,
    /// Two-phase transactions that it has prepared.
    pub(crate) prepared: Vec<String>,
    pub(crate) bulk: Option<Bulk>,
    /// Everything is refused.
    pub(crate) is_dead: bool,
    /// Cancels that hit everybody, as far as they were seen.
    cancels: u64,
    calls: Arc<Calls>,
    cancel: Arc<DriverCancel>,
    /// A result was left open: the next statement is refused.
    pub(crate) is_blocked: bool,
    /// Savepoints that were not created.
    ignored: Vec<String>,
    pub(crate) last_affected: Option<u64>,
    pub(crate) last_insert_id: Option<i64>,
}

impl FaultyConnection {
    pub(crate) fn new(mut inner: DriverConnection, plan: Plan, hub: Arc<Hub>) -> Result<Self> {
        let cancel = Arc::new(inner.cancel_handle()?);
        let (number, cancels) = (hub.join(), hub.state().cancels);
        Ok(FaultyConnection {
            inner,
            plan,
            hub,
            number,
            transaction: Transaction::default(),
            was_deferrable: false,
            was_read_only: false,
            stays_active: false,
            prepared: Vec::new(),
            bulk: None,
            is_dead: false,
            cancels,
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
        let ignores = self.plan.makes(Fault::CancelIgnoresCall);
        self.calls.ignores_call.store(ignores, Ordering::Release);
        let hits_all = self.plan.makes(Fault::CancelHitsAll);
        self.calls.hits_all.store(hits_all, Ordering::Release);
        self.calls.current.store(call.generation(), Ordering::Release);
        self.calls.is_running.store(true, Ordering::Release);
        let result = work(self);
        self.calls.is_running.store(false, Ordering::Release);
        result
    }

    /// True when a fault that has one chance for each connection is to be made now.
    pub(crate) fn makes_once(&self, fault: Fault) -> bool {
        if !self.plan.is_about(fault) {
            return false;
        }
        let mut state = self.hub.state();
        state.chances += 1;
        state.chances.is_multiple_of(self.plan.every())
    }

    /// Refuses the call when an earlier fault blocks the connection.
    pub(crate) fn check(&mut self, call: &Call<'_>) -> Result<()> {
        self.plan.count_call();
        if std::mem::take(&mut self.is_blocked) {
            return Err(Error::programming("commands out of sync").with_sqlstate("HY000"));
        }
        if self.is_dead {
            return Err(Error::operational("the connection is gone").disconnected());
        }
        let cancels = self.hub.state().cancels;
        if std::mem::replace(&mut self.cancels, cancels) != cancels {
            return Err(Error::operational("the statement was cancelled").with_sqlstate("HY008"));
        }
        let late = self.calls.came_late.swap(false, Ordering::AcqRel);
        if late && self.plan.makes(Fault::LateCancelHits) {
            return Err(Error::operational("the statement was cancelled").with_sqlstate("HY008"));
        }
        if call.has_deadline() && self.plan.makes(Fault::EveryDeadlinePassed) {
            return Err(Error::operational("the deadline has passed").with_sqlstate("HYT00"));
        }
        match call.check() {
            Err(_) if self.plan.makes(Fault::LateDeadlineIgnored) => Ok(()),
            result => result,
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
        if let Some(extra) = language::parse(sql) {
            let statement = Some(FaultyStatement::new(Source::Extra(extra)));
            return Ok(Prepared { statement, consumed: sql.len() });
        }
        let prepared = self.inner.prepare(sql, options, limits(call));
        let (statement, consumed) = prepared.map_err(|error| self.spoil_told(error))?;
        let sql = sql.get(..consumed).unwrap_or(sql).to_owned();
        let made = statement.map(|inner| FaultyStatement::new(Source::Inner { inner, sql }));
        Ok(Prepared { statement: made, consumed })
    }

    fn prepare_call(
        &mut self,
        procedure: &str,
        directions: &[ParamDirection],
        call: &Call<'_>,
    ) -> Result<FaultyStatement> {
        self.check(call)?;
        let found = self.find_procedure(procedure, directions);
        found.map_err(|error| self.spoil_told(error))?;
        Ok(FaultyStatement::new(Source::Extra(Extra::Call)))
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
        if self.plan.makes(Fault::BeginIgnored) {
            return Ok(());
        }
        self.ignored.clear();
        self.open(options, call)
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
            Err(_) if self.plan.makes(Fault::LostCommitError) => {
                self.inner.rollback(limits(call))?;
            }
            result => result?,
        }
        self.ended(true);
        Ok(())
    }

    fn rollback(&mut self, call: &Call<'_>) -> Result<()> {
        self.plan.count_call();
        self.is_blocked = false;
        if let Some(xid) = self.unprepared()
            && self.plan.makes(Fault::RollbackPrepares)
        {
            return self.step(TwoPhase::Prepare, &xid, call);
        }
        if self.plan.makes(Fault::RollbackCommits) {
            self.inner.commit(limits(call))?;
        } else {
            self.inner.rollback(limits(call))?;
        }
        self.ended(false);
        Ok(())
    }

    fn two_phase(&mut self, operation: TwoPhase, xid: &str, call: &Call<'_>) -> Result<()> {
        self.check(call)?;
        self.step(operation, xid, call)
    }

    fn recover(&mut self, call: &Call<'_>) -> Result<Vec<String>> {
        self.check(call)?;
        Ok(self.identifiers())
    }

    fn savepoint(&mut self, operation: Savepoint, name: &str, call: &Call<'_>) -> Result<()> {
        self.check(call)?;
        self.transaction.wrote = true;
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
        self.ended(false);
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
            _ if self.stays_active => TransactionState::Active,
            state => state,
        }
    }

    fn cancel_handle(&self) -> Option<Box<dyn Cancel>> {
        let (inner, calls) = (Arc::clone(&self.cancel), Arc::clone(&self.calls));
        Some(Box::new(FaultyCancel { inner, calls, hub: Arc::clone(&self.hub) }))
    }

    fn get_option(&mut self, key: &str, call: &Call<'_>) -> Result<Value> {
        self.plan.count_call();
        self.inner.get_option(key, limits(call))
    }

    fn set_option(&mut self, key: &str, value: ValueRef<'_>, call: &Call<'_>) -> Result<()> {
        self.plan.count_call();
        if key == option_key::ISOLATION_LEVEL && self.plan.makes(Fault::IsolationNotSet)
            || key == option_key::READ_ONLY && self.plan.makes(Fault::ReadOnlyNotSet)
        {
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
        if !filter.schema.is_empty() && self.plan.makes(Fault::SchemaIgnored) {
            filter.schema = "";
        }
        let inner = self.inner.reflect(kind, &filter, limits(call))?;
        Ok(FaultyStatement::new(Source::Reflection(inner)))
    }

    fn server_info(&mut self, call: &Call<'_>) -> Result<ServerInfo> {
        self.plan.count_call();
        let info = self.inner.server_info(limits(call))?;
        self.spoil_server(info, call)
    }

    fn next_notice(&mut self) -> Option<Notice> {
        self.plan.count_call();
        self.take_notice()
    }

    fn next_notification(&mut self, call: &Call<'_>) -> Result<Option<Notification>> {
        self.plan.count_call();
        self.hear(call)
    }

    fn bulk_begin(&mut self, spec: &BulkSpec<'_>, call: &Call<'_>) -> Result<()> {
        self.check(call)?;
        self.begin_bulk(spec)
    }

    fn bulk_write(&mut self, chunk: BulkChunk<'_>, _: &Call<'_>) -> Result<()> {
        self.plan.count_call();
        self.write_bulk(chunk)
    }

    fn bulk_read(&mut self, _: &Call<'_>) -> Result<Option<&[u8]>> {
        self.plan.count_call();
        self.read_bulk()
    }

    fn bulk_end(&mut self, commit: bool, _: &Call<'_>) -> Result<u64> {
        self.plan.count_call();
        self.end_bulk(commit)
    }
}

impl Drop for FaultyConnection {
    fn drop(&mut self) {
        let goes = self.makes_once(Fault::PreparedGoes);
        let fails = self.makes_once(Fault::CancelAfterEnd);
        self.calls.is_closed.store(fails, Ordering::Release);
        let mut state = self.hub.state();
        state.inboxes.remove(&self.number);
        state.writers.remove(&self.number);
        if goes {
            state.prepared.retain(|xid, _| !self.prepared.contains(xid));
        }
    }
}
