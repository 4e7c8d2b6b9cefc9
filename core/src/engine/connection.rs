//! A connection of an engine: its life, from the checkout to its return.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::cache_stats::CacheStats;
use super::cancel::CancelSlot;
use super::events::{Dispatch, Interest};
use super::info::Info;
use super::lease::Lease;
use super::phase::State;
use super::session::Session;
use super::source::{InsertManyValuesSettings, Source};
use super::state::EngineState;
use crate::abi::host::DriverConnection;
use crate::dbapi::IsolationLevel;
use crate::dialect::{DialectInfo, SqlRules};
use crate::error::{Error, Result};
use crate::text::{BindParam, Compiled, ExecutionOptions};

/// A connection in use. Owned, `Send`, and used by one thread at a time.
///
/// The first statement begins a transaction (autobegin); [`commit`](Connection::commit) and
/// [`rollback`](Connection::rollback) end it, and the next statement begins another: commit as you
/// go. [`begin`](Connection::begin) and [`transaction`](Connection::transaction) hold a transaction
/// for a block instead: begin once. Dropping the connection rolls back what is open and returns it.
///
/// # A connection that is lost
/// When an error says that the database is [gone](Error::is_disconnect), the connection is
/// [invalidated](Connection::invalidated). Outside a transaction the next use connects again. Inside
/// one everything but [`rollback`](Connection::rollback) is refused until the program has seen that
/// its transaction is lost; no statement is repeated by itself. To have a transaction run again,
/// there is [`Engine::begin_retrying`](crate::Engine::begin_retrying).
pub struct Connection {
    /// Before the lease, so that no handle cancels what the next user does.
    pub(super) cancel: CancelSlot,
    pub(super) lease: Lease,
    pub(super) options: ExecutionOptions,
    /// Statements begin a transaction.
    pub(super) begins: bool,
    pub(super) closed: bool,
    pub(super) transaction: State,
    /// Events of which listeners are being told.
    pub(super) telling: Interest,
    /// How long it has told of its work in all.
    pub(super) told_in: Duration,
}

impl Connection {
    /// A connection for the program, of which listeners are told.
    ///
    /// # Errors
    /// Those of listeners, and as [`execution_options`](Connection::execution_options) for the
    /// options of the engine.
    pub(super) fn lent(lease: Lease) -> Result<Self> {
        let mut connection = Connection::new(lease)?;
        connection.tell_engine_connect()?;
        Ok(connection)
    }

    /// # Errors
    /// As [`execution_options`](Connection::execution_options), for the options of the engine.
    fn new(lease: Lease) -> Result<Self> {
        let mut options = lease.engine().options();
        // Other levels of the engine are set in each session.
        let of_engine = lease.source().origin.connector.isolation_level;
        if of_engine == Some(IsolationLevel::Autocommit) && options.isolation_level.is_none() {
            options.isolation_level = of_engine;
        }
        let mut connection = Connection {
            cancel: CancelSlot::default(),
            lease,
            options: ExecutionOptions::new(),
            begins: false,
            closed: false,
            transaction: State::default(),
            telling: Interest::default(),
            told_in: Duration::ZERO,
        };
        connection.adopt(options)?;
        Ok(connection)
    }

    /// Rolls back what is open and returns the connection, as dropping it does. What is done with it
    /// afterwards fails, save `commit`, `rollback` and `close`, which do nothing.
    ///
    /// # Errors
    /// That of the rollback, which dropping would not tell; the connection is closed all the same.
    pub fn close(&mut self) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        let rolled_back = self.rollback();
        self.closed = true;
        self.transaction.close();
        self.cancel.clear();
        self.lease.give_back();
        rolled_back
    }

    /// True after [`close`](Connection::close).
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// True when there is no usable connection to the database: it was
    /// [invalidated](Connection::invalidate), or an error said that it is gone.
    pub fn invalidated(&self) -> bool {
        !self.closed && !self.lease.is_usable()
    }

    /// Closes the connection to the database at once, without a goodbye; nobody uses it again. The
    /// next use connects anew, once an open transaction has been rolled back. A second time it does
    /// nothing. A database in memory is gone where it is its connection's alone (poolclass
    /// `StaticPool` or `SingletonThreadPool`).
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let mut conn = aludel::create_engine("sqlite://")?.connect()?;
    /// conn.execute("select 1", ())?;
    /// conn.invalidate()?;
    /// assert!(conn.execute("select 1", ()).is_err(), "the transaction is lost");
    /// conn.rollback()?;
    /// conn.execute("select 1", ())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `ResourceClosed` for a closed connection.
    pub fn invalidate(&mut self) -> Result<()> {
        if self.closed {
            return Err(is_closed());
        }
        self.cancel.pause();
        self.lease.invalidate();
        Ok(())
    }

    /// Has the connection to the database replaced once it is returned; until then it is used as
    /// before.
    ///
    /// # Errors
    /// `ResourceClosed` for a closed connection.
    pub fn soft_invalidate(&mut self) -> Result<()> {
        if self.closed {
            return Err(is_closed());
        }
        self.lease.soft_invalidate();
        Ok(())
    }

    /// Takes the connection from the engine's care: it is closed, and not returned, when this is
    /// closed or dropped, and the engine may open another in its place. For what leaves a session
    /// behind that nobody else should get.
    ///
    /// # Errors
    /// `ResourceClosed` for a closed connection; `InvalidRequest` for an invalidated one.
    pub fn detach(&mut self) -> Result<()> {
        if self.closed {
            return Err(is_closed());
        }
        if self.invalidated() {
            return Err(Error::invalid_request("an invalidated connection cannot be detached"));
        }
        self.lease.detach();
        Ok(())
    }

    /// What the program keeps with the database's connection. An invalidated connection connects.
    ///
    /// # Errors
    /// As [`driver`](Connection::driver).
    pub fn info(&mut self) -> Result<&mut Info> {
        self.ready()?;
        Ok(&mut self.session().info)
    }

    /// What the dialect says about itself.
    pub fn dialect(&self) -> &'static DialectInfo {
        self.lease.source().origin.dialect.info()
    }

    /// The driver's connection (SQLAlchemy's `driver_connection`), for what the engine does not
    /// offer. Transactions begun or ended on it are the caller's business, and so is what it leaves
    /// in the session. An invalidated connection connects.
    ///
    /// # Errors
    /// `ResourceClosed` for a closed connection; `InvalidRequest` for an invalidated one whose
    /// transaction was not rolled back; else that of connecting.
    pub fn driver(&mut self) -> Result<&mut DriverConnection> {
        self.ready()?;
        Ok(self.lease.driver())
    }

    /// How the cache of this connection's prepared statements does; nothing when there is none.
    pub fn statement_cache(&self) -> CacheStats {
        self.lease.peek().map(|session| session.statements.stats()).unwrap_or_default()
    }

    /// The driver's connection with the statements that it keeps, of a connection that is
    /// [ready](Connection::ready).
    #[inline]
    pub(crate) fn session(&mut self) -> &mut Session {
        self.lease.session()
    }

    pub(super) fn source(&self) -> &Source {
        self.lease.source()
    }

    /// The driver's connection with the statements that it keeps, and the engine that lent it.
    #[inline]
    pub(crate) fn lend(&mut self) -> (&mut Session, &Arc<EngineState>) {
        self.lease.parts()
    }

    /// Who listens to this connection.
    #[inline]
    pub(super) fn dispatch(&self) -> &Arc<Dispatch> {
        &self.lease.engine().dispatch
    }

    /// The compiled form of a text, kept by the engine unless binds are declared.
    pub(crate) fn compile(&self, sql: &str, declared: &[BindParam]) -> Arc<Compiled> {
        let source = self.lease.source();
        let rules = self.sql_rules();
        let started = self.is_watched().then(Instant::now);
        if declared.is_empty() {
            let (compiled, known) = source.compiled.compiled(sql, rules, started);
            self.count_compiled(known);
            return compiled;
        }
        let compiled = Compiled::new(sql, declared, rules);
        if let Some(started) = started {
            compiled.stamp().note(started);
        }
        Arc::new(compiled)
    }

    /// The rules of the SQL text, as the server has them where one has been seen.
    pub(crate) fn sql_rules(&self) -> &SqlRules {
        self.lease.source().sql_rules()
    }

    /// What the engine says of inserts of many rows.
    pub(crate) fn insertmanyvalues(&self) -> InsertManyValuesSettings {
        self.lease.source().insertmanyvalues
    }

    /// Sees to it that there is a usable connection to the database.
    ///
    /// # Errors
    /// As [`driver`](Connection::driver).
    #[inline]
    pub(crate) fn ready(&mut self) -> Result<()> {
        if self.lease.is_usable() { Ok(()) } else { self.connect_again() }
    }

    #[cold]
    fn connect_again(&mut self) -> Result<()> {
        if self.closed {
            return Err(is_closed());
        }
        if self.transaction.is_open() {
            return Err(self.transaction.lost());
        }
        // One that broke is given up like one that was invalidated.
        self.cancel.pause();
        self.lease.invalidate();
        self.lease.take_another()?;
        self.lease.set_token(self.options.logging_token.as_ref());
        self.cancel.resume(self.lease.driver());
        Ok(())
    }

    /// Gives the connection up for its lease.
    pub(crate) fn into_lease(self) -> Lease {
        self.lease
    }
}

#[cold]
pub(super) fn is_closed() -> Error {
    Error::resource_closed("this connection is closed").with_help("connect again with the engine")
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("dialect", &self.dialect().name)
            .field("closed", &self.closed)
            .field("invalidated", &self.invalidated())
            .field("transaction", &self.transaction)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
