//! Our pool as it comes, and with one setting changed at a time.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use aludel::pool::settings::{Breaker, ConnectMode};
use aludel::pool::{Manager, Pool, PoolBuilder, PooledConnection};

use crate::bench::Bench;
use crate::contender::{BenchPool, Contender, Setup};
use crate::pools::names;
use crate::server::{Connection, Failure, Server};

struct Connections(Arc<Server>);

fn refused(failure: Failure) -> aludel::Error {
    aludel::Error::operational(failure.to_string())
}

impl Manager for Connections {
    type Connection = Connection;

    fn connect(&self, within: Option<Duration>) -> aludel::Result<Connection> {
        self.0.connect(within).map_err(refused)
    }

    fn ping(&self, connection: &mut Connection, _within: Duration) -> aludel::Result<()> {
        connection.ping().map_err(refused)
    }

    /// A query leaves nothing open.
    fn needs_reset(&self, _connection: &Connection) -> bool {
        false
    }

    fn is_broken(&self, connection: &Connection) -> bool {
        connection.is_broken()
    }
}

struct Aludel(Pool<Connections>);

struct Guard(PooledConnection<Connections>);

impl Deref for Guard {
    type Target = Connection;

    #[inline]
    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl BenchPool for Aludel {
    type Guard<'a> = Guard;

    #[inline]
    fn checkout(&self) -> Result<Guard, Failure> {
        self.0.connect().map(Guard).map_err(Failure::new)
    }
}

/// What makes a variant of the pool as it comes.
type Change = fn(PoolBuilder<Connections>) -> PoolBuilder<Connections>;

fn contender(name: &str, settings: &str, change: Change) -> Contender {
    let settings = format!("pool_size = connections, max_overflow 0{settings}");
    Contender::new(name, settings, move |setup: &Setup| {
        let size = u32::try_from(setup.connections).map_err(Failure::new)?;
        let manager = Connections(Arc::clone(&setup.server));
        let builder = Pool::builder(manager).pool_size(size).max_overflow(0);
        let builder = match setup.timeout {
            Some(timeout) => builder.pool_timeout(timeout),
            None => builder,
        };
        change(builder).build().map(Aludel).map_err(Failure::new)
    })
    .ours()
}

/// Ours as it comes, and the variants that a benchmark is about.
pub(super) fn contenders(bench: Bench) -> Vec<Contender> {
    let plain = "; strict FIFO, nothing reset since nothing ran, 30 s or as said";
    let mut all = vec![contender(names::OURS, plain, |builder| builder)];
    match bench {
        Bench::Uncontended => all.extend([
            contender("aludel lifo", ", pool_use_lifo", |builder| builder.pool_use_lifo(true)),
            contender("aludel recycle", ", pool_recycle 1 h", |builder| {
                builder.pool_recycle(Duration::from_secs(3600))
            }),
            contender("aludel histograms", ", pool_histograms", |builder| {
                builder.pool_histograms(true)
            }),
            contender("aludel pre_ping", ", pool_pre_ping, which takes no time", |builder| {
                builder.pool_pre_ping(true)
            }),
        ]),
        Bench::Contended | Bench::OpenLoop | Bench::Fairness => {
            all.push(contender("aludel bypass", ", pool_bypass 500 µs", |builder| {
                builder.pool_bypass(Duration::from_micros(500))
            }));
        }
        Bench::Spike => {
            let settings = ", pool_connect_mode background";
            all.push(contender(names::OURS_IN_BACKGROUND, settings, |builder| {
                builder.pool_connect_mode(ConnectMode::Background)
            }));
        }
        Bench::Outage => {
            all.push(contender(names::OURS_WITH_BREAKER, ", pool_breaker fail", |builder| {
                builder.pool_breaker(Breaker::Fail)
            }));
        }
    }
    all
}
