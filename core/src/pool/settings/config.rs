//! Settings that were checked: every value present, none that contradicts another.

use std::time::Duration;

use super::{Breaker, ConnectMode, EchoPool, PoolClass, PoolOrder, Prefill, ResetOnReturn};

/// The settings of a pool in force.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PoolConfig {
    /// The kind of the pool.
    pub class: PoolClass,
    /// Connections kept while idle; `None` keeps all.
    pub size: Option<u32>,
    /// Connections that may be open; `None` sets no limit.
    pub max_open: Option<u32>,
    /// How long a checkout may take; `None` for ever.
    pub timeout: Option<Duration>,
    /// The age at which a connection is replaced.
    pub recycle: Option<Duration>,
    /// The fraction of `recycle` by which it is shortened at random.
    pub jitter: f64,
    /// Connections are tested at checkout.
    pub pre_ping: bool,
    /// Only connections that were idle for longer are tested.
    pub ping_idle: Duration,
    /// The order of idle connections.
    pub order: PoolOrder,
    /// What is done to connections that come back.
    pub reset_on_return: ResetOnReturn,
    /// The name of the pool in lines, events and errors.
    pub logging_name: Option<String>,
    /// How much was printed when the pool was made.
    pub echo: EchoPool,
    /// For how long a waiter may be overtaken.
    pub bypass: Duration,
    /// Checkouts that may wait at the same time.
    pub max_waiters: Option<u32>,
    /// Idle connections that are kept ready.
    pub min_idle: u32,
    /// Whether they are opened when the pool is built.
    pub prefill: Prefill,
    /// Idle connections are closed after this.
    pub idle_timeout: Option<Duration>,
    /// Idle connections are tested this often.
    pub keepalive: Option<Duration>,
    /// Limit of one connect.
    pub connect_timeout: Option<Duration>,
    /// Limit of one test.
    pub ping_timeout: Duration,
    /// Limit of one reset.
    pub reset_timeout: Duration,
    /// Limit of one close.
    pub close_timeout: Duration,
    /// Who opens connections.
    pub connect_mode: ConnectMode,
    /// Connections that are opened at the same time.
    pub max_connecting: Option<u32>,
    /// What checkouts do while the database is down.
    pub breaker: Breaker,
    /// Failed connects in a row that mean it is.
    pub breaker_threshold: u32,
    /// Checkouts that last longer are reported.
    pub leak_threshold: Option<Duration>,
    /// The times of checkouts, uses, connects and tests are taken.
    pub histograms: bool,
}
