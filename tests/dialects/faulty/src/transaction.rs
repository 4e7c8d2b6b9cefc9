//! Transactions beyond SQLite's: deferrable ones, fresh ones, and those of two phases.

use std::collections::VecDeque;

use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::{
    AccessMode, Call, IsolationLevel, Notification, PrepareOptions, TransactionOptions, TwoPhase,
};
use aludel::error::{Error, Result};
use aludel::value::Value;

use crate::connection::FaultyConnection;
use crate::dialect::limits;
use crate::fault::Fault;
use crate::hub::Logged;

/// What the wrapper knows of the open transaction.
#[derive(Debug, Default)]
pub(crate) struct Transaction {
    is_open: bool,
    isolation: Option<IsolationLevel>,
    access: Option<AccessMode>,
    pub(crate) deferrable: bool,
    /// It has not read yet and must wait for writers first.
    waits: bool,
    /// It has changed something, or has savepoints.
    pub(crate) wrote: bool,
    xid: Option<String>,
    log: Vec<Logged>,
    /// What is sent when it commits.
    pub(crate) pending: VecDeque<Notification>,
}

impl FaultyConnection {
    pub(crate) fn open(&mut self, options: &TransactionOptions<'_>, call: &Call<'_>) -> Result<()> {
        let mut options = *options;
        self.spoil_options(&mut options);
        let mut deferrable = options.deferrable.take() == Some(true);
        if deferrable && self.plan.makes(Fault::DeferrableIgnored) {
            deferrable = false;
        }
        if !deferrable && self.was_deferrable && self.plan.makes(Fault::DeferrableStays) {
            deferrable = true;
        }
        let reads = options.access == Some(AccessMode::ReadOnly);
        self.inner.begin(&options, limits(call))?;
        (self.was_deferrable, self.was_read_only) = (deferrable, reads);
        self.stays_active = false;
        if !reads {
            self.hub.state().writers.insert(self.number);
        }
        self.transaction = Transaction {
            is_open: options.isolation != Some(IsolationLevel::Autocommit),
            isolation: options.isolation,
            access: options.access,
            deferrable,
            waits: deferrable && !self.plan.makes(Fault::DeferrableWaitsNot),
            ..Transaction::default()
        };
        Ok(())
    }

    fn spoil_options(&mut self, options: &mut TransactionOptions<'_>) {
        let declared = self.inner.info().isolation_levels;
        let level = options.isolation;
        if level == Some(IsolationLevel::Autocommit) && self.plan.makes(Fault::AutocommitBegins)
            || level.is_some_and(|level| !declared.contains(&level))
                && self.plan.makes(Fault::UnknownLevel)
            || level.is_some() && self.plan.makes(Fault::IsolationIgnored)
        {
            options.isolation = None;
        }
        if options.access.is_some() && self.plan.makes(Fault::ReadOnlyIgnored) {
            options.access = None;
        }
        if options.access.is_none() && self.was_read_only && self.plan.makes(Fault::ReadOnlyStays) {
            options.access = Some(AccessMode::ReadOnly);
        }
    }

    /// What a transaction does before each statement: waits, and reads anew where its level does.
    pub(crate) fn before_statement(&mut self, call: &Call<'_>) -> Result<()> {
        if self.transaction.waits {
            let number = self.number;
            self.hub.wait(call, |state| {
                state.writers.iter().all(|writer| *writer == number).then_some(())
            })?;
            self.transaction.waits = false;
        }
        let Transaction { is_open, wrote, isolation, access, .. } = self.transaction;
        if !is_open || wrote {
            return Ok(());
        }
        let is_fresh = match isolation {
            Some(IsolationLevel::ReadUncommitted) => !self.plan.makes(Fault::StaleSnapshot),
            _ => self.plan.makes(Fault::SnapshotLost),
        };
        if is_fresh {
            self.inner.rollback(limits(call))?;
            let options = TransactionOptions { isolation, access, ..TransactionOptions::default() };
            self.inner.begin(&options, limits(call))?;
        }
        Ok(())
    }

    /// Notes what a transaction has executed.
    pub(crate) fn log(&mut self, sql: &str, params: &[Value]) {
        if self.transaction.xid.is_some() {
            self.transaction.log.push((sql.to_owned(), params.to_vec()));
        }
    }

    /// The end of a transaction, unless the database has kept it open.
    pub(crate) fn ended(&mut self, committed: bool) {
        let ended = std::mem::take(&mut self.transaction);
        self.hub.state().writers.remove(&self.number);
        self.hub.wake();
        if committed {
            ended.pending.iter().for_each(|notification| self.hub.send(notification));
        }
    }

    pub(crate) fn in_transaction(&self) -> bool {
        self.transaction.is_open
    }

    /// The transaction that has begun but not ended its first phase.
    pub(crate) fn unprepared(&self) -> Option<String> {
        self.transaction.xid.clone()
    }

    pub(crate) fn step(&mut self, operation: TwoPhase, xid: &str, call: &Call<'_>) -> Result<()> {
        let is_plain = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
        let cut: String = xid.chars().take_while(is_plain).collect();
        let is_cut = cut != xid && self.plan.makes(Fault::CutIdentifier);
        let xid = if is_cut { cut.as_str() } else { xid };
        match operation {
            TwoPhase::Begin => {
                self.open(&TransactionOptions::default(), call)?;
                self.transaction.xid = Some(xid.to_owned());
                Ok(())
            }
            TwoPhase::Prepare => self.prepare_transaction(xid, call),
            TwoPhase::Commit | TwoPhase::Rollback => {
                let taken = self.hub.state().prepared.remove(xid);
                let Some(log) = taken else {
                    return match self.plan.makes(Fault::UnknownIdentifier) {
                        true => Ok(()),
                        false => Err(unknown(xid)),
                    };
                };
                self.hub.state().ended.push(xid.to_owned());
                let commits = operation == TwoPhase::Commit
                    || self.plan.makes(Fault::PreparedRollbackCommits);
                if commits { self.replay(&log, limits(call)) } else { Ok(()) }
            }
        }
    }

    fn prepare_transaction(&mut self, xid: &str, call: &Call<'_>) -> Result<()> {
        if self.transaction.xid.as_deref() != Some(xid) {
            return Err(unknown(xid));
        }
        let log = std::mem::take(&mut self.transaction.log);
        self.inner.rollback(limits(call))?;
        self.ended(false);
        if self.plan.makes(Fault::PrepareCommits) {
            self.replay(&log, limits(call))?;
            self.hub.state().prepared.insert(xid.to_owned(), Vec::new());
            return Ok(());
        }
        let taken = self.hub.state().prepared.contains_key(xid);
        if taken && !self.plan.makes(Fault::DuplicateIdentifier) {
            return Err(
                Error::programming(format!("identifier `{xid}` is in use")).with_sqlstate("42710")
            );
        }
        self.hub.state().prepared.insert(xid.to_owned(), log);
        self.prepared.push(xid.to_owned());
        self.stays_active = self.plan.makes(Fault::PreparedStaysActive);
        Ok(())
    }

    /// Executes again what a transaction has executed.
    fn replay(&mut self, log: &[Logged], limits: Limits) -> Result<()> {
        self.inner.begin(&TransactionOptions::default(), limits)?;
        for (sql, params) in log {
            let (statement, _) = self.inner.prepare(sql, PrepareOptions::default(), limits)?;
            let Some(statement) = statement else { continue };
            let options = ExecuteOptions::default().limits(limits);
            self.inner.execute(&statement, params.as_slice(), options)?.finish()?;
            self.inner.close_statement(statement);
        }
        self.inner.commit(limits)
    }

    pub(crate) fn identifiers(&self) -> Vec<String> {
        let state = self.hub.state();
        let mut known: Vec<String> = state.prepared.keys().cloned().collect();
        if !known.is_empty() && self.plan.makes(Fault::RecoverForgets) {
            known.pop();
        }
        if !state.ended.is_empty() && self.plan.makes(Fault::RecoverKeeps) {
            known.extend(state.ended.iter().cloned());
        }
        known
    }
}

fn unknown(xid: &str) -> Error {
    Error::programming(format!("there is no prepared transaction `{xid}`")).with_sqlstate("42704")
}
