//! Beginning by itself, committing as you go, and what is known of the transaction.

use super::connection::Connection;
use super::phase::Phase;
use crate::abi::host::Limits;
use crate::dbapi::{TransactionState, TwoPhase};
use crate::error::{Error, Result};
use crate::text::ends_transaction;

impl Connection {
    /// Commits, also what a BEGIN in SQL text has begun. Without a transaction it does nothing.
    ///
    /// # Errors
    /// What the database reports. Whether the transaction is then still open is the database's
    /// business; [`in_transaction`](Connection::in_transaction) tells. After a
    /// [disconnect](crate::Error::is_disconnect), or when the connection's
    /// [`timeout`](crate::ExecutionOptions::timeout) has passed, nobody knows whether the
    /// transaction was committed. `InvalidRequest` when it can only be rolled back.
    pub fn commit(&mut self) -> Result<()> {
        match self.transaction.phase {
            Phase::Idle | Phase::Ended => return self.commit_by_hand(),
            Phase::Doomed => return Err(self.transaction.refusal()),
            Phase::Open | Phase::Prepared => {}
        }
        if !self.lease.is_usable() {
            return Err(self.transaction.lost());
        }
        let serial = self.transaction.serial;
        self.tell_commit()?;
        if self.transaction.rolled_back == serial {
            return Err(ended_by_a_listener());
        }
        match self.transaction.phase {
            // A listener has committed.
            Phase::Idle | Phase::Ended => return Ok(()),
            Phase::Doomed => return Err(self.transaction.refusal()),
            Phase::Open | Phase::Prepared => {}
        }
        if !self.lease.is_usable() {
            return Err(self.transaction.lost());
        }
        let step = self.tell_end("COMMIT", "COMMIT TWOPHASE");
        let limits = self.own_limits()?;
        let driver = self.lease.driver();
        let committed = match &self.transaction.xid {
            Some(xid) => driver.two_phase(TwoPhase::Commit, xid, limits),
            None => driver.commit(limits),
        };
        let is_undecided = self.transaction.phase == Phase::Prepared && !driver.is_broken();
        if committed.is_ok() {
            self.count_transaction("committed");
        }
        if committed.is_ok() || (self.has_ended() && !is_undecided) {
            self.transaction.end();
        }
        committed.map_err(|error| self.failed_step(step, error))
    }

    /// Rolls back, and its savepoints with it. Without a transaction it does nothing. A connection
    /// that was lost in the transaction may be used again afterwards.
    ///
    /// # Errors
    /// What the database reports; the transaction is then taken to be open, and takes nothing but
    /// another rollback. A [disconnect](crate::Error::is_disconnect) ends it.
    pub fn rollback(&mut self) -> Result<()> {
        if !self.transaction.is_open() {
            return self.roll_back_by_hand();
        }
        let told = self.tell_rollback();
        if !self.lease.is_usable() {
            let is_undecided = self.transaction.phase == Phase::Prepared;
            if is_undecided {
                self.transaction.end();
                return Err(undecided());
            }
            // What was not prepared is gone with the connection.
            self.transaction.end_rolled_back();
            self.count_transaction("rolled_back");
            return told;
        }
        let step = self.tell_end("ROLLBACK", "ROLLBACK TWOPHASE");
        let limits = self.own_limits()?;
        let driver = self.lease.driver();
        let rolled_back = match &self.transaction.xid {
            Some(xid) => driver.two_phase(TwoPhase::Rollback, xid, limits),
            None => driver.rollback(limits),
        };
        let is_prepared = self.transaction.phase == Phase::Prepared;
        // What the connection takes along when it goes, the database rolls back.
        if rolled_back.is_ok() || (!self.lease.is_usable() && !is_prepared) {
            self.transaction.end_rolled_back();
            self.count_transaction("rolled_back");
        } else if self.transaction.phase == Phase::Open {
            self.transaction.phase = Phase::Doomed;
        }
        rolled_back.map_err(|error| self.failed_step(step, error)).and(told)
    }

    /// True between the first statement (or a BEGIN in SQL text) and commit or rollback; with
    /// autocommit only when the database says so. Stays true when the connection is lost, until the
    /// rollback.
    pub fn in_transaction(&self) -> bool {
        match self.driver_state() {
            _ if self.transaction.phase == Phase::Prepared => true,
            Some(TransactionState::Active | TransactionState::Aborted) => true,
            Some(TransactionState::Idle) => false,
            Some(TransactionState::Unknown) | None => self.transaction.is_open(),
        }
    }

    /// True inside a savepoint.
    pub fn in_nested_transaction(&self) -> bool {
        self.transaction.is_nested()
    }

    /// What the driver knows of the transaction; nothing when the connection is lost.
    pub(super) fn driver_state(&self) -> Option<TransactionState> {
        let session = self.lease.peek().filter(|_| self.lease.is_usable())?;
        Some(session.driver.transaction_state())
    }

    /// True when the database has aborted the transaction.
    pub(super) fn is_aborted(&self) -> bool {
        self.driver_state() == Some(TransactionState::Aborted)
    }

    /// True when the database has no transaction, whatever was begun: it may end one by itself,
    /// with an error, or because the program says so in SQL. What was lost has ended too.
    pub(super) fn has_ended(&self) -> bool {
        self.driver_state().is_none_or(|state| state == TransactionState::Idle)
    }

    /// Begins a transaction for this text unless there is one, or none is wanted. The connection is
    /// [ready](Connection::ready).
    ///
    /// # Errors
    /// What the database reports; `InvalidRequest` where only a rollback helps.
    #[inline]
    pub(crate) fn autobegin(&mut self, sql: &str, limits: Limits) -> Result<()> {
        if !self.begins {
            return Ok(());
        }
        if self.transaction.phase == Phase::Open {
            match self.lease.driver().transaction_state() {
                TransactionState::Active | TransactionState::Unknown => return Ok(()),
                TransactionState::Aborted => return self.takes_rollback_only(sql),
                TransactionState::Idle if self.transaction.blocks > 0 => {
                    return self.ended_in_its_block(sql);
                }
                // Without a transaction of its own the statement would commit itself.
                TransactionState::Idle => {}
            }
        }
        self.begin_root(limits)
    }

    /// In an aborted transaction the database takes a rollback and nothing else.
    #[cold]
    fn takes_rollback_only(&self, sql: &str) -> Result<()> {
        if ends_transaction(sql) { Ok(()) } else { Err(self.transaction.refusal()) }
    }

    /// The database has no transaction any more, and a block holds it: one that began now would be
    /// nobody's, and what it did would be lost when the block ends well.
    #[cold]
    fn ended_in_its_block(&mut self, sql: &str) -> Result<()> {
        self.transaction.end();
        if ends_transaction(sql) { Ok(()) } else { Err(self.transaction.refusal()) }
    }

    /// Ends a transaction whose beginning a listener has refused.
    #[cold]
    pub(super) fn undo_begin(&mut self) {
        if let Err(error) = self.rollback() {
            tracing::warn!(%error, "a transaction that was refused could not be rolled back");
        }
    }

    /// Begins a transaction with the connection's options.
    #[cold]
    pub(super) fn begin_root(&mut self, limits: Limits) -> Result<()> {
        if !matches!(self.transaction.phase, Phase::Idle | Phase::Open) {
            return Err(self.transaction.refusal());
        }
        let told = self.tell_step(format_args!("BEGIN (implicit)"));
        self.note_told(told);
        let limits = limits.later(told);
        let options = self.transaction_options();
        let begun = self.lease.driver().begin(&options, limits);
        begun.map_err(|error| self.failed_step("BEGIN", error))?;
        self.transaction.begin();
        self.count_transaction("begun");
        let told = self.tell_begin().and_then(|()| self.still_begun());
        told.inspect_err(|_| self.undo_begin())
    }

    /// Sees to it that listeners to the beginning have left the transaction as it was.
    pub(super) fn still_begun(&mut self) -> Result<()> {
        self.ready()?;
        if self.transaction.phase == Phase::Open { Ok(()) } else { Err(ended_by_a_listener()) }
    }
}

#[cold]
fn undecided() -> Error {
    Error::invalid_request("the connection was lost, and the transaction stays prepared").with_help(
        "if recover_twophase() shows it, decide it by its identifier: rollback_prepared() or \
             commit_prepared()",
    )
}

#[cold]
fn ended_by_a_listener() -> Error {
    Error::invalid_request("a listener has ended the transaction of which it was told")
        .with_help("to refuse a transaction, return an error from the listener")
}

/// The error for a transaction where one has begun.
#[cold]
pub(super) fn has_begun(what: &str) -> Error {
    Error::invalid_request(format!("{what}: a transaction has begun on this connection"))
        .with_help("commit or roll back first; begin_nested() and savepoint() nest")
}
