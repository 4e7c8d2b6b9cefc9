//! What a pool has to offer to be measured, and how it is entered.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::server::{Connection, Failure, Server};
use crate::subject::Subject;

/// A pool of [`Connection`]s that the benchmarks measure.
///
/// One value is one pool, made for one measurement by the function given to [`Contender::new`].
/// Dropping what [`checkout`](BenchPool::checkout) gives returns the connection.
///
/// A pool that has one connection:
///
/// ```
/// use std::sync::{Mutex, MutexGuard};
/// use std::ops::Deref;
/// use aludel_bench_pools::{BenchPool, Connection, Contender, Failure, Setup};
///
/// struct Single(Mutex<Connection>);
/// struct Held<'a>(MutexGuard<'a, Connection>);
///
/// impl Deref for Held<'_> {
///     type Target = Connection;
///
///     fn deref(&self) -> &Connection {
///         &self.0
///     }
/// }
///
/// impl BenchPool for Single {
///     type Guard<'a> = Held<'a>;
///
///     fn checkout(&self) -> Result<Held<'_>, Failure> {
///         self.0.lock().map(Held).map_err(Failure::new)
///     }
/// }
///
/// let single = Contender::new("single", "one connection behind a mutex", |setup: &Setup| {
///     Ok(Single(Mutex::new(setup.server.connect(None)?)))
/// });
/// assert_eq!(single.name(), "single");
/// ```
pub trait BenchPool: Send + Sync + 'static {
    /// A connection that is checked out.
    type Guard<'a>: Deref<Target = Connection>
    where
        Self: 'a;

    /// Checks a connection out; blocks while there is none.
    ///
    /// # Errors
    /// What the pool says: it timed out, or the server did not take the connection.
    fn checkout(&self) -> Result<Self::Guard<'_>, Failure>;

    /// Called once in each thread of a measurement, around everything that it does. The place to enter
    /// a runtime, so that this is not paid for with each checkout.
    fn in_thread(&self, work: &mut dyn FnMut()) {
        work();
    }
}

/// What a pool is to be like in one measurement.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The server to connect to.
    pub server: Arc<Server>,
    /// Connections at most, and none of them closed while it is idle.
    pub connections: usize,
    /// Connections that the pool may open before anybody asks. The benchmark itself checks so many out
    /// at once before it measures, so a pool may ignore this.
    pub warm: usize,
    /// How long a checkout may take; none for what the pool does by itself.
    pub timeout: Option<Duration>,
}

impl Setup {
    /// A pool of so many connections that are all open, to a new server that takes no time.
    #[must_use]
    pub fn full(connections: usize) -> Self {
        Setup { server: Server::new(), connections, warm: connections, timeout: None }
    }
}

type Build = dyn Fn(&Setup) -> Result<Box<dyn Subject>, Failure>;

/// A pool by its name, with the settings that it is given and how it is built.
pub struct Contender {
    name: String,
    settings: String,
    ours: bool,
    build: Box<Build>,
}

impl Contender {
    /// A contender of this name; `settings` stands in the table that each run prints.
    pub fn new<P: BenchPool>(
        name: impl Into<String>,
        settings: impl Into<String>,
        build: impl Fn(&Setup) -> Result<P, Failure> + 'static,
    ) -> Self {
        let build = move |setup: &Setup| -> Result<Box<dyn Subject>, Failure> {
            Ok(Box::new(build(setup)?))
        };
        Contender {
            name: name.into(),
            settings: settings.into(),
            ours: false,
            build: Box::new(build),
        }
    }

    /// Marks a pool that is not one of the peers: no peer is "the best" because of it.
    #[must_use]
    pub fn ours(mut self) -> Self {
        self.ours = true;
        self
    }

    /// Its name in tables.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The settings that it is given.
    #[must_use]
    pub fn settings(&self) -> &str {
        &self.settings
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.ours
    }

    /// A pool with its first connections open.
    pub(crate) fn warmed(&self, setup: &Setup) -> Result<Box<dyn Subject>, Failure> {
        let subject = (self.build)(setup)?;
        subject.warm(setup.warm)?;
        Ok(subject)
    }
}
