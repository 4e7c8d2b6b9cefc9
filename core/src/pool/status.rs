//! What a pool says of itself: SQLAlchemy's numbers and line, and everything.

use std::time::Duration;

use super::core::Core;
use super::handle::Pool;
use super::holder::Holder;
use super::manager::Manager;
use super::settings::PoolClass;
use super::stats::Counters;
use super::timed::{PoolTimings, Timed};

/// The state of a pool at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolSnapshot {
    /// Connections that are kept while idle; `None` keeps all.
    pub size: Option<u32>,
    /// Connections that may be open beyond; `None` sets no limit.
    pub max_overflow: Option<u32>,
    /// Places that nobody uses; those whose connection was invalidated count.
    pub idle: u32,
    /// Places in use, also while their connection is closed.
    pub in_use: u32,
    /// Connections that are being opened in new places.
    pub connecting: u32,
    /// Connections that are being closed in an orderly way.
    pub closing: u32,
    /// Connections of before `dispose` that have not come back.
    pub draining: u32,
    /// Places that tasks have left, and that threads of the pool reset, close or hand over just now.
    pub returning: u32,
    /// Checkouts that wait.
    pub waiting: u32,
    /// How long the first of them has been waiting.
    pub oldest_wait: Option<Duration>,
    /// The database counts as down; known only where the pool has a `pool_breaker`.
    pub down: Option<Outage>,
    /// The pool was closed.
    pub closed: bool,
    /// Who has the connections; who has had one for longest comes first, where that is known.
    pub holders: Vec<Holder>,
    /// The last failed attempt to connect: what it reported, and how long ago.
    pub last_connect_error: Option<(String, Duration)>,
    /// How often what happened.
    pub counters: Counters,
    /// How long it took; known only where the pool has `pool_histograms`.
    pub timings: Option<PoolTimings>,
}

/// A time in which the database counts as down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outage {
    /// For how long it has done so.
    pub lasts: Duration,
    /// When the next attempt to connect may be made; zero when that is due.
    pub retry_in: Duration,
    /// An attempt is being made.
    pub probing: bool,
}

impl<M: Manager> Pool<M> {
    /// How many connections are kept while idle; 0 for all. (SQLAlchemy's `size()`)
    pub fn size(&self) -> u32 {
        self.core().gate.counts().keep.unwrap_or(0)
    }

    /// How many places nobody uses.
    pub fn checkedin(&self) -> u32 {
        self.core().gate.counts().idle
    }

    /// How many more than `size` are open; negative while fewer are. Always 0 without a size.
    pub fn overflow(&self) -> i64 {
        let counts = self.core().gate.counts();
        counts.keep.map_or(0, |keep| i64::from(counts.open) - i64::from(keep))
    }

    /// How many places are in use.
    pub fn checkedout(&self) -> u32 {
        let counts = self.core().gate.counts();
        counts.open.saturating_sub(counts.idle)
    }

    /// Connections that somebody has, also those of before `dispose`.
    pub(crate) fn in_use(&self) -> usize {
        self.core().board.holders().len()
    }

    /// SQLAlchemy's line about the pool.
    ///
    /// ```
    /// # use aludel::pool::{Manager, Pool};
    /// # use std::time::Duration;
    /// # struct Numbers;
    /// # impl Manager for Numbers {
    /// #     type Connection = u32;
    /// #     fn connect(&self, _: Option<Duration>) -> aludel::Result<u32> { Ok(7) }
    /// # }
    /// let pool = Pool::builder(Numbers).build()?;
    /// let connection = pool.connect()?;
    /// assert_eq!(
    ///     pool.status(),
    ///     "Pool size: 5  Connections in pool: 0 Current Overflow: -4 Current Checked out connections: 1"
    /// );
    /// # Ok::<(), aludel::Error>(())
    /// ```
    pub fn status(&self) -> String {
        let core = self.core();
        match core.config.class {
            PoolClass::QueuePool => {
                let counts = core.gate.counts();
                let size = counts.keep.unwrap_or(0);
                let overflow =
                    counts.keep.map_or(0, |keep| i64::from(counts.open) - i64::from(keep));
                let out = counts.open.saturating_sub(counts.idle);
                format!(
                    "Pool size: {size}  Connections in pool: {} Current Overflow: {overflow} \
                     Current Checked out connections: {out}",
                    counts.idle
                )
            }
            PoolClass::SingletonThreadPool => {
                let id = std::ptr::from_ref(&**core).addr();
                format!("SingletonThreadPool id:{id} size: {}", core.singletons.len())
            }
            other => other.word().to_owned(),
        }
    }

    /// Everything that the pool knows about itself.
    pub fn snapshot(&self) -> PoolSnapshot {
        self.core().snapshot()
    }
}

impl<M: Manager> Core<M> {
    pub(super) fn counters(&self) -> Counters {
        let counts = self.gate.counts();
        Counters {
            checkouts: self.board.checkouts(),
            waited: counts.waited,
            handoffs: counts.handoffs,
            bypasses: counts.bypasses,
            gave_up: counts.gave_up,
            ..self.stats.read()
        }
    }

    pub(super) fn snapshot(&self) -> PoolSnapshot {
        let counts = self.gate.counts();
        let trouble = self.trouble().clone();
        PoolSnapshot {
            size: counts.keep,
            max_overflow: counts.max_open.map(|max| max - counts.keep.unwrap_or(0).min(max)),
            idle: counts.idle,
            in_use: counts.open.saturating_sub(counts.idle + counts.connecting),
            connecting: counts.connecting,
            closing: self.closing.get(),
            draining: counts.draining,
            returning: counts.returning,
            waiting: counts.waiting,
            oldest_wait: counts.oldest_wait,
            down: self.outage(),
            closed: counts.closed,
            holders: self.board.holders(),
            last_connect_error: trouble.map(|trouble| (trouble.text, trouble.at.elapsed())),
            counters: self.counters(),
            timings: self.timed.as_ref().map(Timed::read),
        }
    }
}
