//! A connection that somebody uses.

use std::panic::Location;
use std::sync::Arc;

use super::session::Session;
use super::session_manager::SessionManager;
use super::source::Source;
use super::state::EngineState;
use crate::abi::host::DriverConnection;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::{CheckoutTimes, PooledConnection};

/// A connection that somebody uses. Dropping it rolls back what is open and returns it.
pub(crate) struct Lease {
    /// `None` when it was invalidated or given back.
    held: Option<PooledConnection<SessionManager>>,
    engine: Arc<EngineState>,
    /// Where the program has asked for it.
    place: &'static Location<'static>,
}

impl EngineState {
    /// A connection for exclusive use.
    ///
    /// # Errors
    /// What connecting reports; `Timeout` when none becomes free in time; `ResourceClosed` once the
    /// engine is closed.
    #[inline]
    pub(super) fn checkout(self: &Arc<Self>, place: &'static Location<'static>) -> Result<Lease> {
        if self.source.is_checkout_watched() {
            return self.checkout_timed(place);
        }
        match self.source.pool.connect_at(place) {
            Ok(held) => Ok(self.lease(held, place, None)),
            Err(error) => Err(self.refused(error)),
        }
    }

    #[cold]
    fn checkout_timed(self: &Arc<Self>, place: &'static Location<'static>) -> Result<Lease> {
        match self.source.pool.connect_timed_at(place) {
            Ok((held, times)) => Ok(self.lease(held, place, Some(times))),
            Err(error) => Err(self.refused(error)),
        }
    }

    #[inline]
    pub(super) fn lease(
        self: &Arc<Self>,
        mut held: PooledConnection<SessionManager>,
        place: &'static Location<'static>,
        times: Option<CheckoutTimes>,
    ) -> Lease {
        let number = PooledConnection::number(&held);
        held.number = number;
        held.token = None;
        held.checkout = times;
        Lease { held: Some(held), engine: Arc::clone(self), place }
    }

    /// The error of a checkout, as the program gets it.
    #[cold]
    pub(super) fn refused(self: &Arc<Self>, error: Error) -> Error {
        if error.kind() == ErrorKind::ResourceClosed && error.dialect().is_none() {
            return super::closing::closed(&self.source.origin.url);
        }
        self.failed(error).error
    }
}

const HAS_ONE: &str = "invariant: who asks has seen that there is a connection";

impl Lease {
    /// The driver's connection of a lease that [has one](Lease::is_usable).
    #[inline]
    pub(crate) fn driver(&mut self) -> &mut DriverConnection {
        &mut self.session().driver
    }

    /// The session of a lease that [has one](Lease::is_usable).
    #[inline]
    pub(crate) fn session(&mut self) -> &mut Session {
        self.held.as_mut().expect(HAS_ONE)
    }

    pub(super) fn lent(&self) -> &DriverConnection {
        let held = self.held.as_ref();
        &held.expect("invariant: a raw connection is never given up before it is dropped").driver
    }

    /// What there is of a connection, usable or not.
    #[inline]
    pub(super) fn peek(&self) -> Option<&Session> {
        self.held.as_deref()
    }

    /// False when there is no connection, or an error has said that it is gone.
    #[inline]
    pub(super) fn is_usable(&self) -> bool {
        self.held.as_ref().is_some_and(|held| !held.driver.is_broken())
    }

    /// The connection, and the engine that lent it.
    #[inline]
    pub(crate) fn parts(&mut self) -> (&mut Session, &Arc<EngineState>) {
        (self.held.as_mut().expect(HAS_ONE), &self.engine)
    }

    /// The number of the connection in the pool, and what its checkout took, if that was timed and
    /// is asked for the first time.
    pub(super) fn checkout_to_tell(&mut self) -> (Option<u64>, Option<CheckoutTimes>) {
        match &mut self.held {
            Some(session) => (Some(session.number), session.checkout.take()),
            None => (None, None),
        }
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.engine.source
    }

    /// The engine that lent it.
    pub(super) fn engine(&self) -> &Arc<EngineState> {
        &self.engine
    }

    /// What lines about the connection begin with, for as long as it is lent.
    pub(super) fn set_token(&mut self, token: Option<&Arc<str>>) {
        if let Some(session) = &mut self.held
            && (token.is_some() || session.token.is_some())
        {
            session.token = token.cloned();
        }
    }

    /// Closes the connection, which nobody uses again; the lease is without one.
    pub(super) fn invalidate(&mut self) {
        if let Some(held) = self.held.take() {
            PooledConnection::invalidate(held, None);
        }
    }

    /// Has the connection replaced once it has come back.
    pub(super) fn soft_invalidate(&mut self) {
        if let Some(held) = &mut self.held {
            PooledConnection::soft_invalidate(held, None);
        }
    }

    /// Keeps the connection from being returned: it closes with the lease, and another may be
    /// opened in its place.
    pub(super) fn detach(&mut self) {
        if let Some(held) = &mut self.held {
            PooledConnection::detach(held);
        }
    }

    /// Takes another connection in place of one that was invalidated.
    pub(super) fn take_another(&mut self) -> Result<()> {
        *self = self.engine.checkout(self.place)?;
        Ok(())
    }

    /// The lease, of which nothing is left here.
    pub(super) fn take(&mut self) -> Lease {
        Lease { held: self.held.take(), engine: Arc::clone(&self.engine), place: self.place }
    }

    /// Gives the connection back, which rolls back what is open. The lease is without one then.
    #[inline]
    pub(super) fn give_back(&mut self) {
        self.held = None;
    }
}

impl Drop for Lease {
    #[inline]
    fn drop(&mut self) {
        self.tell_dropped();
        self.give_back();
    }
}
