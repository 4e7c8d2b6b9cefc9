//! How all pools of the process do, told to the recorder when the program asks for it.

use std::collections::BTreeMap;
use std::time::Duration;

use ::metrics::{Key, Label};

use super::list::{
    CLOSING, CONNECTING, COUNT, CREATE_TIME, DOWN, DRAINING, IDLE_MAX, IDLE_MIN, MAX, OLDEST_WAIT,
    PENDING, PING_TIME, POOL, REASON, STATE, USE_TIME, WAIT_TIME, recorded_as,
};
use super::recorder::{counter, gauge, histogram};
use crate::pool::{Counters, PoolSnapshot, Sampled, sampled};

/// Tells the recorder how all pools of this process do, engines' and others: gauges as they are now,
/// counters as they stand, and the times that were taken since it was last told. Call it before each
/// report, or every few seconds; it takes some microseconds for each pool, and the lock that waiting
/// checkouts take.
///
/// A pool is named by its `pool_logging_name`, else by its server and database. Pools of one name are
/// added up, also those that are gone since [`start`](super::start), so that a counter never falls; the
/// oldest wait is that of all of them. Of a pool that is gone the times are lost that were not yet told.
///
/// Times are told as the middle of the bucket in which they were counted, which is off by 1.6 % at
/// most.
pub fn record_pools() {
    let (pools, past) = sampled();
    let mut groups: BTreeMap<String, Group> = past
        .into_iter()
        .map(|(name, counters)| (name, Group { counters, ..Group::default() }))
        .collect();
    for pool in &pools {
        let name = pool.name();
        record_times(&**pool, &name);
        groups.entry(name).or_default().add(&pool.snapshot(), pool.min_idle());
    }
    for (name, group) in &groups {
        group.record_gauges(name);
        group.record_counters(name);
    }
}

/// Pools of one name.
struct Group {
    counters: Counters,
    idle: u32,
    used: u32,
    connecting: u32,
    closing: u32,
    draining: u32,
    pending: u32,
    down: u32,
    oldest_wait: Duration,
    idle_min: u32,
    idle_max: Option<u32>,
    max: Option<u32>,
}

impl Default for Group {
    fn default() -> Self {
        Group {
            counters: Counters::default(),
            idle: 0,
            used: 0,
            connecting: 0,
            closing: 0,
            draining: 0,
            pending: 0,
            down: 0,
            oldest_wait: Duration::ZERO,
            idle_min: 0,
            idle_max: Some(0),
            max: Some(0),
        }
    }
}

fn both(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    Some(one?.saturating_add(other?))
}

impl Group {
    fn add(&mut self, pool: &PoolSnapshot, min_idle: u32) {
        self.counters.add(&pool.counters);
        self.idle += pool.idle;
        self.used += pool.in_use;
        self.connecting += pool.connecting;
        self.closing += pool.closing;
        self.draining += pool.draining;
        self.pending += pool.waiting;
        self.down += u32::from(pool.down.is_some());
        self.oldest_wait = self.oldest_wait.max(pool.oldest_wait.unwrap_or_default());
        self.idle_min += min_idle;
        self.idle_max = both(self.idle_max, pool.size);
        self.max = both(self.max, both(pool.size, pool.max_overflow));
    }

    fn record_gauges(&self, pool: &str) {
        let counts = [
            (PENDING, Some(self.pending)),
            (CONNECTING, Some(self.connecting)),
            (CLOSING, Some(self.closing)),
            (DRAINING, Some(self.draining)),
            (DOWN, Some(self.down)),
            (IDLE_MIN, Some(self.idle_min)),
            (IDLE_MAX, self.idle_max),
            (MAX, self.max),
        ];
        for (name, count) in counts {
            if let Some(count) = count {
                gauge(&key(name, pool, None)).set(count);
            }
        }
        for (state, count) in [("idle", self.idle), ("used", self.used)] {
            gauge(&key(COUNT, pool, Some((STATE, state)))).set(count);
        }
        gauge(&key(OLDEST_WAIT, pool, None)).set(self.oldest_wait.as_secs_f64());
    }

    fn record_counters(&self, pool: &str) {
        let names = Counters::ABOUT.iter().map(|(name, _)| *name);
        for (name, (_, count)) in names.zip(self.counters.iter()) {
            let (name, reason) = recorded_as(name);
            counter(&key(name, pool, reason.map(|reason| (REASON, reason)))).absolute(count);
        }
    }
}

fn record_times(pool: &dyn Sampled, name: &str) {
    let mut times = pool.new_times().into_iter();
    for metric in [WAIT_TIME, USE_TIME, CREATE_TIME, PING_TIME] {
        let Some(times) = times.next() else { return };
        let histogram = histogram(&key(metric, name, None));
        for (time, count) in times {
            histogram.record_many(time.as_secs_f64(), usize::try_from(count).unwrap_or(usize::MAX));
        }
    }
}

fn key(name: &'static str, pool: &str, more: Option<(&'static str, &'static str)>) -> Key {
    let mut labels = vec![Label::new(POOL, pool.to_owned())];
    labels.extend(more.map(|(label, value)| Label::from_static_parts(label, value)));
    Key::from_parts(name, labels)
}
