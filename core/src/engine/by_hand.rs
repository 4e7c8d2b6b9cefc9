//! Transactions that a BEGIN in SQL text has begun, where none begins by itself.
//!
//! Listeners are not told of them, neither of their beginning nor of their end: they are the
//! program's own. The echo is, of the end that was not SQL text.

use super::connection::Connection;
use crate::dbapi::TransactionState;
use crate::error::Result;

impl Connection {
    /// Commits a transaction of which only the database knows; nothing is done where there is none.
    ///
    /// # Errors
    /// What the database reports; the transaction may then still be open.
    pub(super) fn commit_by_hand(&mut self) -> Result<()> {
        if !self.is_begun_by_hand() {
            return Ok(());
        }
        self.tell_step(format_args!("COMMIT"));
        let limits = self.own_limits()?;
        let committed = self.lease.driver().commit(limits);
        if self.has_ended() {
            // Savepoints of it.
            self.transaction.end();
        }
        committed.map_err(|error| self.failed_step("COMMIT", error))
    }

    /// The same with a rollback.
    ///
    /// # Errors
    /// What the database reports; the transaction is then still open, unless the connection is lost.
    pub(super) fn roll_back_by_hand(&mut self) -> Result<()> {
        if !self.is_begun_by_hand() {
            return Ok(());
        }
        self.tell_step(format_args!("ROLLBACK"));
        let limits = self.own_limits()?;
        let rolled_back = self.lease.driver().rollback(limits);
        if self.has_ended() {
            self.transaction.end();
        }
        rolled_back.map_err(|error| self.failed_step("ROLLBACK", error))
    }

    /// True when the database has a transaction that nothing here has begun.
    pub(super) fn is_begun_by_hand(&self) -> bool {
        let state = self.driver_state();
        !self.transaction.is_open()
            && matches!(state, Some(TransactionState::Active | TransactionState::Aborted))
    }
}
