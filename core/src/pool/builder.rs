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
use crate::echo::Sink;
use crate::error::Result;
use std::io::Write;
use std::time::Duration;

/// Collects what a pool is made of; [`build`](PoolBuilder::build) checks it.
pub struct PoolBuilder<M: Manager> {
    manager: M,
    settings: PoolSettings,
    listeners: Vec<Arc<dyn PoolListener<M::Connection>>>,
    sink: Sink,
}

impl<M: Manager> PoolBuilder<M> {
    pub(super) fn new(manager: M) -> Self {
        let (settings, listeners) = (PoolSettings::new(), Vec::new());
        PoolBuilder { manager, settings, listeners, sink: Sink::StandardOutput }
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

    /// Writes the lines of `echo_pool` there, and not to standard output; also when a `tracing`
    /// subscriber of the program takes them. A line that cannot be written is lost. A writer that
    /// blocks makes whoever uses the pool wait; it must not use the pool itself.
    #[must_use]
    pub fn echo_to(self, writer: impl Write + Send + 'static) -> Self {
        self.echo_into(Sink::writer(writer))
    }

    pub(crate) fn echo_into(mut self, sink: Sink) -> Self {
        self.sink = sink;
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
        let core = Core::new(Arc::new(self.manager), config, audience, self.sink);
        let pool = Pool::of(core);
        pool.core().prefill()?;
        Ok(pool)
    }
}

impl<M: Manager> PoolBuilder<M> {
    with_pool_settings!(pool_settings_methods settings;);
}
