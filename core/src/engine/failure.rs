//! What becomes of an error that a driver reports, before the program gets it.

use std::sync::Arc;

use super::connection::Connection;
use super::events::Handled;
use super::handle::Engine;
use super::holders::Held;
use super::session::Session;
use super::state::EngineState;
use crate::error::{Error, ErrorKind};

impl EngineState {
    /// Lets listeners see the error and say what it means. Errors that no driver has reported stay
    /// as they are.
    #[cold]
    pub(crate) fn failed(self: &Arc<Self>, error: Error) -> Handled {
        self.handled(error, false)
    }

    fn handled(self: &Arc<Self>, error: Error, is_pre_ping: bool) -> Handled {
        let error = if self.source.reporting.hide_parameters && error.statement().is_some() {
            error.hiding_parameters()
        } else {
            error
        };
        if error.dialect().is_none() {
            return Handled { error, invalidate_pool: true };
        }
        let engine = Engine::of(Arc::clone(self));
        self.dispatch.handled(error, &engine, is_pre_ping)
    }

    /// The same for an error of this session, which is no longer used when the error says so.
    #[cold]
    pub(crate) fn session_failed(self: &Arc<Self>, session: &mut Session, error: Error) -> Error {
        let (was_disconnect, kind) = (error.is_disconnect(), error.kind());
        let error = naming_others(session, error);
        let Handled { error, invalidate_pool } = self.failed(error);
        if error.is_disconnect() {
            self.lost(&error, invalidate_pool);
        }
        // What the error said by itself, the connection knows. One that panicked stays broken.
        if error.is_disconnect() != was_disconnect && kind != ErrorKind::Panic {
            session.driver.set_broken(error.is_disconnect());
        }
        error
    }
}

/// Says who else uses the database that the connections of the engine share, when they are in each
/// other's way.
#[cold]
fn naming_others(session: &Session, error: Error) -> Error {
    let in_the_way = error.is_retryable() && error.dialect().is_some();
    match session.held.as_ref().filter(|_| in_the_way).and_then(Held::others) {
        Some(others) => error.with_note("in use", others),
        None => error,
    }
}

impl EngineState {
    /// A connection is gone. It is not used again; what that means for the others is the business
    /// of who keeps them: with `invalidate_pool`, those that were opened before now are gone too.
    #[cold]
    fn lost(&self, error: &Error, invalidate_pool: bool) {
        let url = &self.source.url;
        tracing::info!(%url, invalidate_pool, reason = %format_args!("{error:#}"), "connection lost");
    }
}

impl Connection {
    /// The same for an error of this connection.
    #[cold]
    pub(crate) fn failed(&mut self, error: Error) -> Error {
        match self.lease.peek() {
            Some(_) => {
                let (session, engine) = self.lend();
                engine.session_failed(session, error)
            }
            None => self.lease.engine().failed(error).error,
        }
    }
}
