//! Every metric: its name, kind and unit, and what it says.

use ::metrics::Unit;

use crate::pool::Counters;

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

#[derive(Clone, Copy)]
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) unit: Unit,
    pub(super) about: &'static str,
}

pub(super) const POOL: &str = "db.client.connection.pool.name";
pub(super) const STATE: &str = "db.client.connection.state";
pub(super) const REASON: &str = "reason";
pub(crate) const SYSTEM: &str = "db.system.name";
pub(crate) const NAMESPACE: &str = "db.namespace";
pub(crate) const ADDRESS: &str = "server.address";
pub(crate) const PORT: &str = "server.port";
pub(crate) const OPERATION: &str = "db.operation.name";
pub(crate) const ERROR: &str = "error.type";
pub(crate) const OUTCOME: &str = "outcome";
pub(crate) const CACHED: &str = "cached";

macro_rules! metrics {
    ($($constant:ident: $kind:ident $name:literal $unit:ident, $about:literal;)*) => {
        $(pub(crate) const $constant: &str = $name;)*

        const METRICS: &[Metric] = &[$(Metric {
            name: $name,
            kind: Kind::$kind,
            unit: Unit::$unit,
            about: $about,
        }),*];
    };
}

metrics! {
    OPERATION_DURATION: Histogram "db.client.operation.duration" Seconds,
        "How long statements took, until their rows were fetched.";
    RETURNED_ROWS: Histogram "db.client.response.returned_rows" Count,
        "Rows that the program has read of statements that return some.";
    TRANSACTIONS: Counter "aludel.transactions" Count,
        "Transactions that were begun, committed, rolled back.";
    COMPILED: Counter "aludel.compiled_texts" Count,
        "Texts of which no connection had a prepared statement, by whether the engine knew them.";
    PLUGINS: Counter "aludel.plugins" Count,
        "Dialects that engines were made with: linked, loaded, or failed to load.";
    COUNT: Gauge "db.client.connection.count" Count,
        "Places of the pool by state: idle, used.";
    MAX: Gauge "db.client.connection.max" Count,
        "Connections that may be open; absent without a limit.";
    IDLE_MAX: Gauge "db.client.connection.idle.max" Count,
        "Connections that are kept while idle; absent without a limit.";
    IDLE_MIN: Gauge "db.client.connection.idle.min" Count,
        "Idle connections that are kept ready.";
    PENDING: Gauge "db.client.connection.pending_requests" Count,
        "Checkouts that wait.";
    TIMEOUTS: Counter "db.client.connection.timeouts" Count,
        "Checkouts that failed because waiting would have taken too long or was not allowed.";
    CREATE_TIME: Histogram "db.client.connection.create_time" Seconds,
        "How long it took to open connections, with `pool_histograms`.";
    WAIT_TIME: Histogram "db.client.connection.wait_time" Seconds,
        "How long checkouts took, with `pool_histograms`.";
    USE_TIME: Histogram "db.client.connection.use_time" Seconds,
        "How long connections were in use, with `pool_histograms`.";
    PING_TIME: Histogram "aludel.pool.ping_time" Seconds,
        "How long tests of connections took, with `pool_histograms`.";
    OLDEST_WAIT: Gauge "aludel.pool.oldest_wait" Seconds,
        "How long the first of those has been waiting who wait.";
    CONNECTING: Gauge "aludel.pool.connecting" Count,
        "Connections that are being opened in new places.";
    CLOSING: Gauge "aludel.pool.closing" Count,
        "Connections that are being closed.";
    DRAINING: Gauge "aludel.pool.draining" Count,
        "Connections of before `dispose` that have not come back.";
    DOWN: Gauge "aludel.pool.down" Count,
        "Pools for which the database counts as down.";
    CLOSED: Counter "aludel.pool.closed" Count,
        "Connections that were closed, by reason.";
}

/// All of them, with the counters of pools.
pub(super) fn metrics() -> impl Iterator<Item = Metric> {
    let of_pools = Counters::ABOUT.iter().filter(|(name, _)| !is_renamed(name));
    let of_pools = of_pools.map(|(name, about)| {
        let about = about.trim_start();
        Metric { name, kind: Kind::Counter, unit: Unit::Count, about }
    });
    METRICS.iter().copied().chain(of_pools)
}

/// The counter of a pool as it is recorded: the name, and the reason where one metric has several.
pub(super) fn recorded_as(name: &'static str) -> (&'static str, Option<&'static str>) {
    match name.strip_prefix("aludel.pool.closed_") {
        Some(reason) => (CLOSED, Some(reason)),
        None if name == "aludel.pool.timeouts" => (TIMEOUTS, None),
        None => (name, None),
    }
}

fn is_renamed(name: &'static str) -> bool {
    recorded_as(name).0 != name
}
