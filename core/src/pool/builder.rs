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
use crate::error::Result;
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

    /// Makes the pool. Connects to nothing, unless `pool_prefill` says so.
    ///
    /// # Errors
    /// An [`Argument`](crate::ErrorKind::Argument) error when the settings make no sense; it names
    /// the setting and says why; with `Prefill::Fail` also what the manager reports.
    pub fn build(self) -> Result<Pool<M>> {
        let config = self.settings.check(PoolClass::QueuePool)?;
        self.build_as(config)
    }

    /// The same with settings that were checked.
    pub(crate) fn build_as(self, config: PoolConfig) -> Result<Pool<M>> {
        let audience = Arc::new(Audience::new(self.listeners));
        let core = Core::new(Arc::new(self.manager), config, audience);
        let pool = Pool::of(core);
        pool.core().prefill()?;
        Ok(pool)
    }
}

impl<M: Manager> PoolBuilder<M> {
    with_pool_settings!(pool_settings_methods settings;);
}
