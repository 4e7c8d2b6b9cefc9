//! Connections that are dropped with a transaction open: their rollback is told like any other.

use super::handler::Interest;
use crate::dbapi::TransactionState;
use crate::engine::cancel::CancelSlot;
use crate::engine::report::is_metered;
use crate::engine::{Connection, Lease};
use crate::text::ExecutionOptions;

impl Lease {
    /// Nobody uses the connection any more: rolls back what is open, and tells of it before.
    #[inline]
    pub(in crate::engine) fn tell_dropped(&mut self) {
        let listened = self.engine().dispatch.listens(Interest::ROLLBACK);
        if listened || self.source().is_watched() || is_metered() {
            self.roll_back_told();
        }
    }

    #[cold]
    fn roll_back_told(&mut self) {
        let is_open = |state| matches!(state, TransactionState::Active | TransactionState::Aborted);
        let session = self.peek().filter(|_| self.is_usable());
        if !session.is_some_and(|session| is_open(session.driver.transaction_state())) {
            return;
        }
        let mut options = ExecutionOptions::new();
        options.logging_token = session.and_then(|session| session.token.clone());
        let mut connection = Connection {
            cancel: CancelSlot::default(),
            lease: self.take(),
            options,
            begins: false,
            closed: false,
            transaction: Default::default(),
            telling: Interest::default(),
        };
        connection.transaction.begin();
        if let Err(error) = connection.rollback() {
            tracing::warn!(%error, "a connection that was dropped could not be rolled back");
        }
        // Not by dropping it, which would tell again of what could not be rolled back.
        connection.lease.give_back();
    }
}
