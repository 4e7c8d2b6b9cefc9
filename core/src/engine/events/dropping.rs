//! Connections that are dropped with a transaction open: how the pool ends it is told before.
//!
//! Telling leaves the end to the pool: nothing else happens because somebody looks on.

use std::time::Duration;

use super::handler::Interest;
use crate::abi::host::Limits;
use crate::dbapi::TransactionState;
use crate::engine::cancel::CancelSlot;
use crate::engine::report::is_metered;
use crate::engine::{Connection, Lease};
use crate::pool::ResetOnReturn;
use crate::text::ExecutionOptions;

const ENDS: Interest = Interest::ROLLBACK.and(Interest::COMMIT);

impl Lease {
    /// Nobody uses the connection any more: tells how the pool is about to end what is open.
    #[inline]
    pub(in crate::engine) fn tell_dropped(&mut self) {
        let listened = self.engine().dispatch.listens(ENDS);
        if listened || self.source().is_watched() || is_metered() {
            self.tell_of_reset();
        }
    }

    #[cold]
    fn tell_of_reset(&mut self) {
        let session = self.peek().filter(|_| self.is_usable());
        let token = session.and_then(|session| session.token.clone());
        if !session.is_some_and(|session| is_open(session.driver.transaction_state())) {
            return;
        }
        let pool = self.source().pool.config();
        let (how, within) = (pool.reset_on_return, pool.reset_timeout);
        if how == ResetOnReturn::None {
            return;
        }
        let mut options = ExecutionOptions::new();
        options.logging_token = token;
        let mut connection = Connection {
            cancel: CancelSlot::default(),
            lease: self.take(),
            options,
            begins: false,
            closed: false,
            transaction: Default::default(),
            telling: Interest::default(),
            told_in: Duration::ZERO,
        };
        connection.transaction.begin();
        connection.tell_reset(how, within);
        // Not by dropping it, which would tell again of what the pool has yet to end.
        connection.lease.give_back();
    }
}

impl Connection {
    fn tell_reset(&mut self, how: ResetOnReturn, within: Duration) {
        let commits = how == ResetOnReturn::Commit;
        let told = if commits { self.tell_commit() } else { self.tell_rollback() };
        if let Err(error) = told {
            tracing::warn!(%error, "a listener to the end of a dropped connection has failed");
            if commits {
                return self.refuse_commit(within);
            }
        }
        if self.driver_state().is_some_and(is_open) {
            self.tell_step(format_args!("{}", if commits { "COMMIT" } else { "ROLLBACK" }));
            self.count_transaction(if commits { "committed" } else { "rolled_back" });
        }
    }

    /// Rolls back what a listener does not let the pool commit.
    fn refuse_commit(&mut self, within: Duration) {
        if !self.driver_state().is_some_and(is_open) {
            return;
        }
        self.tell_step(format_args!("ROLLBACK"));
        self.count_transaction("rolled_back");
        if let Err(error) = self.lease.driver().rollback(Limits::within(within)) {
            self.failed_step("ROLLBACK", error);
            // The pool would commit it.
            self.lease.invalidate();
        }
    }
}

fn is_open(state: TransactionState) -> bool {
    matches!(state, TransactionState::Active | TransactionState::Aborted)
}
