//! Making an engine.

use std::path::PathBuf;
use std::sync::Arc;

use super::connect_args::{ProgramOptions, connect_args};
use super::handle::Engine;
use super::source::{Kept, Source};
use crate::abi::StaticDialect;
use crate::abi::host::DriverDialect;
use crate::error::Result;
use crate::plugin::{Policy, Search, loaded_dialect, register};
use crate::url::Url;

/// Collects what an engine is made of; [`build`](EngineBuilder::build) checks it.
pub struct EngineBuilder {
    url: Result<Url>,
    options: ProgramOptions,
    dialect: Option<StaticDialect>,
    search: Search,
    policy: Policy,
}

impl EngineBuilder {
    pub(super) fn new(url: Result<Url>) -> Self {
        EngineBuilder {
            url,
            options: Vec::new(),
            dialect: None,
            search: Search::new(),
            policy: Policy::new(),
        }
    }

    /// Gives the driver an option (SQLAlchemy's `connect_args`), beside those of the URL. Options
    /// that a URL may not give are accepted here: the program vouches for them.
    #[must_use]
    pub fn connect_arg(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.options.push((name.into(), value.to_string()));
        self
    }

    /// Uses this dialect, linked into the program, whatever the URL's scheme would load. It is
    /// [registered](crate::register): from then on its own schemes mean it, in every engine.
    #[must_use]
    pub fn dialect(mut self, dialect: StaticDialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// Looks for plugins in this directory before all others. May be called more than once.
    #[must_use]
    pub fn plugin_path(mut self, directory: impl Into<PathBuf>) -> Self {
        self.search = self.search.path(directory);
        self
    }

    /// What plugin files have to fulfil; [`Policy::new`] unless set.
    #[must_use]
    pub fn plugin_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Finds, verifies and loads the dialect, and checks URL and options. Does not connect.
    ///
    /// # Errors
    /// `Url` for a malformed URL; `Plugin` when no dialect serves it; `Argument` for options that
    /// the dialect does not have.
    pub fn build(self) -> Result<Engine> {
        let mut url = self.url?;
        let dialect = match self.dialect {
            Some(dialect) => {
                // One process holds one provider of a dialect: two copies of one native library lose data.
                register(dialect)?;
                DriverDialect::from(dialect)
            }
            None => loaded_dialect(&url, &self.search, &self.policy)?.dialect,
        };
        let secrets = dialect.info().options.iter().filter(|option| option.secret);
        url.hide_options(secrets.map(|option| option.name.to_owned()));
        let plan =
            dialect.create_connect_args(&connect_args(&url, &self.options, dialect.info())?)?;
        let in_connection =
            matches!(plan.pool.as_deref(), Some("SingletonThreadPool" | "StaticPool"));
        let kept = in_connection.then(Kept::default);
        let source = Source { url, dialect, options: self.options, kept };
        Ok(Engine::new(Arc::new(source)))
    }
}
