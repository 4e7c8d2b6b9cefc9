//! Cancelling what a connection does, from another thread.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::connection::Connection;
use crate::abi::host::{DriverCancel, DriverConnection};
use crate::dialect::Capability;
use crate::error::{Error, Result};

/// Cancels what a [`Connection`] does, from any thread. Cheap to clone.
///
/// It cancels the call that runs when [`cancel`](CancelHandle::cancel) is called, whose error says
/// so, and never one that comes later: not the next statement, and not what the next user of the
/// same database connection does. A cancel that comes between two calls, or before the server has
/// begun, finds nothing to cancel: who must be sure cancels again until the statement has ended.
/// Whether the transaction survives is the database's business:
/// PostgreSQL aborts it, SQLite keeps it unless a statement that writes was cut off.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// # let mut conn = aludel::create_engine("sqlite://")?.connect()?;
/// use std::thread;
/// use std::time::Duration;
///
/// let handle = conn.cancel_handle()?;
/// let watcher = thread::spawn(move || {
///     while !thread::panicking() {
///         thread::sleep(Duration::from_millis(20));
///         handle.cancel().unwrap();
///         if !handle.is_connected() {
///             break;
///         }
///     }
/// });
/// let endless = "with recursive c(i) as (select 1 union all select i + 1 from c) \
///                select count(*) from c";
/// assert!(conn.execute(endless, ()).is_err());
/// drop(conn);
/// watcher.join().unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct CancelHandle(Arc<Shared>);

/// A call that a connection has made: what [`CancelHandle::cancel_call`] cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningCall {
    /// Which of the database connections that the handle has led to.
    connection: u64,
    call: u64,
}

/// What a connection and its handles share.
#[derive(Debug, Default)]
struct Shared {
    /// Held while the number of a call is read, and not while it is cancelled.
    current: Mutex<Current>,
}

#[derive(Debug, Default)]
struct Current {
    /// Nothing while there is no database connection, and when it has been returned.
    driver: Option<Arc<DriverCancel>>,
    /// Number of the database connection.
    connection: u64,
    is_closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Current> {
        // Every field is set at once, so that a panic leaves it whole.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CancelHandle {
    /// Cancels the call that is running now; does nothing when none is. May take as long as telling
    /// the server takes.
    ///
    /// # Errors
    /// When the server could not be told.
    pub fn cancel(&self) -> Result<()> {
        self.last_call().map_or(Ok(()), |call| self.cancel_call(call))
    }

    /// The call that the connection has made last, which may have ended; `None` when the connection
    /// is closed or lost. To decide now and [cancel](CancelHandle::cancel_call) later.
    pub fn last_call(&self) -> Option<RunningCall> {
        let current = self.0.lock();
        let call = current.driver.as_ref()?.current_call();
        Some(RunningCall { connection: current.connection, call })
    }

    /// Cancels this call; does nothing when it has ended.
    ///
    /// # Errors
    /// When the server could not be told.
    pub fn cancel_call(&self, call: RunningCall) -> Result<()> {
        let driver = {
            let current = self.0.lock();
            match &current.driver {
                Some(driver) if current.connection == call.connection => Arc::clone(driver),
                _ => return Ok(()),
            }
        };
        // The connection may be returned meanwhile: calls of its next user have other numbers.
        driver.cancel_call(call.call)
    }

    /// False once the connection was closed or dropped: there is nothing left to cancel.
    pub fn is_connected(&self) -> bool {
        !self.0.lock().is_closed
    }
}

impl Connection {
    /// A handle that cancels what this connection does, from any thread. It stays good when the
    /// connection is lost and connects again, and does nothing once it is closed.
    ///
    /// # Errors
    /// `NotSupported` for a database that cannot cancel; `ResourceClosed` for a closed connection.
    pub fn cancel_handle(&mut self) -> Result<CancelHandle> {
        self.ready()?;
        let info = self.dialect();
        if !info.has(Capability::Cancel) {
            return Err(Error::not_supported("this database cannot cancel a running statement")
                .with_dialect(info.name));
        }
        if let Some(shared) = &self.cancel.0 {
            return Ok(CancelHandle(Arc::clone(shared)));
        }
        let driver = Some(Arc::new(self.lease.driver().cancel_handle()?));
        let current = Mutex::new(Current { driver, connection: 0, is_closed: false });
        let shared = self.cancel.0.insert(Arc::new(Shared { current }));
        Ok(CancelHandle(Arc::clone(shared)))
    }
}

/// The connection's end of its handles. Dropping it makes them idle.
#[derive(Debug, Default)]
pub(super) struct CancelSlot(Option<Arc<Shared>>);

impl CancelSlot {
    /// The database connection is lost.
    pub(super) fn pause(&self) {
        if let Some(shared) = &self.0 {
            shared.lock().driver = None;
        }
    }

    /// There is another database connection.
    pub(super) fn resume(&self, driver: &mut DriverConnection) {
        let Some(shared) = &self.0 else { return };
        let mut current = shared.lock();
        current.connection += 1;
        // Without a handle of the driver there is nothing to cancel with; the statement goes on.
        current.driver = driver.cancel_handle().ok().map(Arc::new);
    }

    /// The database connection is returned.
    pub(super) fn clear(&mut self) {
        if let Some(shared) = self.0.take() {
            let mut current = shared.lock();
            current.driver = None;
            current.is_closed = true;
        }
    }
}

impl Drop for CancelSlot {
    fn drop(&mut self) {
        self.clear();
    }
}
