//! How the pool of an engine tells of its connections, and what its listeners get.

use std::sync::Arc;

use super::dispatch::Dispatch;
use super::handler::Interest;
use crate::abi::host::DriverConnection;
use crate::engine::{Info, Session};
use crate::error::{Error, Result};
use crate::pool::{ConnectionRecord, PoolListener, ResetOnReturn};

/// A connection of the pool that was opened, or is about to be given to somebody.
#[derive(Debug)]
#[non_exhaustive]
pub struct PoolConnection<'e> {
    /// The driver's connection.
    pub connection: &'e mut DriverConnection,
    /// What is kept with it: [`Connection::info`](crate::Connection::info).
    pub info: &'e mut Info,
}

/// A connection that comes back to the pool.
#[derive(Debug)]
#[non_exhaustive]
pub struct PoolCheckin<'e> {
    /// The driver's connection; `None` when it was closed on the way.
    pub connection: Option<&'e mut DriverConnection>,
}

/// A connection that is about to be reset.
#[derive(Debug)]
#[non_exhaustive]
pub struct PoolReset<'e> {
    /// The driver's connection.
    pub connection: &'e mut DriverConnection,
    /// What is done to it.
    pub how: ResetOnReturn,
}

/// A connection that is no longer good.
#[derive(Debug)]
#[non_exhaustive]
pub struct PoolInvalidation<'e> {
    /// The driver's connection.
    pub connection: &'e mut DriverConnection,
    /// The error that says so, where there is one.
    pub reason: Option<&'e Error>,
}

/// Tells the listeners of an engine what happens in its pool.
pub(crate) struct PoolEvents {
    dispatch: Arc<Dispatch>,
}

impl PoolEvents {
    pub(crate) fn new(dispatch: Arc<Dispatch>) -> Self {
        PoolEvents { dispatch }
    }

    /// Tells of a new connection, or of one that is about to be used: the listener may refuse.
    fn ask(
        &self,
        interest: Interest,
        record: &mut ConnectionRecord<'_, Session>,
        tell: fn(&Dispatch, &mut PoolConnection<'_>) -> Result<()>,
    ) -> Result<()> {
        if !self.dispatch.listens(interest) {
            return Ok(());
        }
        let Session { driver, info, .. } = &mut *record.connection;
        tell(&self.dispatch, &mut PoolConnection { connection: driver, info })
    }

    /// Tells of what cannot be refused any more.
    fn tell(&self, interest: Interest, event: &str, tell: impl FnOnce(&Dispatch) -> Result<()>) {
        if self.dispatch.listens(interest)
            && let Err(error) = tell(&self.dispatch)
        {
            tracing::error!(%error, event, "a listener to what the pool does failed");
        }
    }
}

impl PoolListener<Session> for PoolEvents {
    fn first_connect(&self, record: &mut ConnectionRecord<'_, Session>) -> Result<()> {
        self.ask(Interest::FIRST_CONNECT, record, Dispatch::first_connect)
    }

    fn connect(&self, record: &mut ConnectionRecord<'_, Session>) -> Result<()> {
        self.ask(Interest::CONNECT, record, Dispatch::connect)
    }

    fn checkout(&self, record: &mut ConnectionRecord<'_, Session>) -> Result<()> {
        self.ask(Interest::CHECKOUT, record, Dispatch::checkout)
    }

    fn checkin(&self, session: Option<&mut Session>) {
        let connection = session.map(|session| &mut session.driver);
        self.tell(Interest::CHECKIN, "checkin", |dispatch| {
            dispatch.checkin(&mut PoolCheckin { connection })
        });
    }

    fn reset(&self, session: &mut Session, how: ResetOnReturn) {
        let connection = &mut session.driver;
        self.tell(Interest::RESET, "reset", |dispatch| {
            dispatch.reset(&mut PoolReset { connection, how })
        });
    }

    fn invalidate(&self, session: &mut Session, reason: Option<&Error>) {
        let connection = &mut session.driver;
        self.tell(Interest::INVALIDATE, "invalidate", |dispatch| {
            dispatch.invalidate(&mut PoolInvalidation { connection, reason })
        });
    }

    fn soft_invalidate(&self, session: &mut Session, reason: Option<&Error>) {
        let connection = &mut session.driver;
        self.tell(Interest::SOFT_INVALIDATE, "soft_invalidate", |dispatch| {
            dispatch.soft_invalidate(&mut PoolInvalidation { connection, reason })
        });
    }

    fn close(&self, session: &mut Session) {
        self.tell(Interest::CLOSE, "close", |dispatch| dispatch.close(&mut session.driver));
    }

    fn detach(&self, session: &mut Session) {
        self.tell(Interest::DETACH, "detach", |dispatch| dispatch.detach(&mut session.driver));
    }

    fn close_detached(&self, session: &mut Session) {
        self.tell(Interest::CLOSE_DETACHED, "close_detached", |dispatch| {
            dispatch.close_detached(&mut session.driver)
        });
    }
}
