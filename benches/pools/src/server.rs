//! A database server that is in this process alone: it takes time, and it can go down.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Why a connection, a query or a checkout failed.
///
/// One word, as our own errors are: a result that does not fit into registers would cost some pools a
/// quarter of what their checkout costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(Box<Cause>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cause(String);

impl Failure {
    /// A failure with this text.
    #[must_use]
    pub fn new(text: impl fmt::Display) -> Self {
        Failure(Box::new(Cause(text.to_string())))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.0)
    }
}

impl std::error::Error for Failure {}

/// How a server is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Away {
    /// It refuses connections at once, as a machine does on which nothing listens.
    Refusing,
    /// It never answers, as a machine does that has no power.
    Silent,
}

/// What pools connect to. It answers at once until told otherwise.
#[derive(Debug, Default)]
pub struct Server {
    connect_nanos: AtomicU64,
    query_nanos: AtomicU64,
    /// Odd while the server is away. A connection of an earlier number is dead.
    epoch: AtomicU64,
    silent: AtomicBool,
    attempts: AtomicU64,
}

impl Server {
    /// A server that is up and takes no time.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// How long a connect takes from now on.
    pub(crate) fn set_connect_time(&self, time: Duration) {
        self.connect_nanos.store(nanos(time), Ordering::Relaxed);
    }

    /// How long a query takes from now on.
    pub(crate) fn set_query_time(&self, time: Duration) {
        self.query_nanos.store(nanos(time), Ordering::Relaxed);
    }

    /// Ends all connections and takes no new ones, until [`Server::bring_up`].
    pub(crate) fn take_down(&self, away: Away) {
        self.silent.store(away == Away::Silent, Ordering::SeqCst);
        self.epoch.fetch_or(1, Ordering::SeqCst);
    }

    /// Takes new connections again. The old ones stay dead.
    pub(crate) fn bring_up(&self) {
        let up = |epoch| (epoch % 2 == 1).then_some(epoch + 1);
        let _was_up_already = self.epoch.fetch_update(Ordering::SeqCst, Ordering::SeqCst, up);
    }

    /// Connects that were begun, whatever came of them.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.attempts.load(Ordering::SeqCst)
    }

    /// Connects, and blocks as long as that takes, or until the time is over that is given.
    ///
    /// # Errors
    /// When the server refuses, or has not answered in time.
    pub fn connect(self: &Arc<Self>, within: Option<Duration>) -> Result<Connection, Failure> {
        let attempt = self.begin_connect(within);
        loop {
            match attempt.ask()? {
                Answer::Connected(connection) => return Ok(connection),
                Answer::NotYet(pause) => thread::sleep(pause),
            }
        }
    }

    /// Begins a connect for pools that must not block.
    pub fn begin_connect(self: &Arc<Self>, within: Option<Duration>) -> Attempt {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        Attempt { server: Arc::clone(self), began: Instant::now(), within }
    }
}

/// A connect that was begun.
#[derive(Debug)]
pub struct Attempt {
    server: Arc<Server>,
    began: Instant,
    within: Option<Duration>,
}

/// What has become of an [`Attempt`].
#[derive(Debug)]
pub enum Answer {
    /// It is over.
    Connected(Connection),
    /// To be asked again after so long.
    NotYet(Duration),
}

impl Attempt {
    /// Whether there is a connection now.
    ///
    /// # Errors
    /// When the server refuses, or has not answered in time.
    pub fn ask(&self) -> Result<Answer, Failure> {
        let server = &self.server;
        let epoch = server.epoch.load(Ordering::SeqCst);
        let away = epoch % 2 == 1;
        if away && !server.silent.load(Ordering::SeqCst) {
            return Err(Failure::new("connection refused"));
        }
        let took = self.began.elapsed();
        let needed = Duration::from_nanos(server.connect_nanos.load(Ordering::Relaxed));
        if !away && took >= needed {
            let server = Arc::clone(server);
            return Ok(Answer::Connected(Connection { server, epoch, failed: false.into() }));
        }
        if self.within.is_some_and(|within| took >= within) {
            return Err(Failure::new("the server does not answer"));
        }
        let left = self.within.map_or(Duration::MAX, |within| within - took);
        let pause = if away { Duration::from_millis(1) } else { needed - took };
        Ok(Answer::NotYet(pause.min(left)))
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
    use super::{Answer, Away, Server};
    use std::time::{Duration, Instant};

    #[test]
    fn a_connection_does_not_outlive_the_server_that_made_it() {
        let server = Server::new();
        let old = server.connect(None).unwrap();
        old.query().unwrap();
        server.take_down(Away::Refusing);
        assert_eq!(server.connect(None).unwrap_err().to_string(), "connection refused");
        assert!(!old.is_broken(), "nothing was asked of it");
        server.bring_up();
        assert_eq!(old.query().unwrap_err().to_string(), "the server closed the connection");
        assert!(old.is_broken());
        server.connect(None).unwrap().query().unwrap();
        assert_eq!(server.attempts(), 3);
    }

    #[test]
    fn a_server_that_is_away_or_up_stays_so_when_told_again() {
        let server = Server::new();
        server.take_down(Away::Silent);
        server.take_down(Away::Refusing);
        assert!(server.connect(None).is_err());
        server.bring_up();
        server.bring_up();
        server.connect(None).unwrap();
    }

    #[test]
    fn a_connect_to_a_silent_server_ends_with_its_time_or_with_the_silence() {
        let server = Server::new();
        server.take_down(Away::Silent);
        let began = Instant::now();
        let error = server.connect(Some(Duration::from_millis(5))).unwrap_err();
        assert_eq!(error.to_string(), "the server does not answer");
        assert!(began.elapsed() >= Duration::from_millis(5));
        let attempt = server.begin_connect(None);
        assert!(matches!(attempt.ask(), Ok(Answer::NotYet(_))));
        server.bring_up();
        assert!(matches!(attempt.ask(), Ok(Answer::Connected(_))));
    }
}
