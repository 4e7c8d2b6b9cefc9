//! What all handles and connections of one pool share.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use super::breaker::BreakerState;
use super::fillers::Fillers;
use super::first_connect::FirstConnect;
use super::gate::{Gate, GateLimits};
use super::holder::Board;
use super::listener::{Audience, PoolListener};
use super::manager::Manager;
use super::moment::Moment;
use super::record::{GateOf, Times};
use super::settings::{ConnectMode, EchoPool, PoolClass, PoolConfig, PoolOrder};
use super::singleton_thread::Singletons;
use super::stats::{Ongoing, Stats};
use super::telling::Telling;
use super::timed::Timed;
use crate::abi::fork;
use crate::echo::Sink;

/// Somebody listens.
pub(super) const LISTENED: u32 = 1;
/// Something depends on when a connection was used last.
pub(super) const STAMPED: u32 = 2;
/// Connections are tested when they are checked out.
pub(super) const TESTED: u32 = 4;
/// Checkouts and returns are told of.
pub(super) const ECHOED: u32 = 8;
/// Connections can be too old to be checked out.
pub(super) const AGED: u32 = 16;
/// Somebody wants to know since when connections are held.
pub(super) const WATCHED: u32 = 32;
/// What keeps returns from the shortest way.
pub(super) const AT_RETURN: u32 = LISTENED | STAMPED | ECHOED | WATCHED;

pub(super) struct Core<M: Manager> {
    pub(super) gate: Arc<GateOf<M>>,
    /// Connections of an earlier generation are replaced at their next checkout.
    pub(super) generation: AtomicU64,
    /// What keeps checkouts and returns from the shortest way; usually nothing.
    pub(super) careful: AtomicU32,
    /// Some task has asked for a connection.
    pub(super) serves_tasks: AtomicBool,
    pub(super) manager: Arc<M>,
    pub(super) config: PoolConfig,
    pub(super) audience: Arc<Audience<M::Connection>>,
    pub(super) board: Board,
    pub(super) telling: Telling,
    pub(super) stats: Stats,
    /// With `pool_histograms`.
    pub(super) timed: Option<Timed>,
    pub(super) singletons: Singletons<M>,
    /// The last failed attempt to connect.
    pub(super) trouble: Mutex<Option<Trouble>>,
    pub(super) first: FirstConnect,
    pub(super) fillers: Fillers,
    pub(super) breaker: BreakerState,
    /// Connections that are being closed in an orderly way.
    pub(super) closing: Ongoing,
    /// What `fork::forks` was when the pool was made.
    pub(super) forks: u32,
    /// In a forked child: what has taken the place of this core.
    pub(super) successor: OnceLock<Arc<Core<M>>>,
}

/// Why the pool could not connect when it last tried and failed.
#[derive(Clone)]
pub(super) struct Trouble {
    pub(super) text: String,
    pub(super) at: Instant,
}

fn careful(config: &PoolConfig, listened: bool) -> u32 {
    let stamped = config.idle_timeout.is_some()
        || config.keepalive.is_some()
        || (config.pre_ping && !config.ping_idle.is_zero());
    let all = [
        (LISTENED, listened),
        (STAMPED, stamped),
        (TESTED, config.pre_ping),
        (ECHOED, config.echo == EchoPool::Debug),
        (AGED, config.recycle.is_some()),
        (WATCHED, config.leak_threshold.is_some() || config.histograms),
    ];
    all.into_iter().filter_map(|(flag, set)| set.then_some(flag)).sum()
}

impl<M: Manager> Core<M> {
    pub(super) fn new(
        manager: Arc<M>,
        config: PoolConfig,
        audience: Arc<Audience<M::Connection>>,
        sink: Sink,
    ) -> Arc<Self> {
        fork::watch();
        let singleton = config.class == PoolClass::SingletonThreadPool;
        let gate = Gate::new(GateLimits {
            keep: if singleton { Some(0) } else { config.size },
            max_open: config.max_open,
            lifo: config.order == PoolOrder::Lifo,
            bypass: config.bypass,
            max_waiters: config.max_waiters,
            max_connecting: config.max_connecting,
            background: config.connect_mode == ConnectMode::Background,
        });
        let careful = careful(&config, !audience.all().is_empty());
        let background = config.connect_mode == ConnectMode::Background;
        let timed = config.histograms.then(Timed::new);
        let telling = Telling::new(config.echo, sink);
        let core = Arc::new(Core {
            gate,
            generation: AtomicU64::new(1),
            careful: AtomicU32::new(careful),
            serves_tasks: AtomicBool::new(false),
            manager,
            config,
            audience,
            board: Board::new(timed.is_some()),
            telling,
            stats: Stats::default(),
            timed,
            singletons: Singletons::new(),
            trouble: Mutex::new(None),
            first: FirstConnect::default(),
            fillers: Fillers::new(),
            breaker: BreakerState::default(),
            closing: Ongoing::default(),
            forks: fork::forks(),
            successor: OnceLock::new(),
        });
        #[cfg(feature = "metrics")]
        super::sampled::enlist(&core);
        if background {
            core.fill_in_background();
        }
        core.keep_up();
        core
    }

    pub(super) fn is(&self, what: u32) -> bool {
        self.careful.load(Ordering::Relaxed) & what != 0
    }

    pub(super) fn listen(&self, listener: Arc<dyn PoolListener<M::Connection>>) {
        self.audience.add(listener);
        self.careful.fetch_or(LISTENED, Ordering::Relaxed);
    }

    /// Calls each listener.
    pub(super) fn tell(&self, mut call: impl FnMut(&dyn PoolListener<M::Connection>)) {
        if self.is(LISTENED) {
            for listener in self.audience.all().iter() {
                call(&**listener);
            }
        }
    }

    /// The times of a new connection, if anything depends on them.
    pub(super) fn times(&self) -> Option<Times> {
        if !self.is(STAMPED | AGED) {
            return None;
        }
        let now = Moment::now();
        let recycle_at = self.config.recycle.map(|recycle| {
            let shorter = recycle.mul_f64(self.config.jitter * super::jitter::fraction());
            now.after(recycle.saturating_sub(shorter))
        });
        Some(Times { recycle_at, last_used: now, last_tested: now })
    }

    pub(super) fn trouble(&self) -> MutexGuard<'_, Option<Trouble>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All connections that are open now are replaced when they are next checked out.
    pub(super) fn invalidate_all(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// As [`invalidate_all`](Self::invalidate_all), on the word of a connection of this generation.
    /// One that is older tells of an outage that was met before: what was opened since is spared.
    pub(super) fn invalidate_as_old_as(&self, generation: u64) {
        let (success, failure) = (Ordering::AcqRel, Ordering::Relaxed);
        // Nothing to do when somebody else was first.
        let _ = self.generation.compare_exchange(generation, generation + 1, success, failure);
    }
}
