//! Every setting of a pool under SQLAlchemy's names, as builders collect them.

mod check;
mod choice;
mod config;
mod text;

use std::time::Duration;

pub use choice::{Breaker, ConnectMode, EchoPool, PoolClass, PoolOrder, Prefill, ResetOnReturn};
pub use config::PoolConfig;

/// Hands the list of settings to the macro `$then`: docs, name, type of the argument, type that is
/// kept. One list makes the fields, the methods here and the same methods on every builder.
macro_rules! with_pool_settings {
    ($then:ident $($first:tt)*) => {
        $then! { $($first)*
            /// Which kind of pool. Default: what the dialect asks for, else `QueuePool`.
            poolclass: PoolClass, PoolClass;
            /// How many connections are kept open while nobody uses them. `0` keeps all of them and
            /// sets no limit. Default 5. (`QueuePool`, `SingletonThreadPool`)
            pool_size: u32, u32;
            /// How many connections may be open beyond `pool_size`; they are closed when they come
            /// back and `pool_size` are idle. `-1` sets no limit. Default 10. (`QueuePool`)
            max_overflow: i32, i32;
            /// How long a checkout may take in all: waiting, connecting, testing. `None` waits for
            /// ever; zero never waits for others. Default 30 s. (`QueuePool`, `StaticPool`)
            pool_timeout: impl Into<Option<Duration>>, Option<Duration>;
            /// Connections older than this are replaced at their next checkout. Default `None`: at
            /// no age.
            pool_recycle: impl Into<Option<Duration>>, Option<Duration>;
            /// Tests each connection when it is checked out, and replaces those that do not answer.
            /// Default `false`.
            pool_pre_ping: bool, bool;
            /// Takes the connection that came back last, so that the others grow old; default
            /// `false` takes the one that has been idle for longest. (`QueuePool`)
            pool_use_lifo: bool, bool;
            /// What is done to a connection that comes back. Default: roll back.
            pool_reset_on_return: ResetOnReturn, ResetOnReturn;
            /// A name for this pool in lines, events and errors. Default: none.
            pool_logging_name: impl Into<String>, String;
            /// How much the pool prints of what it does, on standard output unless the builder's
            /// `echo_to` says otherwise. Default: nothing.
            echo_pool: impl Into<EchoPool>, EchoPool;
            /// The order of idle connections; says the same as `pool_use_lifo`. (`QueuePool`)
            pool_order: PoolOrder, PoolOrder;
            /// For how long a waiter may be overtaken by whoever comes later. Default zero: never,
            /// strictly first come, first served. About 500 µs raises the throughput of databases
            /// inside the process. (`QueuePool`)
            pool_bypass: Duration, Duration;
            /// Checkouts that may wait at the same time; further ones fail at once. Default `None`:
            /// any number. Zero never waits. (`QueuePool`)
            pool_max_waiters: impl Into<Option<u32>>, Option<u32>;
            /// Idle connections that are kept ready, opened ahead of need by a thread in the
            /// background. Default 0. (`QueuePool`)
            pool_min_idle: u32, u32;
            /// Whether building the pool opens `pool_min_idle` connections first, and what a failure
            /// means. Default: building connects to nothing. (`QueuePool`)
            pool_prefill: Prefill, Prefill;
            /// How much earlier than `pool_recycle` a connection may be replaced, as a fraction drawn
            /// for each connection, so that not all are replaced at once. Default 0.1.
            pool_max_lifetime_jitter: f64, f64;
            /// Connections that nobody used for this long are closed, down to `pool_min_idle`.
            /// Default `None`: never. (`QueuePool`)
            pool_idle_timeout: impl Into<Option<Duration>>, Option<Duration>;
            /// Idle connections are tested this often, in the background, and dropped when they do
            /// not answer. Default `None`: never. (`QueuePool`)
            pool_keepalive: impl Into<Option<Duration>>, Option<Duration>;
            /// With `pool_pre_ping`: tests only connections that were idle for longer than this.
            /// Default zero: always.
            pool_ping_idle: Duration, Duration;
            /// How long opening one connection may take. Default `None`: as the driver decides,
            /// within `pool_timeout`. Classes without a `pool_timeout` add it to their 30 s.
            pool_connect_timeout: impl Into<Option<Duration>>, Option<Duration>;
            /// How long a test of a connection may take. Default 5 s.
            pool_ping_timeout: Duration, Duration;
            /// How long the reset of a returned connection may take; then it is closed. Default 5 s.
            pool_reset_timeout: Duration, Duration;
            /// How long closing a connection may take, or all idle ones of a pool; what is left then is
            /// abandoned. Default 5 s.
            pool_close_timeout: Duration, Duration;
            /// Who opens connections. Default: whoever needs one, in its own thread. (`QueuePool`)
            pool_connect_mode: ConnectMode, ConnectMode;
            /// Connections that are opened at the same time. Default `None`: any number, or 2 in the
            /// background. (`QueuePool`)
            pool_max_connecting: impl Into<Option<u32>>, Option<u32>;
            /// Whether checkouts fail at once while the database is known to be down. Default: each
            /// one tries. (`QueuePool`)
            pool_breaker: Breaker, Breaker;
            /// Failed connects in a row after which the database counts as down. Default 3.
            pool_breaker_threshold: u32, u32;
            /// A checkout that lasts longer than this is reported once, with the place and the
            /// thread that made it. Default `None`: none is.
            pool_leak_threshold: impl Into<Option<Duration>>, Option<Duration>;
            /// Takes the times of checkouts, uses, connects and tests, for `snapshot()` and metrics.
            /// Each checkout and return then reads a clock. Default `false`: counters alone, which
            /// cost nothing and so cannot be switched off.
            pool_histograms: bool, bool;
        }
    };
}
pub(crate) use with_pool_settings;

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $argument:ty, $kept:ty;)*) => {
        /// What a pool is made of, before it is checked. What is not set has its default.
        ///
        /// ```
        /// use aludel::pool::settings::{PoolClass, PoolSettings};
        /// use std::time::Duration;
        ///
        /// let settings = PoolSettings::new().pool_size(3).max_overflow(0).pool_timeout(Duration::from_secs(5));
        /// let config = settings.check(PoolClass::QueuePool)?;
        /// assert_eq!((config.size, config.max_open), (Some(3), Some(3)));
        ///
        /// let nonsense = PoolSettings::new().poolclass(PoolClass::NullPool).pool_size(3);
        /// assert_eq!(
        ///     nonsense.check(PoolClass::QueuePool).unwrap_err().message(),
        ///     "NullPool has no setting `pool_size`",
        /// );
        /// # Ok::<(), aludel::Error>(())
        /// ```
        #[derive(Clone, Debug, Default)]
        pub struct PoolSettings {
            $(pub(super) $name: Option<$kept>,)*
        }

        impl PoolSettings {
            /// The names of all settings.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// No setting but the defaults.
            pub fn new() -> Self {
                Self::default()
            }

            /// The names of the settings that were set.
            pub fn given(&self) -> impl Iterator<Item = &'static str> {
                [$((stringify!($name), self.$name.is_some())),*]
                    .into_iter()
                    .filter_map(|(name, given)| given.then_some(name))
            }

            $(
                $(#[$doc])*
                #[must_use]
                #[allow(clippy::useless_conversion)] // Some arguments are of the kept type already.
                pub fn $name(mut self, value: $argument) -> Self {
                    self.$name = Some(value.into());
                    self
                }
            )*
        }
    };
}

with_pool_settings!(settings);

/// Gives a builder that holds [`PoolSettings`] in the field `$field` a method for each setting.
macro_rules! pool_settings_methods {
    ($field:ident; $($(#[$doc:meta])* $name:ident: $argument:ty, $kept:ty;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(mut self, value: $argument) -> Self {
                self.$field = self.$field.$name(value);
                self
            }
        )*
    };
}
pub(crate) use pool_settings_methods;
