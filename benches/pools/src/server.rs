//! A database server that is in this process alone: it takes time, and it can go down.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Why a connection, a query or a checkout failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(Box<str>);

impl Failure {
    /// A failure with this text.
    #[must_use]
    pub fn new(text: impl fmt::Display) -> Self {
        Failure(text.to_string().into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// What pools connect to. It answers at once until told otherwise.
#[derive(Debug, Default)]
pub struct Server {
    connect_nanos: AtomicU64,
    query_nanos: AtomicU64,
    /// Odd while the server is down. A connection of an earlier number is dead.
    epoch: AtomicU64,
    attempts: AtomicU64,
}

impl Server {
    /// A server that is up and takes no time.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// How long a connect takes from now on.
    pub fn set_connect_time(&self, time: Duration) {
        self.connect_nanos.store(nanos(time), Ordering::Relaxed);
    }

    /// How long a query takes from now on.
    pub fn set_query_time(&self, time: Duration) {
        self.query_nanos.store(nanos(time), Ordering::Relaxed);
    }

    /// Ends all connections and refuses new ones, until [`Server::bring_up`].
    pub fn take_down(&self) {
        self.epoch.fetch_or(1, Ordering::SeqCst);
    }

    /// Takes new connections again. The old ones stay dead.
    pub fn bring_up(&self) {
        let up = |epoch| (epoch % 2 == 1).then_some(epoch + 1);
        let _was_up_already = self.epoch.fetch_update(Ordering::SeqCst, Ordering::SeqCst, up);
    }

    /// Connects that were begun, whatever came of them.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.attempts.load(Ordering::SeqCst)
    }

    /// Connects, and blocks as long as that takes.
    ///
    /// # Errors
    /// When the server is down.
    pub fn connect(self: &Arc<Self>) -> Result<Connection, Failure> {
        thread::sleep(self.begin_connect()?);
        self.finish_connect()
    }

    /// The first half of a connect for pools that must not block: how long to wait before
    /// [`Server::finish_connect`].
    ///
    /// # Errors
    /// When the server is down, which it says at once.
    pub fn begin_connect(&self) -> Result<Duration, Failure> {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        if self.is_down() {
            return Err(Failure::new("connection refused"));
        }
        Ok(Duration::from_nanos(self.connect_nanos.load(Ordering::Relaxed)))
    }

    /// The second half of a connect.
    ///
    /// # Errors
    /// When the server is down.
    pub fn finish_connect(self: &Arc<Self>) -> Result<Connection, Failure> {
        let epoch = self.epoch.load(Ordering::SeqCst);
        if epoch % 2 == 1 {
            return Err(Failure::new("connection reset"));
        }
        Ok(Connection { server: Arc::clone(self), epoch, failed: AtomicBool::new(false) })
    }

    fn is_down(&self) -> bool {
        self.epoch.load(Ordering::SeqCst) % 2 == 1
    }
}

/// A connection to a [`Server`].
#[derive(Debug)]
pub struct Connection {
    server: Arc<Server>,
    epoch: u64,
    failed: AtomicBool,
}

impl Connection {
    /// Runs a query, and blocks as long as that takes.
    ///
    /// # Errors
    /// When the server has gone since this connection was made.
    pub fn query(&self) -> Result<(), Failure> {
        self.ping()?;
        thread::sleep(Duration::from_nanos(self.server.query_nanos.load(Ordering::Relaxed)));
        self.ping()
    }

    /// Asks whether the server still knows this connection; takes no time.
    ///
    /// # Errors
    /// When it does not.
    pub fn ping(&self) -> Result<(), Failure> {
        if self.server.epoch.load(Ordering::SeqCst) == self.epoch {
            return Ok(());
        }
        self.failed.store(true, Ordering::Relaxed);
        Err(Failure::new("the server closed the connection"))
    }

    /// True when a query or a ping has failed. As with a real driver, a connection that died while it
    /// was idle looks sound until then.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn a_connection_does_not_outlive_the_server_that_made_it() {
        let server = Server::new();
        let old = server.connect().unwrap();
        old.query().unwrap();
        server.take_down();
        assert_eq!(server.connect().unwrap_err().to_string(), "connection refused");
        assert!(!old.is_broken(), "nothing was asked of it");
        server.bring_up();
        assert_eq!(old.query().unwrap_err().to_string(), "the server closed the connection");
        assert!(old.is_broken());
        server.connect().unwrap().query().unwrap();
        assert_eq!(server.attempts(), 3);
    }

    #[test]
    fn a_server_that_is_down_or_up_stays_so_when_told_again() {
        let server = Server::new();
        server.take_down();
        server.take_down();
        assert!(server.connect().is_err());
        server.bring_up();
        server.bring_up();
        server.connect().unwrap();
    }
}
