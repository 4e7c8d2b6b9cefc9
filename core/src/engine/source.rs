//! Where connections come from, and where they go when they are no longer used.
//!
//! A database that lives in its connection keeps one connection, which is lent to one user at a
//! time; every other gets a new connection at each checkout.

use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use super::compiled_cache::CompiledCache;
use super::connect_args::{ProgramOptions, connect_args};
use super::session::Session;
use super::url_rules::UrlRules;
use crate::abi::host::{DriverConnection, DriverDialect, Limits};
use crate::dialect::Capability;
use crate::error::{Error, Result};
use crate::url::Url;

/// How long a checkout waits for the one connection of an in-memory database.
const WAIT: Duration = Duration::from_secs(30);

/// What an engine needs to open connections.
pub(super) struct Source {
    pub(super) url: Url,
    pub(super) rules: UrlRules,
    pub(super) dialect: DriverDialect,
    pub(super) options: ProgramOptions,
    pub(super) compiled: CompiledCache,
    /// Statements that each connection keeps prepared.
    pub(super) statement_cache_size: usize,
    pub(super) insertmanyvalues: InsertManyValuesSettings,
    /// Present when the database lives in its connection.
    pub(super) kept: Option<Kept>,
}

/// What becomes of `INSERT … RETURNING` with many sets of parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InsertManyValuesSettings {
    /// One insert may insert many rows.
    pub(crate) is_used: bool,
    /// Rows of one insert at most.
    pub(crate) page_size: NonZeroUsize,
}

impl Default for InsertManyValuesSettings {
    fn default() -> Self {
        InsertManyValuesSettings { is_used: true, page_size: NonZeroUsize::MIN.saturating_add(999) }
    }
}

/// The one connection of a database that lives in it.
#[derive(Default)]
pub(super) struct Kept {
    /// Guards the connection while nobody uses it; nothing slow happens under it.
    state: Mutex<KeptState>,
    returned: Condvar,
}

#[derive(Default)]
struct KeptState {
    idle: Option<Box<Session>>,
    user: Option<ThreadId>,
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, KeptState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the connection, or the right to open it.
    fn take(&self) -> Result<Option<Box<Session>>> {
        let this_thread = thread::current().id();
        let until = Instant::now() + WAIT;
        let mut state = self.lock();
        while let Some(user) = state.user {
            let left = until.saturating_duration_since(Instant::now());
            if user == this_thread || left.is_zero() {
                return Err(in_use(user == this_thread));
            }
            state =
                self.returned.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.user = Some(this_thread);
        Ok(state.idle.take())
    }

    fn put(&self, connection: Option<Box<Session>>) {
        let mut state = self.lock();
        state.user = None;
        state.idle = connection;
        drop(state);
        self.returned.notify_one();
    }
}

#[cold]
fn in_use(by_this_thread: bool) -> Error {
    let (what, help) = if by_this_thread {
        ("this thread already holds", "use the connection you have, or drop it first")
    } else {
        ("another thread holds", "drop connections when they are no longer used")
    };
    Error::timeout(format!(
        "an in-memory database has one connection, which {what}; waited for at most {} s",
        WAIT.as_secs()
    ))
    .with_help(help)
}

impl Source {
    /// A connection for exclusive use.
    pub(super) fn checkout(self: &Arc<Self>) -> Result<Lease> {
        let idle = match &self.kept {
            Some(kept) => kept.take()?,
            None => None,
        };
        // From here on the lease gives the right to the connection back, also on errors.
        let mut lease = Lease { session: idle, source: Arc::clone(self) };
        if lease.session.is_none() {
            let args = connect_args(&self.url, &self.rules, &self.options, self.dialect.info())?;
            let driver = self.dialect.connect(&args, Limits::NONE)?;
            lease.session = Some(Box::new(Session::new(driver, self.statement_cache_size)));
        }
        Ok(lease)
    }
}

/// A connection that somebody uses. Dropping it rolls back what is open and returns it.
pub(crate) struct Lease {
    /// `None` only while the lease is made or dropped.
    session: Option<Box<Session>>,
    source: Arc<Source>,
}

impl Lease {
    pub(crate) fn driver(&mut self) -> &mut DriverConnection {
        &mut self.session().driver
    }

    #[inline]
    pub(crate) fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("invariant: a lease that was given out has a connection")
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let session = self.session.take();
        let Some(kept) = &self.source.kept else {
            // Dropping the driver connection ends its transaction: the server rolls back.
            return;
        };
        let had_session = session.is_some();
        // A connection whose rollback fails may hold a transaction and is not lent again.
        let clean = session.and_then(|mut session| {
            let driver = &mut session.driver;
            let rolled_back = !driver.info().has(Capability::Transactions)
                || driver.rollback(Limits::NONE).is_ok();
            (rolled_back && driver.is_alive()).then_some(session)
        });
        if clean.is_none() && had_session {
            tracing::warn!(
                url = %self.source.url,
                "the connection of an in-memory database broke: its data are gone, the next use \
                 begins with an empty one"
            );
        }
        kept.put(clean);
    }
}
