//! Making an engine.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use super::compiled_cache::CompiledCache;
use super::connect_args::{ProgramOptions, connect_args};
use super::handle::Engine;
use super::source::{InsertManyValuesSettings, Kept, Source};
use super::url_rules::UrlRules;
use crate::abi::StaticDialect;
use crate::abi::host::DriverDialect;
use crate::error::Result;
use crate::plugin::{Policy, Search, loaded_dialect, register};
use crate::url::Url;

/// Collects what an engine is made of; [`build`](EngineBuilder::build) checks it.
pub struct EngineBuilder {
    url: Result<Url>,
    options: ProgramOptions,
    rules: UrlRules,
    dialect: Option<StaticDialect>,
    search: Search,
    policy: Policy,
    query_cache_size: usize,
    statement_cache_size: usize,
    insertmanyvalues: InsertManyValuesSettings,
}

impl EngineBuilder {
    pub(super) fn new(url: Result<Url>) -> Self {
        EngineBuilder {
            url,
            options: Vec::new(),
            rules: UrlRules::default(),
            dialect: None,
            search: Search::new(),
            policy: Policy::new(),
            query_cache_size: 500,
            statement_cache_size: 100,
            insertmanyvalues: InsertManyValuesSettings::default(),
        }
    }

    /// Gives the driver an option (SQLAlchemy's `connect_args`), beside those of the URL. Options
    /// that a URL may not give are accepted here: the program vouches for them.
    #[must_use]
    pub fn connect_arg(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.options.push((name.into(), value.to_string()));
        self
    }

    /// Accepts URLs of these schemes only, and looks for nothing else: for programs that take URLs
    /// from strangers. A dialect stands for the drivers that are known to be its own (`postgresql`
    /// accepts `postgresql+psycopg`, and not `postgresql+pyodbc`, which means ODBC); other names and
    /// drivers are listed where they are wanted.
    ///
    /// ```
    /// let engine = aludel::Engine::builder("file:///etc/passwd").schemes(["postgresql"]).build();
    /// assert_eq!(engine.unwrap_err().code(), Some("P22"));
    /// ```
    #[must_use]
    pub fn schemes<S: Into<String>>(mut self, schemes: impl IntoIterator<Item = S>) -> Self {
        self.rules.schemes = Some(schemes.into_iter().map(Into::into).collect());
        self
    }

    /// The URL comes from somebody whom the program does not trust: options that name a file to
    /// read are refused as well, beside those that can run code, which no URL may give.
    #[must_use]
    pub fn untrusted_url(mut self) -> Self {
        self.rules.is_untrusted = true;
        self
    }

    /// Accepts an option from the URL although it names a file or can run code, as
    /// `dialect.option`: `.allow_option("sqlite.load_extension")`. May be called more than once;
    /// options of other dialects than the URL's are without effect.
    #[must_use]
    pub fn allow_option(mut self, name: impl Into<String>) -> Self {
        self.rules.allowed.push(name.into());
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

    /// How many texts the engine keeps compiled, that is with their binds found; 500 unless set, 0
    /// for none.
    #[must_use]
    pub fn query_cache_size(mut self, texts: usize) -> Self {
        self.query_cache_size = texts;
        self
    }

    /// How many statements each connection keeps prepared; 100 unless set, 0 for none. A dialect
    /// may keep some of its own beside them.
    #[must_use]
    pub fn statement_cache_size(mut self, statements: usize) -> Self {
        self.statement_cache_size = statements;
        self
    }

    /// Whether [`INSERT … RETURNING` with many sets of parameters](crate::result::InsertManyValues)
    /// is made into few inserts of many rows, which is so unless set. With `false` each set is
    /// executed by itself.
    #[must_use]
    pub fn use_insertmanyvalues(mut self, uses: bool) -> Self {
        self.insertmanyvalues.is_used = uses;
        self
    }

    /// Most rows of one of those inserts; 1000 unless set, and 0 is taken as 1. An execution may
    /// [say otherwise](crate::ExecutionOptions::insertmanyvalues_page_size).
    #[must_use]
    pub fn insertmanyvalues_page_size(mut self, rows: usize) -> Self {
        self.insertmanyvalues.page_size = NonZeroUsize::new(rows).unwrap_or(NonZeroUsize::MIN);
        self
    }

    /// Finds, verifies and loads the dialect, and checks URL and options. Does not connect.
    ///
    /// # Errors
    /// `Url` for a malformed URL; `Plugin` when no dialect serves it; `Argument` for options that
    /// the dialect does not have.
    pub fn build(self) -> Result<Engine> {
        let mut url = self.url?;
        self.rules.check_scheme(&url)?;
        let dialect = match self.dialect {
            Some(dialect) => {
                // One process holds one provider of a dialect: two copies of one native library lose data.
                register(dialect)?;
                DriverDialect::from(dialect)
            }
            None => loaded_dialect(&url, &self.search, &self.policy)?.dialect,
        };
        self.rules.check_allowed(dialect.info())?;
        let secrets = dialect.info().options.iter().filter(|option| option.secret);
        url.hide_options(secrets.map(|option| option.name.to_owned()));
        let args = connect_args(&url, &self.rules, &self.options, dialect.info())?;
        let plan = dialect.create_connect_args(&args)?;
        let in_connection =
            matches!(plan.pool.as_deref(), Some("SingletonThreadPool" | "StaticPool"));
        let kept = in_connection.then(Kept::default);
        drop(args);
        let source = Source {
            url,
            rules: self.rules,
            dialect,
            options: self.options,
            compiled: CompiledCache::new(self.query_cache_size),
            statement_cache_size: self.statement_cache_size,
            insertmanyvalues: self.insertmanyvalues,
            kept,
        };
        Ok(Engine::new(Arc::new(source)))
    }
}
