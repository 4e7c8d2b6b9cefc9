//! The pool of an engine, as programs see it.

use std::sync::Arc;

use super::handle::Engine;
use super::session::Session;
use super::source::Source;
use crate::abi::host::DriverConnection;
use crate::error::{Error, Result};
use crate::pool::settings::EchoPool;
use crate::pool::{
    ConnectionRecord, Holder, PoolConfig, PoolListener, PoolSnapshot, ResetOnReturn,
};

/// The pool of an engine and its sub-engines: [`Engine::pool`].
///
/// It tells how it does, and can be changed while it works. Connections are had from the engine.
#[derive(Clone, Copy)]
pub struct EnginePool<'e>(&'e Source);

impl Engine {
    /// The pool that this engine shares with its sub-engines.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let engine = aludel::create_engine("sqlite://")?;
    /// let connection = engine.connect()?;
    /// assert_eq!(
    ///     engine.pool().status(),
    ///     "Pool size: 5  Connections in pool: 0 Current Overflow: -4 Current Checked out connections: 1"
    /// );
    /// assert_eq!(engine.pool().snapshot().counters.connects, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pool(&self) -> EnginePool<'_> {
        EnginePool(self.source())
    }
}

impl EnginePool<'_> {
    /// SQLAlchemy's line about the pool.
    pub fn status(&self) -> String {
        self.0.pool.status()
    }

    /// Everything that the pool knows about itself: who has its connections, how many wait, and how
    /// often what happened.
    pub fn snapshot(&self) -> PoolSnapshot {
        self.0.pool.snapshot()
    }

    /// Connections that are kept while idle; 0 for all.
    pub fn size(&self) -> u32 {
        self.0.pool.size()
    }

    /// Connections that nobody uses.
    pub fn checkedin(&self) -> u32 {
        self.0.pool.checkedin()
    }

    /// Connections in use.
    pub fn checkedout(&self) -> u32 {
        self.0.pool.checkedout()
    }

    /// How many more than [`size`](Self::size) are open; negative while fewer are.
    pub fn overflow(&self) -> i64 {
        self.0.pool.overflow()
    }

    /// The settings in force when the engine was made.
    pub fn config(&self) -> &PoolConfig {
        self.0.pool.config()
    }

    /// Changes the limits of a `QueuePool`. What is beyond the new ones is closed, at once if idle
    /// and else when it is returned.
    ///
    /// # Errors
    /// `InvalidRequest` for a pool of another class; `Argument` for limits that make no sense.
    pub fn resize(&self, pool_size: u32, max_overflow: i32) -> Result<()> {
        self.0.pool.resize(pool_size, max_overflow)
    }

    /// Has all connections that are open now replaced: idle ones when they are next checked out,
    /// those in use once they have been returned.
    pub fn invalidate_all(&self) {
        self.0.pool.invalidate_all();
    }

    /// How much the pool prints of what it does.
    pub fn echo(&self) -> EchoPool {
        self.0.pool.echo()
    }

    /// Sets how much the pool prints from now on, also of connections that are open or in use.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// use aludel::pool::settings::EchoPool;
    ///
    /// let engine = aludel::Engine::builder("sqlite://").echo_to(std::io::stderr()).build()?;
    /// let connection = engine.connect()?;
    /// engine.pool().set_echo(EchoPool::Debug);
    /// drop(connection); // "… DEBUG aludel::pool Connection 1 being returned to pool"
    /// assert_eq!(engine.pool().echo(), EchoPool::Debug);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_echo(&self, echo: impl Into<EchoPool>) {
        self.0.pool.set_echo(echo);
    }

    /// Adds a listener to what happens in the pool. Beside SQLAlchemy's events, which
    /// [`Engine::events`] has too, it is told of waiting, timeouts, leaks, the breaker and new
    /// limits. The info that its records show is the pool's own.
    pub fn listen(&self, listener: Arc<dyn PoolListener<DriverConnection>>) {
        self.0.pool.listen(Arc::new(OfDriver(listener)));
    }
}

impl std::fmt::Debug for EnginePool<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.pool.fmt(f)
    }
}

/// Shows a listener the driver's connection, without what the engine keeps beside it.
struct OfDriver(Arc<dyn PoolListener<DriverConnection>>);

fn of_driver<'r>(
    record: &'r mut ConnectionRecord<'_, Session>,
) -> ConnectionRecord<'r, DriverConnection> {
    ConnectionRecord {
        connection: &mut record.connection.driver,
        info: record.info,
        record_info: record.record_info,
    }
}

impl PoolListener<Session> for OfDriver {
    fn first_connect(&self, record: &mut ConnectionRecord<'_, Session>) -> Result<()> {
        self.0.first_connect(&mut of_driver(record))
    }

    fn connect(&self, record: &mut ConnectionRecord<'_, Session>) -> Result<()> {
        self.0.connect(&mut of_driver(record))
    }

    fn checkout(&self, record: &mut ConnectionRecord<'_, Session>) -> Result<()> {
        self.0.checkout(&mut of_driver(record))
    }

    fn checkin(&self, session: Option<&mut Session>) {
        self.0.checkin(session.map(|session| &mut session.driver));
    }

    fn reset(&self, session: &mut Session, how: ResetOnReturn) {
        self.0.reset(&mut session.driver, how);
    }

    fn invalidate(&self, session: &mut Session, reason: Option<&Error>) {
        self.0.invalidate(&mut session.driver, reason);
    }

    fn soft_invalidate(&self, session: &mut Session, reason: Option<&Error>) {
        self.0.soft_invalidate(&mut session.driver, reason);
    }

    fn close(&self, session: &mut Session) {
        self.0.close(&mut session.driver);
    }

    fn detach(&self, session: &mut Session) {
        self.0.detach(&mut session.driver);
    }

    fn close_detached(&self, session: &mut Session) {
        self.0.close_detached(&mut session.driver);
    }

    fn wait(&self) {
        self.0.wait();
    }

    fn timeout(&self, error: &Error) {
        self.0.timeout(error);
    }

    fn leak(&self, holder: &Holder) {
        self.0.leak(holder);
    }

    fn leak_returned(&self, held: std::time::Duration) {
        self.0.leak_returned(held);
    }

    fn breaker(&self, down: bool) {
        self.0.breaker(down);
    }

    fn resize(&self, pool_size: u32, max_overflow: i32) {
        self.0.resize(pool_size, max_overflow);
    }
}
