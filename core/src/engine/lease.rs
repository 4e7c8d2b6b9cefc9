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
    /// `None` only while the lease is made or dropped.
    session: Option<Box<Session>>,
    engine: Arc<EngineState>,
    /// Tells a connection that is kept from one that was given up meanwhile.
    generation: u64,
}

impl EngineState {
    /// A connection for exclusive use.
    ///
    /// # Errors
    /// What connecting reports; `ResourceClosed` once the engine is closed; `Timeout` when the one
    /// connection of an in-memory database stays in use.
    pub(super) fn checkout(self: &Arc<Self>) -> Result<Lease> {
        let source = &self.source;
        source.usage.enter(&source.url)?;
        // From here on the lease gives the right to a connection back, also on errors and panics.
        let mut lease = Lease { session: None, engine: Arc::clone(self), generation: u64::MAX };
        if let Some(kept) = &source.kept {
            let taken = kept.take()?;
            (lease.session, lease.generation) = (taken.idle, taken.generation);
        }
        if lease.session.is_none() {
            let driver = source.open(&self.dispatch).map_err(|error| self.failed(error).error)?;
            lease.session = Some(Box::new(Session::new(driver, source.statement_cache_size)));
        }
        Ok(lease)
    }
}

impl Lease {
    pub(crate) fn driver(&mut self) -> &mut DriverConnection {
        &mut self.session().driver
    }

    #[inline]
    pub(crate) fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("invariant: a lease that was given out has a connection")
    }

    pub(super) fn lent(&self) -> &DriverConnection {
        let session = self.session.as_ref();
        &session.expect("invariant: a lease that was given out has a connection").driver
    }

    /// The connection, and the engine that lent it.
    #[inline]
    pub(crate) fn parts(&mut self) -> (&mut Session, &Arc<EngineState>) {
        let session = self.session.as_mut();
        (session.expect("invariant: a lease that was given out has a connection"), &self.engine)
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.engine.source
    }

    /// The engine that lent it.
    pub(super) fn engine(&self) -> &Arc<EngineState> {
        &self.engine
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let source = &self.engine.source;
        // Dropping the driver connection ends its transaction: the server rolls back.
        let session = self.session.take();
        match &source.kept {
            Some(kept) => give_back(session, kept, self.generation, source),
            None => drop(session),
        }
        source.usage.leave();
    }
}

fn give_back(session: Option<Box<Session>>, kept: &Kept, generation: u64, source: &Source) {
    let had_session = session.is_some();
    let clean = session.and_then(cleaned);
    if clean.is_none() && had_session {
        tracing::warn!(
            url = %source.url,
            "the connection of an in-memory database broke: its data are gone, the next use \
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
