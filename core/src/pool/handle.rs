//! The pool as programs hold it.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::builder::PoolBuilder;
use super::call::Call;
use super::core::{Core, ECHOED};
use super::gate::Gate;
use super::guard::PooledConnection;
use super::listener::{Audience, PoolListener};
use super::manager::Manager;
use super::record::{GateOf, Record, SeatOf};
use super::settings::{EchoPool, PoolClass, PoolConfig};
use super::stats::Why;
use super::task::Connecting;
use super::telling::CheckoutTimes;
use super::workers;
use crate::error::{Error, Result};
use tracing::Level;

/// A pool of connections. Clones are handles on the same pool; with the last one it is closed, which
/// blocks for up to `pool_close_timeout`, but not where the pool has served tasks.
///
/// Checkouts are served strictly in the order in which they came. A connection that is returned goes
/// straight to the first who waits.
pub struct Pool<M: Manager> {
    /// The core's, one step nearer.
    gate: Arc<GateOf<M>>,
    core: Arc<Core<M>>,
    last: Arc<LastHandle<M>>,
}

/// Closes the pool when no handle is left; connections in use are closed when they come back, and all
/// idle ones within `pool_close_timeout`.
struct LastHandle<M: Manager>(Arc<Core<M>>);

impl<M: Manager> Drop for LastHandle<M> {
    fn drop(&mut self) {
        let Some(core) = self.0.used_by_this_process() else { return };
        let deadline = Instant::now().checked_add(core.config.close_timeout);
        let idle = core.take_all_idle();
        if !core.serves_tasks.load(Ordering::Relaxed) {
            return core.close_all(idle, deadline);
        }
        // The last handle may be a task's, whose thread must not wait.
        let core = Arc::clone(core);
        workers::run(Box::new(move || core.close_all(idle, deadline)));
    }
}

impl<M: Manager> Clone for Pool<M> {
    fn clone(&self) -> Self {
        Pool {
            gate: Arc::clone(&self.gate),
            core: Arc::clone(&self.core),
            last: Arc::clone(&self.last),
        }
    }
}

impl<M: Manager> Pool<M> {
    /// A pool of what `manager` opens, with settings by SQLAlchemy's names.
    pub fn builder(manager: M) -> PoolBuilder<M> {
        PoolBuilder::new(manager)
    }

    pub(super) fn of(core: Arc<Core<M>>) -> Self {
        let last = Arc::new(LastHandle(Arc::clone(&core)));
        Pool { gate: Arc::clone(&core.gate), last, core }
    }

    /// Checks a connection out. Blocks until one is free, for at most `pool_timeout`.
    ///
    /// # Errors
    /// A [`Timeout`](crate::ErrorKind::Timeout) that lists who has the connections, what the manager
    /// reports when it cannot connect, or `ResourceClosed` once the pool is closed.
    #[inline]
    #[track_caller]
    pub fn connect(&self) -> Result<PooledConnection<M>> {
        self.connect_at(Location::caller())
    }

    /// As [`connect`](Self::connect) for somebody who was called from this place.
    #[inline]
    pub(crate) fn connect_at(
        &self,
        place: &'static Location<'static>,
    ) -> Result<PooledConnection<M>> {
        match self.at_once(place) {
            Ok(connection) => Ok(connection),
            Err(seat) => self.core().connect_slowly(seat, place, self.core.config.timeout, false),
        }
    }

    /// As [`connect_at`](Self::connect_at), and tells what it took.
    #[cold]
    pub(crate) fn connect_timed_at(
        &self,
        place: &'static Location<'static>,
    ) -> Result<(PooledConnection<M>, CheckoutTimes)> {
        let held = match self.at_once(place) {
            Ok(connection) => {
                let number = PooledConnection::number(&connection);
                self.core().tell_checkout(number, place, CheckoutTimes::default());
                return Ok((connection, CheckoutTimes::default()));
            }
            Err(seat) => {
                let core = self.core();
                core.connect_slowly(seat, place, core.config.timeout, true)?
            }
        };
        let times = PooledConnection::times(&held);
        Ok((held, times))
    }

    /// As [`connect`](Self::connect) with another limit: `None` waits for ever, zero for nobody else.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    #[track_caller]
    pub fn connect_within(
        &self,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<PooledConnection<M>> {
        let place = Location::caller();
        match self.at_once(place) {
            Ok(connection) => Ok(connection),
            Err(seat) => self.core().connect_slowly(seat, place, timeout.into(), false),
        }
    }

    /// As [`connect`](Self::connect), for tasks of any executor. Nothing of it blocks the thread that
    /// polls, nor does dropping the future or the connection.
    ///
    /// A future that has waited is given a connection as soon as one is free, also while it is not
    /// polled. Poll it until it is done or drop it: one that is kept and no longer polled keeps a
    /// connection from the others, and one that is forgotten keeps it for ever.
    ///
    /// # Errors
    /// As [`connect`](Self::connect). A `SingletonThreadPool` refuses: tasks have no thread.
    #[track_caller]
    pub fn connect_async(&self) -> Connecting<M> {
        self.connect_async_at(Location::caller())
    }

    pub(crate) fn connect_async_at(&self, place: &'static Location<'static>) -> Connecting<M> {
        let core = self.core();
        if !core.serves_tasks.load(Ordering::Relaxed) {
            core.serves_tasks.store(true, Ordering::Relaxed);
        }
        Connecting::new(Arc::clone(core), place)
    }

    /// The shortest way: an idle connection that nothing has to be asked about.
    #[inline]
    fn at_once(
        &self,
        place: &'static Location<'static>,
    ) -> std::result::Result<PooledConnection<M>, Option<Box<SeatOf<M>>>> {
        let core = &*self.core;
        if core.is_forked() {
            return Err(None);
        }
        let Some(seat) = self.gate.pop() else { return Err(None) };
        if core.is_plain(&seat.value) {
            seat.value.card.take(place);
            return Ok(PooledConnection::new(seat));
        }
        Err(Some(seat))
    }

    /// Closes all idle connections, and those in use when they come back; they no longer count
    /// against the limits. The pool goes on, and opens new connections. Blocks until the idle ones
    /// are closed, each within `pool_close_timeout`.
    pub fn dispose(&self) {
        let core = self.core();
        let idle = Gate::dispose(&core.gate);
        core.close_seats(idle, Why::Dispose);
        core.close_seats(core.singletons.drain(), Why::Dispose);
        core.say(Level::INFO, format_args!("Pool disposed. {}", self.status()));
    }

    /// An empty pool with the same manager, the same listeners, and settings as they are now, also
    /// after a [`resize`](Self::resize). Listeners that are added later are those of one pool alone.
    /// Connects to nothing; `pool_min_idle` connections are opened in the background.
    pub fn recreate(&self) -> Self {
        let core = self.core();
        core.say(Level::INFO, format_args!("Pool recreating"));
        let mut config = core.config.clone();
        config.echo = core.echo();
        if config.class == PoolClass::QueuePool {
            let counts = core.gate.counts();
            (config.size, config.max_open) = (counts.keep, counts.max_open);
        }
        let audience = Audience::new(Vec::clone(&core.audience.all()));
        let sink = core.telling.sink.clone();
        Pool::of(Core::new(Arc::clone(&core.manager), config, Arc::new(audience), sink))
    }

    /// Closes the pool: checkouts fail from now on, also those that wait, idle connections are
    /// closed, and those in use are waited for until `within` has passed. Idle ones that cannot be
    /// closed in an orderly way by then are abandoned. Blocks; [`Duration::MAX`] waits for ever.
    ///
    /// # Errors
    /// A [`Timeout`](crate::ErrorKind::Timeout) that lists who still has connections. These are
    /// closed when they come back.
    pub fn close(&self, within: Duration) -> Result<()> {
        let deadline = Instant::now().checked_add(within);
        let core = self.core();
        core.shut_down(deadline);
        if core.gate.wait_empty(deadline) {
            return Ok(());
        }
        let holders = core.board.holders();
        let in_use = core.gate.counts();
        let mut error = Error::timeout(format!(
            "the pool is closed, and after {:.2} s {} of its connections are still in use",
            within.as_secs_f64(),
            in_use.open + in_use.draining
        ));
        for holder in holders.iter().take(10) {
            error = error.with_note("held by", holder.to_string());
        }
        Err(error)
    }

    /// Has all connections that are open now replaced: idle ones when they are next checked out,
    /// those in use once they have come back.
    pub fn invalidate_all(&self) {
        self.core().invalidate_all();
    }

    /// Changes the limits of a `QueuePool`. What is beyond the new ones is closed, at once if idle
    /// and else when it comes back. Returns and checkouts take a lock from then on (about 10 ns).
    ///
    /// # Errors
    /// As building a pool with these settings.
    pub fn resize(&self, pool_size: u32, max_overflow: i32) -> Result<()> {
        let class = self.core.config.class;
        if class != PoolClass::QueuePool {
            return Err(Error::invalid_request(format!("a {class} has no size to change")));
        }
        // A pool that cannot keep what it keeps ready would open and close it for ever.
        let settings = super::PoolSettings::new()
            .pool_size(pool_size)
            .max_overflow(max_overflow)
            .pool_min_idle(self.core.config.min_idle);
        let config = settings.check(class)?;
        let core = self.core();
        let surplus = Gate::resize(&core.gate, config.size, config.max_open);
        core.close_seats(surplus, Why::Overflow);
        core.tell(|listener| listener.resize(pool_size, max_overflow));
        Ok(())
    }

    /// How much the pool tells.
    pub fn echo(&self) -> EchoPool {
        self.core().echo()
    }

    /// Sets how much the pool tells from now on, also of connections that are open or in use.
    pub fn set_echo(&self, echo: impl Into<EchoPool>) {
        self.core().set_echo(echo.into());
    }

    /// Adds a listener. It is told of what happens from now on.
    pub fn listen(&self, listener: Arc<dyn PoolListener<M::Connection>>) {
        self.core().listen(listener);
    }

    /// The settings with which the pool was made.
    pub fn config(&self) -> &PoolConfig {
        &self.core.config
    }

    /// The manager.
    pub fn manager(&self) -> &M {
        &self.core.manager
    }

    /// The core; in a forked child the child's own.
    pub(super) fn core(&self) -> &Arc<Core<M>> {
        self.core.of_this_process()
    }
}

impl<M: Manager> Core<M> {
    /// True when nothing has to be asked about a connection before it is used.
    #[inline]
    fn is_plain(&self, record: &Record<M>) -> bool {
        self.careful.load(Ordering::Relaxed) == 0
            && record.generation == self.generation.load(Ordering::Relaxed)
    }

    #[cold]
    #[inline(never)]
    fn connect_slowly(
        self: &Arc<Self>,
        seat: Option<Box<SeatOf<M>>>,
        place: &'static Location<'static>,
        timeout: Option<Duration>,
        told: bool,
    ) -> Result<PooledConnection<M>> {
        let told = told || self.is(ECHOED);
        // A forked child comes here each time, since its handles know the gate of its parent.
        let seat = seat.or_else(|| self.gate.pop()).or_else(|| self.gate.pop_behind_lock());
        let seat = match seat {
            Some(seat) if self.is_ready(&seat.value) => {
                self.hand_over(seat, &Call { told, ..Call::at_once(place) })
            }
            Some(seat) => {
                self.prepare(seat, &Call { unspent: true, told, ..Call::new(place, timeout) })?
            }
            None => self.checkout(&Call { told, ..Call::new(place, timeout) })?,
        };
        Ok(PooledConnection::new(seat))
    }

    fn close_seats(&self, seats: Vec<Box<SeatOf<M>>>, why: Why) {
        for seat in seats {
            self.close_seat(seat, why);
        }
    }

    /// Closes the pool and what is idle; what is left at the deadline is abandoned.
    fn shut_down(&self, deadline: Option<Instant>) {
        let idle = self.take_all_idle();
        self.close_all(idle, deadline);
    }

    fn take_all_idle(&self) -> Vec<Box<SeatOf<M>>> {
        let mut idle = Gate::close(&self.gate);
        idle.extend(self.singletons.drain());
        idle
    }

    fn close_all(&self, seats: Vec<Box<SeatOf<M>>>, deadline: Option<Instant>) {
        for mut seat in seats {
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            match left {
                Some(left) if left.is_zero() => self.terminate(&mut seat.value, Why::Dispose),
                Some(left) => self.close_seat_within(seat, Why::Dispose, left),
                None => self.close_seat(seat, Why::Dispose),
            }
        }
    }
}

impl<M: Manager> fmt::Debug for Pool<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({})", self.status())
    }
}
