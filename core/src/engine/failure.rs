//! What becomes of an error that a driver reports, before the program gets it.

use std::sync::Arc;

use super::connection::Connection;
use super::events::Handled;
use super::handle::Engine;
use super::session::Session;
use super::state::EngineState;
use crate::error::{Error, ErrorKind};

/// Other connections that an error names.
const SHOWN: usize = 5;

impl EngineState {
    /// Lets listeners see the error and say what it means. Errors that no driver has reported stay
    /// as they are.
    #[cold]
    pub(crate) fn failed(self: &Arc<Self>, error: Error) -> Handled {
        self.handled(error, false)
    }

    /// The same for a connection that was asked whether it is still there.
    #[cold]
    pub(super) fn failed_test(self: &Arc<Self>, error: Error) -> Handled {
        self.handled(error, true)
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
        let error = self.naming_others(session, error);
        let Handled { error, invalidate_pool } = self.failed(error);
        if error.is_disconnect() {
            self.lost(session, &error, invalidate_pool);
        }
        // What the error said by itself, the connection knows. One that panicked stays broken.
        if error.is_disconnect() != was_disconnect && kind != ErrorKind::Panic {
            session.driver.set_broken(error.is_disconnect());
        }
        error
    }
}

impl EngineState {
    /// Says who else uses the database that the connections of the engine share, when they are in
    /// each other's way.
    #[cold]
    fn naming_others(&self, session: &Session, error: Error) -> Error {
        let is_shared = self.source.origin.plan.keep_connected;
        if !is_shared || !error.is_retryable() || error.dialect().is_none() {
            return error;
        }
        let mut holders = self.source.pool.snapshot().holders;
        holders.retain(|holder| holder.number() != session.number);
        holders.iter().take(SHOWN).fold(error, |error, other| {
            let mut text = other.to_string();
            if other.is_this_thread() {
                text.push_str("; this thread, which cannot use it while it waits");
            }
            error.with_note("in use", text)
        })
    }

    /// A connection is gone. It is not used again; with `invalidate_pool`, those that were opened
    /// before now are taken to be gone too, once.
    #[cold]
    fn lost(&self, session: &Session, error: &Error, invalidate_pool: bool) {
        let origin = &self.source.origin;
        let invalidate_pool = invalidate_pool && origin.is_news(session.losses);
        if invalidate_pool {
            self.source.pool.invalidate_all();
        }
        let url = &origin.url;
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
