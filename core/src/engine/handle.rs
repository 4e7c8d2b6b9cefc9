//! The engine itself.

use std::sync::Arc;

use super::builder::EngineBuilder;
use super::cache_stats::CacheStats;
use super::connection::Connection;
use super::events::Dispatch;
use super::raw_connection::RawConnection;
use super::source::Source;
use super::state::EngineState;
use crate::dialect::{ConnectPlan, DialectInfo};
use crate::echo::Echo;
use crate::error::{Error, Result};
use crate::pool::PoolConfig;
use crate::url::Url;

/// A database's URL, its dialect, and where its connections come from.
///
/// Make one for each database and keep it; it connects at the first use. Cloning is cheap and
/// shares everything. May be used by any number of threads.
#[derive(Clone)]
pub struct Engine {
    state: Arc<EngineState>,
}

/// Makes an engine for a URL, as `Engine::builder(url).build()` does.
///
/// Finds and loads the dialect, checks the URL, and does not connect.
///
/// # Errors
/// `Url` for a malformed URL; `Plugin` when no dialect serves it; `Argument` for options that the
/// dialect does not have.
pub fn create_engine<U>(url: U) -> Result<Engine>
where
    U: TryInto<Url>,
    U::Error: Into<Error>,
{
    Engine::builder(url).build()
}

impl Engine {
    /// Begins an engine for this URL (text or a [`Url`]). A malformed URL is reported by
    /// [`build`](EngineBuilder::build).
    pub fn builder<U>(url: U) -> EngineBuilder
    where
        U: TryInto<Url>,
        U::Error: Into<Error>,
    {
        EngineBuilder::new(url.try_into().map_err(Into::into))
    }

    pub(super) fn new(state: EngineState) -> Self {
        Engine { state: Arc::new(state) }
    }

    /// A handle to this engine.
    pub(super) fn of(state: Arc<EngineState>) -> Self {
        Engine { state }
    }

    pub(super) fn dispatch(&self) -> &Arc<Dispatch> {
        &self.state.dispatch
    }

    pub(super) fn state(&self) -> &Arc<EngineState> {
        &self.state
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.state.source
    }

    /// The URL. Printing it masks the password.
    pub fn url(&self) -> &Url {
        &self.source().url
    }

    /// What the dialect says about itself.
    pub fn dialect(&self) -> &'static DialectInfo {
        self.source().dialect.info()
    }

    /// The name of the dialect, for example `sqlite`.
    pub fn name(&self) -> &'static str {
        self.dialect().name
    }

    /// What the dialect reaches the database through, whatever driver the URL names: the first of
    /// its [drivers](DialectInfo::drivers), or its name where it lists none.
    pub fn driver(&self) -> &'static str {
        self.dialect().drivers.first().copied().unwrap_or(self.name())
    }

    /// What the driver gets of URL and program, secrets left out, and the pool that suits.
    pub fn connect_plan(&self) -> &ConnectPlan {
        &self.source().plan
    }

    /// The settings of the engine's pool, those of the program and the defaults.
    pub fn pool_config(&self) -> &PoolConfig {
        &self.source().pool
    }

    /// How much the engine prints.
    pub fn echo(&self) -> Echo {
        self.source().reporting.echo()
    }

    /// Sets how much the engine and its sub-engines print from now on.
    pub fn set_echo(&self, echo: impl Into<Echo>) {
        self.source().reporting.set_echo(echo.into());
    }

    /// True when messages do not show the values of parameters.
    pub fn hide_parameters(&self) -> bool {
        self.source().reporting.hide_parameters
    }

    /// How the cache of compiled texts does.
    pub fn query_cache(&self) -> CacheStats {
        self.source().compiled.stats()
    }

    /// Forgets all compiled texts; hits and misses count on. What connections keep prepared stays.
    pub fn clear_compiled_cache(&self) {
        self.source().compiled.clear();
    }

    /// Opens a connection. Blocks.
    ///
    /// # Errors
    /// `Operational` when the database cannot be reached or refuses; `Timeout` when the one
    /// connection of a private in-memory database stays in use; `ResourceClosed` once the engine is
    /// [closed](Engine::close); for options of the engine as
    /// [`Connection::execution_options`].
    pub fn connect(&self) -> Result<Connection> {
        let mut connection = Connection::new(self.state.checkout()?)?;
        connection.tell_engine_connect()?;
        Ok(connection)
    }

    /// Opens a driver's connection with nothing around it: no transaction is begun, no SQL is
    /// changed, and no option but those of connecting applies. Blocks.
    ///
    /// # Errors
    /// As [`connect`](Engine::connect).
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let mut raw = aludel::create_engine("sqlite://")?.raw_connection()?;
    /// assert!(raw.is_alive());
    /// let server = raw.server_info(aludel::abi::host::Limits::NONE)?;
    /// assert_eq!(server.name, "SQLite");
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw_connection(&self) -> Result<RawConnection> {
        Ok(RawConnection::new(self.state.checkout()?))
    }
}

impl std::fmt::Debug for Engine {
    /// `Engine(sqlite:///shop.db)`, the password masked.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({})", self.url())
    }
}
