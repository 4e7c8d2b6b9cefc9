//! A connection that somebody uses.

use std::sync::Arc;

use super::kept::Kept;
use super::session::Session;
use super::source::Source;
use super::state::EngineState;
use crate::abi::host::{DriverConnection, Limits};
use crate::dialect::Capability;
use crate::error::Result;

/// A connection that somebody uses. Dropping it rolls back what is open and returns it.
pub(crate) struct Lease {
    /// `None` when it was invalidated or given back.
    session: Option<Box<Session>>,
    engine: Arc<EngineState>,
    /// Tells a connection that is kept from one that was given up meanwhile.
    generation: u64,
    /// The engine counts it; false once it was given back, invalidated or detached.
    is_counted: bool,
}

impl EngineState {
    /// A connection for exclusive use.
    ///
    /// # Errors
    /// What connecting reports; `ResourceClosed` once the engine is closed; `Timeout` when the one
    /// connection of a private in-memory database stays in use.
    pub(super) fn checkout(self: &Arc<Self>) -> Result<Lease> {
        let source = &self.source;
        source.usage.enter(&source.url)?;
        // From here on the lease gives the right to a connection back, also on errors and panics.
        let mut lease = Lease {
            session: None,
            engine: Arc::clone(self),
            generation: u64::MAX,
            is_counted: true,
        };
        if let Some(kept) = &source.kept {
            let taken = kept.take()?;
            (lease.session, lease.generation) = (taken.idle, taken.generation);
        }
        if lease.session.is_none() {
            let driver = source.open(&self.dispatch).map_err(|error| self.failed(error).error)?;
            let mut session = Box::new(Session::new(driver, source.statement_cache_size));
            session.held = source.plan.keep_connected.then(|| source.holders.add());
            lease.session = Some(session);
        }
        Ok(lease)
    }
}

impl Lease {
    /// The driver's connection of a lease that [has one](Lease::is_usable).
    #[inline]
    pub(crate) fn driver(&mut self) -> &mut DriverConnection {
        &mut self.session().driver
    }

    /// The session of a lease that [has one](Lease::is_usable).
    #[inline]
    pub(crate) fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("invariant: who asks has seen that there is a connection")
    }

    pub(super) fn lent(&self) -> &DriverConnection {
        let session = self.session.as_ref();
        &session.expect("invariant: a raw connection is never given up before it is dropped").driver
    }

    /// What there is of a connection, usable or not.
    #[inline]
    pub(super) fn peek(&self) -> Option<&Session> {
        self.session.as_deref()
    }

    /// False when there is no connection, or an error has said that it is gone.
    #[inline]
    pub(super) fn is_usable(&self) -> bool {
        self.session.as_ref().is_some_and(|session| !session.driver.is_broken())
    }

    /// The connection, and the engine that lent it.
    #[inline]
    pub(crate) fn parts(&mut self) -> (&mut Session, &Arc<EngineState>) {
        let session = self.session.as_mut();
        (session.expect("invariant: who asks has seen that there is a connection"), &self.engine)
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.engine.source
    }

    /// The engine that lent it.
    pub(super) fn engine(&self) -> &Arc<EngineState> {
        &self.engine
    }

    /// Closes the connection, which nobody uses again; the lease is without one.
    pub(super) fn invalidate(&mut self) {
        self.session = None;
        self.detach();
    }

    /// Keeps the connection from being returned: it closes with the lease, and another may be
    /// opened in its place.
    pub(super) fn detach(&mut self) {
        if std::mem::take(&mut self.is_counted) {
            let source = &self.engine.source;
            if let Some(kept) = &source.kept {
                drop(kept.put(None, self.generation));
            }
            source.usage.leave();
        }
    }

    /// Takes another connection in place of one that was invalidated.
    pub(super) fn take_another(&mut self) -> Result<()> {
        *self = self.engine.checkout()?;
        Ok(())
    }

    /// The lease, of which nothing is left here.
    pub(super) fn take(&mut self) -> Lease {
        Lease {
            session: self.session.take(),
            engine: Arc::clone(&self.engine),
            generation: self.generation,
            is_counted: std::mem::take(&mut self.is_counted),
        }
    }

    /// Rolls back what is open and gives the connection back. The lease is without one then.
    pub(super) fn give_back(&mut self) {
        let session = self.session.take();
        if !std::mem::take(&mut self.is_counted) {
            return;
        }
        let source = &self.engine.source;
        match &source.kept {
            Some(kept) => give_back(session, kept, self.generation, source),
            // Dropping the driver connection ends its transaction: the server rolls back.
            None => drop(session),
        }
        source.usage.leave();
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.tell_dropped();
        self.give_back();
    }
}

fn give_back(session: Option<Box<Session>>, kept: &Kept, generation: u64, source: &Source) {
    let had_session = session.is_some();
    let clean = session.and_then(cleaned);
    if clean.is_none() && had_session {
        tracing::warn!(
            url = %source.url,
            "the connection of a private in-memory database broke: its data are gone, the next use \
             begins with an empty one"
        );
    }
    // What was given up meanwhile comes back here, and is closed.
    drop(kept.put(clean, generation));
}

/// The connection rolled back; `None` when that fails: it may hold a transaction and is not lent
/// again.
fn cleaned(mut session: Box<Session>) -> Option<Box<Session>> {
    let driver = &mut session.driver;
    let rolled_back =
        !driver.info().has(Capability::Transactions) || driver.rollback(Limits::NONE).is_ok();
    (rolled_back && driver.is_alive()).then_some(session)
}
