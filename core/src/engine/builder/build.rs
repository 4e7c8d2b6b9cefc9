//! What an engine is made of, and the checks when it is made.

use std::sync::Arc;

use crate::abi::StaticDialect;
use crate::abi::host::DriverDialect;
use crate::dbapi::IsolationLevel;
use crate::dialect::{DialectInfo, ParamStyle};
use crate::engine::compiled_cache::CompiledCache;
use crate::engine::connect_args::{ProgramOptions, connect_args};
use crate::engine::connector::{Connector, Creator};
use crate::engine::credentials::Provider;
use crate::engine::first_connect::FirstConnect;
use crate::engine::handle::Engine;
use crate::engine::number::number;
use crate::engine::origin::Origin;
use crate::engine::report::Reporting;
use crate::engine::session_manager::SessionManager;
use crate::engine::source::{InsertManyValuesSettings, Source};
use crate::engine::state::EngineState;
use crate::engine::url_rules::UrlRules;
use crate::error::{Error, Result};
use crate::plugin::{Policy, Search, loaded_dialect, register};
use crate::pool::settings::PoolClass;
use crate::pool::{Pool, PoolSettings};
use crate::text::ExecutionOptions;
use crate::url::Url;

/// Collects what an engine is made of; [`build`](EngineBuilder::build) checks it.
///
/// Each of SQLAlchemy's parameters of `create_engine` that has a meaning here is a method of its
/// name, and has its default.
pub struct EngineBuilder {
    pub(super) url: Result<Url>,
    pub(super) options: ProgramOptions,
    pub(super) rules: UrlRules,
    pub(super) dialect: Option<StaticDialect>,
    pub(super) search: Search,
    pub(super) policy: Policy,
    pub(super) creator: Option<Creator>,
    pub(super) credentials: Option<Provider>,
    pub(super) isolation_level: Option<IsolationLevel>,
    pub(super) paramstyle: Option<ParamStyle>,
    pub(super) query_cache_size: usize,
    pub(super) statement_cache_size: usize,
    pub(super) execution_options: ExecutionOptions,
    pub(super) insertmanyvalues: InsertManyValuesSettings,
    pub(super) reporting: Reporting,
    pub(super) pool: PoolSettings,
}

impl EngineBuilder {
    pub(in crate::engine) fn new(url: Result<Url>) -> Self {
        EngineBuilder {
            url,
            options: Vec::new(),
            rules: UrlRules::default(),
            dialect: None,
            search: Search::new(),
            policy: Policy::new(),
            creator: None,
            credentials: None,
            isolation_level: None,
            paramstyle: None,
            query_cache_size: 500,
            statement_cache_size: 100,
            execution_options: ExecutionOptions::new(),
            insertmanyvalues: InsertManyValuesSettings::default(),
            reporting: Reporting::new(),
            pool: PoolSettings::new(),
        }
    }

    /// Finds, verifies and loads the dialect, and checks URL, options and parameters. Does not
    /// connect.
    ///
    /// # Errors
    /// `Url` for a malformed URL; `Plugin` when no dialect serves it; `Argument` for options that
    /// the dialect does not have, and for parameters that it or the pool cannot fulfil.
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
        let info = dialect.info();
        self.rules.check_allowed(info)?;
        let secrets = info.options.iter().filter(|option| option.secret);
        url.hide_options(secrets.map(|option| option.name.to_owned()));
        let number = number(self.pool.class());
        let args = connect_args(&url, &self.rules, &self.options, info, number)?;
        let plan = dialect.create_connect_args(&args)?;
        drop(args);
        check_isolation_level(self.isolation_level, info)?;
        check_paramstyle(self.paramstyle, info)?;
        let suits = plan.pool.as_deref().and_then(PoolClass::from_word);
        let suits = suits.unwrap_or(PoolClass::QueuePool);
        let pool = if plan.pool_use_lifo { self.pool.or_lifo(suits) } else { self.pool };
        let pool = pool.check(suits)?;
        let connector = Connector {
            rules: self.rules,
            options: self.options,
            creator: self.creator,
            credentials: self.credentials,
            isolation_level: self.isolation_level,
            first_connect: FirstConnect::default(),
        };
        let (number, cached) = (number, self.statement_cache_size);
        let origin = Arc::new(Origin::new((url, dialect, plan), number, connector, cached));
        let manager = SessionManager::new(Arc::clone(&origin));
        let sink = self.reporting.sink.clone();
        let pool = Pool::builder(manager).echo_into(sink).build_as(pool)?;
        let compiled = CompiledCache::new(self.query_cache_size);
        let dispatch = Arc::clone(&origin.dispatch);
        let source = Source::new(origin, pool, compiled, self.insertmanyvalues, self.reporting);
        Ok(Engine::new(EngineState::new(source, self.execution_options, dispatch)))
    }
}

fn check_isolation_level(level: Option<IsolationLevel>, info: &DialectInfo) -> Result<()> {
    let Some(level) = level else { return Ok(()) };
    // Autocommit is that no transaction is begun, which every database knows.
    if level == IsolationLevel::Autocommit || info.isolation_levels.contains(&level) {
        return Ok(());
    }
    let mut names: Vec<&str> = info.isolation_levels.iter().map(|level| level.name()).collect();
    if !names.contains(&IsolationLevel::Autocommit.name()) {
        names.push(IsolationLevel::Autocommit.name());
    }
    let message = format!("dialect `{}` has no isolation_level {level}", info.name);
    Err(Error::argument(message).with_help(format!("it has {}", names.join(", "))))
}

fn check_paramstyle(style: Option<ParamStyle>, info: &DialectInfo) -> Result<()> {
    let own = info.rules.paramstyle;
    match style {
        Some(style) if style != own => Err(Error::argument(format!(
            "dialect `{}` has the paramstyle {}, not {}",
            info.name,
            own.name(),
            style.name()
        ))
        .with_help("leave it out: binds are written :name for every dialect")),
        _ => Ok(()),
    }
}

impl std::fmt::Debug for EngineBuilder {
    /// The URL alone, the password and all values of options masked.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = self.url.as_ref().map_or_else(|_| "malformed".to_owned(), Url::masked_whole);
        f.debug_struct("EngineBuilder").field("url", &url).finish_non_exhaustive()
    }
}
