//! Refuses settings that make no sense together, and says which and why.

use std::time::Duration;

use super::{
    Breaker, ConnectMode, EchoPool, PoolClass, PoolConfig, PoolOrder, PoolSettings, Prefill,
    ResetOnReturn,
};
use crate::error::{Error, Result};

const SECOND: Duration = Duration::from_secs(1);

/// A hundred years: further times overflow clocks and are surely mistakes.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 24 * 3600);

impl PoolClass {
    /// True when pools of this class know the setting.
    pub fn takes(self, setting: &str) -> bool {
        match setting {
            "poolclass" | "pool_reset_on_return" | "pool_logging_name" | "echo_pool" => true,
            "pool_connect_timeout" | "pool_reset_timeout" | "pool_close_timeout" => true,
            "pool_histograms" => true,
            "pool_leak_threshold" => self != PoolClass::SingletonThreadPool,
            "pool_recycle"
            | "pool_max_lifetime_jitter"
            | "pool_pre_ping"
            | "pool_ping_idle"
            | "pool_ping_timeout" => self != PoolClass::NullPool,
            "pool_size" => matches!(self, PoolClass::QueuePool | PoolClass::SingletonThreadPool),
            "pool_timeout" => matches!(self, PoolClass::QueuePool | PoolClass::StaticPool),
            _ => self == PoolClass::QueuePool,
        }
    }
}

impl PoolSettings {
    /// The class that was set.
    pub(crate) fn class(&self) -> Option<PoolClass> {
        self.poolclass
    }

    /// The same, with the connection that came back last used first, unless an order was set or the
    /// pool has none.
    pub(crate) fn or_lifo(mut self, default: PoolClass) -> Self {
        let is_queue = self.poolclass.unwrap_or(default) == PoolClass::QueuePool;
        if is_queue && self.pool_order.is_none() {
            self.pool_use_lifo.get_or_insert(true);
        }
        self
    }

    /// Checks the settings for a pool of their `poolclass`, or of `default` where none was set, and
    /// fills in the defaults.
    ///
    /// # Errors
    /// An [`Argument`](crate::ErrorKind::Argument) error that names the setting and says what is
    /// wrong with it.
    pub fn check(&self, default: PoolClass) -> Result<PoolConfig> {
        let class = self.poolclass.unwrap_or(default);
        if let Some(name) = self.given().find(|name| !class.takes(name)) {
            return Err(Error::argument(format!("{class} has no setting `{name}`"))
                .with_help("leave it out, or choose a poolclass that has it"));
        }
        self.check_times(class)?;
        self.check_sizes(class)?;
        self.check_switches(class)?;
        Ok(self.fill(class))
    }

    fn check_times(&self, class: PoolClass) -> Result<()> {
        let at_most_forever = [
            ("pool_timeout", self.pool_timeout.flatten(), false),
            ("pool_bypass", self.pool_bypass, false),
            ("pool_ping_idle", self.pool_ping_idle, false),
            ("pool_recycle", self.pool_recycle.flatten(), true),
            ("pool_idle_timeout", self.pool_idle_timeout.flatten(), true),
            ("pool_keepalive", self.pool_keepalive.flatten(), true),
            ("pool_connect_timeout", self.pool_connect_timeout.flatten(), true),
            ("pool_ping_timeout", self.pool_ping_timeout, true),
            ("pool_reset_timeout", self.pool_reset_timeout, true),
            ("pool_close_timeout", self.pool_close_timeout, true),
            ("pool_leak_threshold", self.pool_leak_threshold.flatten(), true),
        ];
        for (name, time, positive) in at_most_forever {
            let Some(time) = time else { continue };
            if positive && time.is_zero() {
                return Err(refuse(class, name, "must be longer than zero", zero_help(name)));
            }
            if time > LONGEST {
                return Err(refuse(class, name, "is longer than a hundred years", "use `None`"));
            }
        }
        Ok(())
    }

    fn check_sizes(&self, class: PoolClass) -> Result<()> {
        let size = self.pool_size.unwrap_or(5);
        let overflow = self.max_overflow.unwrap_or(10);
        if overflow < -1 {
            let help = "give a number from 0, or -1 for no limit";
            return Err(refuse(class, "max_overflow", &format!("is {overflow}"), help));
        }
        if size == 0 && class == PoolClass::SingletonThreadPool {
            return Err(refuse(class, "pool_size", "must be at least 1", "give a number from 1"));
        }
        if size == 0 && self.max_overflow.is_some_and(|overflow| overflow >= 0) {
            let what = "sets a limit, and `pool_size` 0 says that there is none";
            return Err(refuse(class, "max_overflow", what, "set one of the two"));
        }
        let min_idle = self.pool_min_idle.unwrap_or(0);
        if size != 0 && min_idle > size {
            let what = format!("is {min_idle}, more than the {size} that `pool_size` keeps");
            return Err(refuse(class, "pool_min_idle", &what, "raise `pool_size` or lower it"));
        }
        if self.pool_max_connecting == Some(Some(0)) {
            let what = "is 0, so that no connection could ever be opened";
            return Err(refuse(class, "pool_max_connecting", what, "give a number from 1"));
        }
        let unlimited = size == 0 || overflow == -1;
        let waits = self.pool_bypass.is_some_and(|time| !time.is_zero())
            || self.pool_max_waiters.flatten().is_some();
        let inline = self.pool_connect_mode.unwrap_or(ConnectMode::Inline) == ConnectMode::Inline;
        let no_queue = unlimited && inline && self.pool_max_connecting.flatten().is_none();
        if no_queue && class == PoolClass::QueuePool && waits {
            let name = if self.pool_max_waiters.flatten().is_some() {
                "pool_max_waiters"
            } else {
                "pool_bypass"
            };
            let what = "is about waiting, and nobody waits in a pool without a limit";
            return Err(refuse(class, name, what, "limit `pool_size` and `max_overflow`"));
        }
        Ok(())
    }

    fn check_switches(&self, class: PoolClass) -> Result<()> {
        let lifo = self.pool_order.map(|order| order == PoolOrder::Lifo);
        if let (Some(lifo), Some(order)) = (self.pool_use_lifo, lifo)
            && lifo != order
        {
            return Err(refuse(class, "pool_order", "contradicts `pool_use_lifo`", "set one"));
        }
        let jitter = self.pool_max_lifetime_jitter.unwrap_or(0.1);
        if !(0.0..=1.0).contains(&jitter) {
            let what = format!("is {jitter}");
            let help = "give a fraction from 0 to 1";
            return Err(refuse(class, "pool_max_lifetime_jitter", &what, help));
        }
        if self.pool_breaker_threshold == Some(0) {
            let what = "is 0, so that the database would always count as down";
            return Err(refuse(class, "pool_breaker_threshold", what, "give a number from 1"));
        }
        self.check_background(class)?;
        self.check_companions(class)
    }

    /// In the background connections are opened for those who wait.
    fn check_background(&self, class: PoolClass) -> Result<()> {
        if self.pool_connect_mode != Some(ConnectMode::Background) {
            return Ok(());
        }
        let nobody_waits = [
            ("pool_max_waiters", self.pool_max_waiters.flatten() == Some(0)),
            ("pool_timeout", self.pool_timeout.flatten() == Some(Duration::ZERO)),
        ];
        let Some((name, _)) = nobody_waits.into_iter().find(|(_, set)| *set) else { return Ok(()) };
        let what = "is 0, and connections in the background are opened for those who wait";
        Err(refuse(class, name, what, "raise it, or set `pool_connect_mode` to `inline`"))
    }

    /// Settings that are about what others switch on.
    fn check_companions(&self, class: PoolClass) -> Result<()> {
        let given = |name: &'static str, is: bool, needs: &str| match is {
            true => Err(refuse(class, name, &format!("has no effect without {needs}"), "set both")),
            false => Ok(()),
        };
        let breaker = self.pool_breaker.unwrap_or(Breaker::Off) == Breaker::Fail;
        let threshold = self.pool_breaker_threshold.is_some();
        given("pool_breaker_threshold", threshold && !breaker, "`pool_breaker`")?;
        let prefill = self.pool_prefill.unwrap_or(Prefill::Off) != Prefill::Off;
        let min_idle = self.pool_min_idle.unwrap_or(0) > 0;
        given("pool_prefill", prefill && !min_idle, "`pool_min_idle`")?;
        let ping = self.pool_pre_ping.unwrap_or(false);
        given("pool_ping_idle", self.pool_ping_idle.is_some() && !ping, "`pool_pre_ping`")?;
        let tests = ping || self.pool_keepalive.flatten().is_some();
        let limited = self.pool_ping_timeout.is_some();
        given("pool_ping_timeout", limited && !tests, "`pool_pre_ping` or `pool_keepalive`")?;
        let resets = self.pool_reset_on_return != Some(ResetOnReturn::None);
        let limited = self.pool_reset_timeout.is_some();
        given("pool_reset_timeout", limited && !resets, "a `pool_reset_on_return`")?;
        let recycle = self.pool_recycle.flatten().is_some();
        let jittered = self.pool_max_lifetime_jitter.is_some();
        given("pool_max_lifetime_jitter", jittered && !recycle, "`pool_recycle`")
    }

    fn fill(&self, class: PoolClass) -> PoolConfig {
        let (size, max_open) = self.limits(class);
        let lifo = self.pool_use_lifo == Some(true) || self.pool_order == Some(PoolOrder::Lifo);
        let connect_mode = self.pool_connect_mode.unwrap_or(ConnectMode::Inline);
        let in_background = (connect_mode == ConnectMode::Background).then_some(2);
        PoolConfig {
            class,
            size,
            max_open,
            timeout: self.pool_timeout.unwrap_or_else(|| Some(self.default_timeout(class))),
            recycle: self.pool_recycle.flatten(),
            jitter: self.pool_max_lifetime_jitter.unwrap_or(0.1),
            pre_ping: self.pool_pre_ping.unwrap_or(false),
            ping_idle: self.pool_ping_idle.unwrap_or_default(),
            order: if lifo { PoolOrder::Lifo } else { PoolOrder::Fifo },
            reset_on_return: self.pool_reset_on_return.unwrap_or(ResetOnReturn::Rollback),
            logging_name: self.pool_logging_name.clone(),
            echo: self.echo_pool.unwrap_or(EchoPool::Off),
            bypass: self.pool_bypass.unwrap_or_default(),
            max_waiters: match class {
                PoolClass::AssertionPool => Some(0),
                _ => self.pool_max_waiters.flatten(),
            },
            min_idle: self.pool_min_idle.unwrap_or(0),
            prefill: self.pool_prefill.unwrap_or(Prefill::Off),
            idle_timeout: self.pool_idle_timeout.flatten(),
            keepalive: self.pool_keepalive.flatten(),
            connect_timeout: self.pool_connect_timeout.flatten(),
            ping_timeout: self.pool_ping_timeout.unwrap_or(5 * SECOND),
            reset_timeout: self.pool_reset_timeout.unwrap_or(5 * SECOND),
            close_timeout: self.pool_close_timeout.unwrap_or(5 * SECOND),
            connect_mode,
            max_connecting: self.pool_max_connecting.unwrap_or(in_background),
            breaker: self.pool_breaker.unwrap_or(Breaker::Off),
            breaker_threshold: self.pool_breaker_threshold.unwrap_or(3),
            leak_threshold: self.pool_leak_threshold.flatten(),
            histograms: self.pool_histograms.unwrap_or(false),
        }
    }

    /// A class that takes no `pool_timeout` must not cut what connecting may take.
    fn default_timeout(&self, class: PoolClass) -> Duration {
        match self.pool_connect_timeout.flatten() {
            Some(connect) if !class.takes("pool_timeout") => connect.saturating_add(30 * SECOND),
            _ => 30 * SECOND,
        }
    }

    /// Connections that are kept, and connections that may be open.
    fn limits(&self, class: PoolClass) -> (Option<u32>, Option<u32>) {
        let size = self.pool_size.unwrap_or(5);
        let overflow = u32::try_from(self.max_overflow.unwrap_or(10)).ok();
        match class {
            PoolClass::NullPool => (Some(0), None),
            PoolClass::StaticPool | PoolClass::AssertionPool => (Some(1), Some(1)),
            PoolClass::SingletonThreadPool => (Some(size), None),
            PoolClass::QueuePool if size == 0 => (None, None),
            PoolClass::QueuePool => {
                (Some(size), overflow.map(|overflow| size.saturating_add(overflow)))
            }
        }
    }
}

fn zero_help(name: &str) -> &'static str {
    match name {
        "pool_recycle" => "to open a connection for each checkout use poolclass NullPool",
        _ => "use `None` or leave it out",
    }
}

#[cold]
fn refuse(class: PoolClass, name: &str, what: &str, help: &str) -> Error {
    Error::argument(format!("{class}: `{name}` {what}")).with_help(help)
}
