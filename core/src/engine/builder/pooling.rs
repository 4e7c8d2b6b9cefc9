//! The settings of the engine's pool.

use super::EngineBuilder;
use crate::error::Result;
use crate::pool::settings::{
    Breaker, ConnectMode, EchoPool, PoolClass, PoolOrder, Prefill, ResetOnReturn,
    pool_settings_methods, with_pool_settings,
};
use std::time::Duration;

/// The settings of the pool.
///
/// [`build`](EngineBuilder::build) checks them, and refuses those that the pool's class does not have
/// and those that contradict each other. `docs/pool.md` tells what the pool does with them. For
/// SQLite in memory the class decides what is shared: with `StaticPool` and `SingletonThreadPool`
/// each connection has a database of its own, with any other all share one.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// use std::time::Duration;
///
/// use aludel::Engine;
/// use aludel::pool::settings::PoolClass;
///
/// let builder = || Engine::builder("sqlite:///shop.db").pool_recycle(Duration::from_secs(3600));
/// assert_eq!(builder().build()?.pool_config().class, PoolClass::QueuePool);
///
/// let error = builder().poolclass(PoolClass::NullPool).pool_size(3).build().unwrap_err();
/// assert_eq!(error.message(), "NullPool has no setting `pool_size`");
/// # Ok(())
/// # }
/// ```
impl EngineBuilder {
    with_pool_settings! { pool_settings_methods pool; }

    /// Sets a setting of the pool from text; `None` when there is none of this name.
    pub(in crate::engine) fn pool_setting(
        mut self,
        name: &str,
        text: &str,
    ) -> Result<Option<Self>> {
        Ok(self.pool.set_text(name, text)?.then_some(self))
    }
}
