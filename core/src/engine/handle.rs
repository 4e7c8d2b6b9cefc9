//! The engine itself.

use std::sync::Arc;

use super::builder::EngineBuilder;
use super::cache_stats::CacheStats;
use super::connection::Connection;
use super::source::Source;
use crate::dialect::DialectInfo;
use crate::error::{Error, Result};
use crate::url::Url;

/// A database's URL, its dialect, and where its connections come from.
///
/// Make one for each database and keep it; it connects at the first use. Cloning is cheap and
/// shares everything. May be used by any number of threads.
#[derive(Clone)]
pub struct Engine {
    source: Arc<Source>,
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

    pub(super) fn new(source: Arc<Source>) -> Self {
        Engine { source }
    }

    /// The URL. Printing it masks the password.
    pub fn url(&self) -> &Url {
        &self.source.url
    }

    /// What the dialect says about itself.
    pub fn dialect(&self) -> &'static DialectInfo {
        self.source.dialect.info()
    }

    /// How the cache of compiled texts does.
    pub fn query_cache(&self) -> CacheStats {
        self.source.compiled.stats()
    }

    /// Opens a connection. Blocks.
    ///
    /// # Errors
    /// `Operational` when the database cannot be reached or refuses; `Timeout` when the one
    /// connection of an in-memory database stays in use.
    pub fn connect(&self) -> Result<Connection> {
        Ok(Connection::new(self.source.checkout()?))
    }
}

impl std::fmt::Debug for Engine {
    /// `Engine(sqlite:///shop.db)`, the password masked.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({})", self.source.url)
    }
}
