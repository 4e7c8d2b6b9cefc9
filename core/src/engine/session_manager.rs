//! How the pool of an engine opens, tests, resets and closes connections.

use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use super::events::Handled;
use super::handle::Engine;
use super::origin::Origin;
use super::session::Session;
use super::source::Source;
use super::state::EngineState;
use crate::abi::host::Limits;
use crate::dbapi::TransactionState;
use crate::dialect::Capability;
use crate::error::{Error, Result};
use crate::pool::{Manager, ResetOnReturn};
use crate::text::ExecutionOptions;

/// Opens, tests, resets and closes the connections of an engine.
pub(crate) struct SessionManager {
    origin: Arc<Origin>,
    /// The engine that listeners to errors are told of. Empty while the pool is being built.
    source: OnceLock<Weak<Source>>,
}

impl SessionManager {
    pub(super) fn new(origin: Arc<Origin>) -> Self {
        SessionManager { origin, source: OnceLock::new() }
    }

    pub(super) fn belongs_to(&self, source: &Arc<Source>) {
        // It is told once, by whoever has built the engine.
        let _ = self.source.set(Arc::downgrade(source));
    }

    /// The error as the pool may tell of it.
    #[cold]
    fn shown(&self, error: Error) -> Error {
        match self.source.get().and_then(Weak::upgrade) {
            Some(source) => source.shown(error),
            None => error,
        }
    }

    /// Listeners see why a connection did not pass its test.
    #[cold]
    fn tested_badly(&self, error: Error) -> Handled {
        let Some(source) = self.source.get().and_then(Weak::upgrade) else {
            return Handled { error, invalidate_pool: true };
        };
        let dispatch = Arc::clone(&self.origin.dispatch);
        let engine = Engine::new(EngineState::new(source, ExecutionOptions::new(), dispatch));
        engine.state().failed_test(error)
    }
}

impl Manager for SessionManager {
    type Connection = Session;

    /// As OpenTelemetry names a pool that has no name: its server, port and database.
    fn name(&self) -> Option<String> {
        let url = &self.origin.url;
        let Some(host) = url.host() else {
            let database = url.database().map(|name| format!(":{name}")).unwrap_or_default();
            return Some(format!("{}{database}", self.origin.dialect.info().name));
        };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let database = url.database().map(|name| format!("/{name}")).unwrap_or_default();
        Some(format!("{host}{port}{database}"))
    }

    fn connect(&self, within: Option<Duration>) -> Result<Session> {
        let origin = &self.origin;
        // Read first: what is lost while this connects was opened before.
        let losses = origin.losses();
        let watcher =
            self.source.get().and_then(Weak::upgrade).filter(|source| source.is_watched());
        let started = watcher.as_ref().map(|_| Instant::now());
        let driver = origin.open(within.map_or(Limits::NONE, Limits::within))?;
        if let (Some(source), Some(started)) = (watcher, started) {
            source.tell_connected(started.elapsed());
        }
        Ok(Session::new(driver, origin.statement_cache_size, losses))
    }

    fn ping(&self, session: &mut Session, within: Duration) -> Result<()> {
        session.driver.ping(Limits::within(within)).map_err(|error| {
            let Handled { error, invalidate_pool } = self.tested_badly(error);
            session.is_lost_alone = !invalidate_pool;
            error
        })
    }

    fn loss_is_of_all(&self, session: &Session, _: &Error) -> bool {
        !session.is_lost_alone
    }

    fn reset(&self, session: &mut Session, how: ResetOnReturn, within: Duration) -> Result<()> {
        reset(session, how, within).map_err(|error| self.shown(error))
    }

    #[inline]
    fn needs_reset(&self, session: &Session) -> bool {
        session.driver.has_active() || session.driver.transaction_state() != TransactionState::Idle
    }

    #[inline]
    fn is_broken(&self, session: &Session) -> bool {
        !session.driver.is_alive()
    }

    fn is_clean(&self, session: &Session) -> bool {
        // Each call of a driver ends before its caller goes on, by a panic too.
        session.driver.is_alive()
    }

    fn close(&self, session: Session, within: Duration) -> Result<()> {
        session.driver.close(Limits::within(within))
    }
}

/// Ends what is open of the last user.
fn reset(session: &mut Session, how: ResetOnReturn, within: Duration) -> Result<()> {
    let driver = &mut session.driver;
    let limits = Limits::within(within);
    driver.end_active(limits)?;
    let has_transactions = driver.info().has(Capability::Transactions);
    if !has_transactions || driver.transaction_state() == TransactionState::Idle {
        return Ok(());
    }
    match how {
        ResetOnReturn::Commit => driver.commit(limits),
        ResetOnReturn::Rollback => driver.rollback(limits),
        ResetOnReturn::None => Ok(()),
    }
}
