//! The engine itself.

use std::panic::Location;
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
use crate::pool::{PoolConfig, PooledConnection};
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
        &self.source().origin.url
    }

    /// What the dialect says about itself.
    pub fn dialect(&self) -> &'static DialectInfo {
        self.source().origin.dialect.info()
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
        &self.source().origin.plan
    }

    /// The settings of the engine's pool, those of the program and the defaults.
    pub fn pool_config(&self) -> &PoolConfig {
        self.source().pool.config()
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

    /// Gives a connection of the pool, which opens one when none is idle. Blocks.
    ///
    /// # Errors
    /// `Operational` when the database cannot be reached or refuses; `Timeout` when all connections
    /// that the pool may have stay in use for `pool_timeout`, with who has them; `ResourceClosed`
    /// once the engine is [closed](Engine::close); for options of the engine as
    /// [`Connection::execution_options`].
    #[inline]
    #[track_caller]
    pub fn connect(&self) -> Result<Connection> {
        self.connect_at(Location::caller())
    }

    /// The same for somebody who was called from there.
    pub(crate) fn connect_at(&self, place: &'static Location<'static>) -> Result<Connection> {
        Connection::lent(self.state.checkout(place)?)
    }

    /// As [`connect`](Engine::connect), for tasks of any executor: no runtime is needed, and nothing
    /// of waiting, opening, testing, resetting and closing blocks the thread that polls, also when
    /// the future or the connection is dropped. Statements block, as on any connection.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// async fn answer(engine: &aludel::Engine) -> aludel::Result<i64> {
    ///     engine.connect_async().await?.scalar("select 42", ())
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`connect`](Engine::connect). A `SingletonThreadPool` refuses: tasks have no thread.
    #[track_caller]
    pub fn connect_async(&self) -> impl Future<Output = Result<Connection>> + Send + use<> {
        let place = Location::caller();
        let is_timed = self.source().is_checkout_watched();
        let connecting = self.source().pool.connect_async_at(place).timed(is_timed);
        let state = Arc::clone(&self.state);
        async move {
            match connecting.await {
                Ok(held) => {
                    let times = is_timed.then(|| PooledConnection::times(&held));
                    Connection::lent(state.lease(held, place, times))
                }
                Err(error) => Err(state.refused(error)),
            }
        }
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
    #[track_caller]
    pub fn raw_connection(&self) -> Result<RawConnection> {
        Ok(RawConnection::new(self.state.checkout(Location::caller())?))
    }
}

impl std::fmt::Debug for Engine {
    /// `Engine(sqlite:///shop.db)`, the password masked.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({})", self.url())
    }
}
