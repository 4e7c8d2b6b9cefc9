//! All pools of the process, for metrics that tell how they do, and what those did that are gone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::core::Core;
use super::manager::Manager;
use super::per_process::PerProcess;
use super::stats::Counters;
use super::status::PoolSnapshot;
use super::timed::NewTimes;

/// A pool of connections of whatever kind.
pub(crate) trait Sampled: Send + Sync {
    fn name(&self) -> String;
    fn snapshot(&self) -> PoolSnapshot;
    fn min_idle(&self) -> u32;
    /// Of wait, hold, connect and ping: the times that were taken since they were last asked for, and
    /// how often each; nothing where none are taken.
    fn new_times(&self) -> Vec<NewTimes>;
}

impl<M: Manager> Sampled for Core<M> {
    fn name(&self) -> String {
        let name = self.config.logging_name.clone().or_else(|| self.manager.name());
        name.unwrap_or_else(|| "pool".to_owned())
    }

    fn snapshot(&self) -> PoolSnapshot {
        Core::snapshot(self)
    }

    fn min_idle(&self) -> u32 {
        self.config.min_idle
    }

    fn new_times(&self) -> Vec<NewTimes> {
        self.timed.as_ref().map_or_else(Vec::new, |timed| timed.new_times())
    }
}

struct Pools {
    open: Vec<Weak<dyn Sampled>>,
    /// What was counted by those that are gone, by their names.
    past: BTreeMap<String, Counters>,
}

static POOLS: PerProcess<Mutex<Pools>> = PerProcess::new(Mutex::new(none()), || Mutex::new(none()));

const fn none() -> Pools {
    Pools { open: Vec::new(), past: BTreeMap::new() }
}

fn lock() -> MutexGuard<'static, Pools> {
    POOLS.get().lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn enlist<M: Manager>(core: &Arc<Core<M>>) {
    let core: Weak<Core<M>> = Arc::downgrade(core);
    let mut pools = lock();
    pools.open.retain(|pool| pool.strong_count() > 0);
    pools.open.push(core);
}

/// The pools that are open, and what was counted by those that are gone. Who drops the last handle of
/// a pool must not hold a lock that others need.
pub(crate) fn sampled() -> (Vec<Arc<dyn Sampled>>, BTreeMap<String, Counters>) {
    let pools = lock();
    (pools.open.iter().filter_map(Weak::upgrade).collect(), pools.past.clone())
}

impl<M: Manager> Drop for Core<M> {
    fn drop(&mut self) {
        // A child's counters are its own, and names are not collected for a program without metrics.
        if crate::metrics::is_on() && !self.is_forked() {
            let (name, counters) = (self.name(), self.counters());
            lock().past.entry(name).or_default().add(&counters);
        }
    }
}
