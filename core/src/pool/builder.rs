//! Making a pool.

use std::sync::Arc;

use super::core::Core;
use super::handle::Pool;
use super::listener::{Audience, PoolListener};
use super::manager::Manager;
use super::settings::{
    Breaker, ConnectMode, EchoPool, PoolClass, PoolConfig, PoolOrder, PoolSettings, Prefill,
    ResetOnReturn, pool_settings_methods, with_pool_settings,
};
use crate::error::{Error, Result};
use std::time::Duration;

/// Collects what a pool is made of; [`build`](PoolBuilder::build) checks it.
pub struct PoolBuilder<M: Manager> {
    manager: M,
    settings: PoolSettings,
    listeners: Vec<Arc<dyn PoolListener<M::Connection>>>,
}

impl<M: Manager> PoolBuilder<M> {
    pub(super) fn new(manager: M) -> Self {
        PoolBuilder { manager, settings: PoolSettings::new(), listeners: Vec::new() }
    }

    /// Takes all settings from `settings`, in place of those that were set before.
    #[must_use]
    pub fn settings(mut self, settings: PoolSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Adds a listener, which is told from the first connection on.
    #[must_use]
    pub fn listener(mut self, listener: Arc<dyn PoolListener<M::Connection>>) -> Self {
        self.listeners.push(listener);
        self
    }

    /// Makes the pool. Connects to nothing.
    ///
    /// # Errors
    /// An [`Argument`](crate::ErrorKind::Argument) error when the settings make no sense; it names
    /// the setting and says why.
    pub fn build(self) -> Result<Pool<M>> {
        let config = self.settings.check(PoolClass::QueuePool)?;
        refuse_unfinished(&config)?;
        let audience = Arc::new(Audience::new(self.listeners));
        Ok(Pool::of(Core::new(Arc::new(self.manager), config, audience)))
    }
}

impl<M: Manager> PoolBuilder<M> {
    with_pool_settings!(pool_settings_methods settings;);
}

/// Settings that this version knows and does not honour.
fn refuse_unfinished(config: &PoolConfig) -> Result<()> {
    let unfinished = [
        ("pool_connect_mode", config.connect_mode == ConnectMode::Background),
        ("pool_min_idle", config.min_idle > 0),
        ("pool_idle_timeout", config.idle_timeout.is_some()),
        ("pool_keepalive", config.keepalive.is_some()),
        ("pool_breaker", config.breaker == Breaker::Fail),
        ("pool_leak_threshold", config.leak_threshold.is_some()),
    ];
    match unfinished.iter().find(|(_, set)| *set) {
        Some((name, _)) => Err(Error::not_supported(format!(
            "{}: this version does not honour `{name}` yet",
            config.class
        ))),
        None => Ok(()),
    }
}
