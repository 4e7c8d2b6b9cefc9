//! How a connection tells listeners: each event names what it is about, and is not told of itself.

use super::dispatch::Dispatch;
use super::handler::Interest;
use super::{ConnectionOptions, SavepointEvent, TwoPhaseEvent};
use crate::engine::Connection;
use crate::engine::phase::Phase;
use crate::engine::savepoint::savepoint_name;
use crate::error::Result;
use crate::text::ExecutionOptions;

impl Connection {
    /// True when somebody listens to one of these events, and is not just being told of it.
    #[inline]
    pub(crate) fn listens(&self, interests: Interest) -> bool {
        self.dispatch().listens(interests) && !self.telling.has(interests)
    }

    /// Tells of an event. A listener that uses the connection does not hear of what it does there
    /// itself, so that it is not called for ever.
    #[cold]
    pub(crate) fn tell<T>(
        &mut self,
        interest: Interest,
        tell: impl FnOnce(&Dispatch, &mut Connection) -> Result<T>,
    ) -> Result<T> {
        let dispatch = std::sync::Arc::clone(self.dispatch());
        let outer = self.telling;
        self.telling = outer.and(interest);
        let told = tell(&dispatch, self);
        self.telling = outer;
        told
    }

    /// The transaction has begun.
    ///
    /// # Errors
    /// A listener refuses: the transaction is to be rolled back.
    #[inline]
    pub(in crate::engine) fn tell_begin(&mut self) -> Result<()> {
        if !self.listens(Interest::BEGIN) {
            return Ok(());
        }
        self.tell(Interest::BEGIN, |dispatch, connection| dispatch.begin(connection))
    }

    /// The transaction is about to be committed.
    ///
    /// # Errors
    /// A listener refuses: it is not committed.
    #[inline]
    pub(in crate::engine) fn tell_commit(&mut self) -> Result<()> {
        if self.transaction.xid.is_some() {
            return self.tell_twophase(Interest::COMMIT_TWOPHASE);
        }
        if !self.listens(Interest::COMMIT) {
            return Ok(());
        }
        self.tell(Interest::COMMIT, |dispatch, connection| dispatch.commit(connection))
    }

    /// The transaction is about to be rolled back.
    ///
    /// # Errors
    /// For who has asked for the rollback, after it.
    #[inline]
    pub(in crate::engine) fn tell_rollback(&mut self) -> Result<()> {
        if self.transaction.xid.is_some() {
            return self.tell_twophase(Interest::ROLLBACK_TWOPHASE);
        }
        if !self.listens(Interest::ROLLBACK) {
            return Ok(());
        }
        self.tell(Interest::ROLLBACK, |dispatch, connection| dispatch.rollback(connection))
    }

    /// The program gets this connection. What listeners execute is committed before, so that the
    /// program can begin its own transaction.
    ///
    /// # Errors
    /// A listener refuses: the program gets the error.
    #[inline]
    pub(in crate::engine) fn tell_engine_connect(&mut self) -> Result<()> {
        if !self.listens(Interest::ENGINE_CONNECT) {
            return Ok(());
        }
        self.tell(Interest::ENGINE_CONNECT, |dispatch, connection| {
            dispatch.engine_connect(connection)
        })?;
        self.commit()
    }

    /// Something is about to happen with a savepoint.
    ///
    /// # Errors
    /// A listener refuses.
    pub(in crate::engine) fn tell_savepoint(
        &mut self,
        interest: Interest,
        number: u32,
    ) -> Result<()> {
        if !self.listens(interest) {
            return Ok(());
        }
        let name = &*savepoint_name(number);
        self.tell(interest, |dispatch, connection| {
            let context = &mut SavepointEvent::new(connection, name);
            match interest {
                Interest::SAVEPOINT => dispatch.savepoint(context),
                Interest::ROLLBACK_SAVEPOINT => dispatch.rollback_savepoint(context),
                _ => dispatch.release_savepoint(context),
            }
        })
    }

    /// Something is about to happen with the two-phase transaction, or it has begun.
    ///
    /// # Errors
    /// A listener refuses.
    #[cold]
    pub(in crate::engine) fn tell_twophase(&mut self, interest: Interest) -> Result<()> {
        if !self.listens(interest) {
            return Ok(());
        }
        let Some(xid) = self.transaction.xid.clone() else { return Ok(()) };
        let is_prepared = self.transaction.phase == Phase::Prepared;
        self.tell_of(interest, &xid, is_prepared)
    }

    /// The same for a transaction that was prepared, by whomever.
    ///
    /// # Errors
    /// A listener refuses.
    #[cold]
    pub(in crate::engine) fn tell_decision(&mut self, interest: Interest, xid: &str) -> Result<()> {
        if !self.listens(interest) {
            return Ok(());
        }
        self.tell_of(interest, xid, true)
    }

    fn tell_of(&mut self, interest: Interest, xid: &str, is_prepared: bool) -> Result<()> {
        self.tell(interest, |dispatch, connection| {
            let context = &mut TwoPhaseEvent::new(connection, xid, is_prepared);
            match interest {
                Interest::BEGIN_TWOPHASE => dispatch.begin_twophase(context),
                Interest::PREPARE_TWOPHASE => dispatch.prepare_twophase(context),
                Interest::ROLLBACK_TWOPHASE => dispatch.rollback_twophase(context),
                _ => dispatch.commit_twophase(context),
            }
        })
    }

    /// Options are about to be set on the connection: gives them as listeners leave them.
    ///
    /// # Errors
    /// A listener refuses.
    #[inline]
    pub(in crate::engine) fn tell_execution_options(
        &mut self,
        options: &ExecutionOptions,
    ) -> Result<ExecutionOptions> {
        let mut options = options.clone();
        let interest = Interest::SET_CONNECTION_EXECUTION_OPTIONS;
        if self.listens(interest) {
            self.tell(interest, |dispatch, connection| {
                let context = &mut ConnectionOptions::new(connection, &mut options);
                dispatch.set_connection_execution_options(context)
            })?;
        }
        Ok(options)
    }
}
