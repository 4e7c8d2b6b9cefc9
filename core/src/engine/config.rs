//! Engines made from a program's configuration: names and values as text.

use super::builder::EngineBuilder;
use super::handle::Engine;
use crate::dialect::{ParamStyle, parse_bool};
use crate::error::{Error, Result};
use crate::pool::PoolSettings;

/// Makes an engine from a program's configuration, whose names begin with `prefix`
/// (`"sqlalchemy."` in SQLAlchemy): `Engine::builder_from_config(config, prefix)?.build()`.
///
/// # Errors
/// As [`Engine::builder_from_config`] and [`EngineBuilder::build`].
pub fn engine_from_config<N: AsRef<str>, V: AsRef<str>>(
    config: impl IntoIterator<Item = (N, V)>,
    prefix: &str,
) -> Result<Engine> {
    Engine::builder_from_config(config, prefix)?.build()
}

impl Engine {
    /// Begins an engine from a program's configuration. Names that do not begin with `prefix` are
    /// somebody else's; the others are `url`, which must be there, parameters of the engine by the
    /// names of the methods of [`EngineBuilder`], and `connect_args.<option>` for options of the
    /// driver. Whatever is set on the builder afterwards goes before what was configured.
    ///
    /// Values are text: `true` and `false`, numbers, seconds with a fraction if need be, words;
    /// `none` where a parameter may be without value.
    ///
    /// # Errors
    /// `Argument` for a name that is no parameter, with the one that was probably meant, for a
    /// parameter that has no meaning here, with the reason, and for a value that is none of its
    /// parameter; also when `url` is missing.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// use aludel::Engine;
    ///
    /// let config = [
    ///     ("sqlalchemy.url", "sqlite:///:memory:"),
    ///     ("sqlalchemy.query_cache_size", "50"),
    ///     ("sqlalchemy.connect_args.foreign_keys", "true"),
    ///     ("mail.host", "smtp.example.com"),
    /// ];
    /// let engine = Engine::builder_from_config(config, "sqlalchemy.")?.hide_parameters(true).build()?;
    /// assert_eq!(engine.query_cache().capacity, 50);
    ///
    /// let mistyped = [("db.url", "sqlite://"), ("db.query_cache_sise", "50")];
    /// let error = aludel::engine_from_config(mistyped, "db.").unwrap_err();
    /// assert_eq!(error.message(), "`db.query_cache_sise` is no parameter of an engine");
    /// assert_eq!(error.help(), Some("did you mean `query_cache_size`?"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder_from_config<N: AsRef<str>, V: AsRef<str>>(
        config: impl IntoIterator<Item = (N, V)>,
        prefix: &str,
    ) -> Result<EngineBuilder> {
        let mut url = None;
        let mut parameters = Vec::new();
        for (name, value) in config {
            let Some(own) = name.as_ref().strip_prefix(prefix) else { continue };
            match own {
                "url" => url = Some(value.as_ref().to_owned()),
                _ => parameters.push((own.to_owned(), value.as_ref().to_owned())),
            }
        }
        let url = url.ok_or_else(|| {
            Error::argument(format!("the configuration has no `{prefix}url`"))
                .with_help("give the URL of the database under this name")
        })?;
        let builder = Engine::builder(url.as_str());
        parameters.into_iter().try_fold(builder, |builder, (name, value)| {
            let setting = Setting { prefix, name: &name, value: &value };
            setting
                .apply(builder)
                .map_err(|error| error.with_note("parameter", setting.whole_name()))
        })
    }
}

/// A parameter of the configuration.
struct Setting<'c> {
    prefix: &'c str,
    name: &'c str,
    value: &'c str,
}

/// The parameters that are set here; those of the pool stand with the pool.
const NAMES: [&str; 10] = [
    "url",
    "echo",
    "hide_parameters",
    "insertmanyvalues_page_size",
    "isolation_level",
    "logging_name",
    "paramstyle",
    "query_cache_size",
    "statement_cache_size",
    "use_insertmanyvalues",
];

/// Parameters of SQLAlchemy that have no meaning here or none as text, and what to do instead.
const WITHOUT_MEANING: [(&str, &str); 14] = [
    ("creator", "a function is no text: set it on the builder"),
    ("enable_from_linting", "SQL that is written as text is not analysed: leave it out"),
    ("execution_options", "set them on the builder, as ExecutionOptions"),
    ("json_deserializer", "JSON is read into the type that is asked for: leave it out"),
    ("json_serializer", "JSON is written from the type that is given: leave it out"),
    ("label_length", "labels are written in the SQL text, not generated: leave it out"),
    ("max_identifier_length", "identifiers are written in the SQL text: leave it out"),
    ("module", "link the dialect and set it on the builder with `dialect`"),
    ("plugins", "an engine has no plugins but its dialect: leave it out"),
    ("plugin", "an engine has no plugins but its dialect: leave it out"),
    ("pool", "a pool is no text: set its parameters one by one"),
    ("pool_events", "listen to the engine's events in code"),
    (
        "skip_autocommit_rollback",
        "a connection without a transaction is not rolled back anyway: leave it out",
    ),
    ("strategy", "SQLAlchemy has given it up too: leave it out"),
];

impl Setting<'_> {
    fn apply(&self, builder: EngineBuilder) -> Result<EngineBuilder> {
        if let Some(option) = self.name.strip_prefix("connect_args.") {
            return Ok(builder.connect_arg(option, self.value));
        }
        Ok(match self.name {
            "echo" => builder.echo(self.value.parse::<crate::Echo>()?),
            "hide_parameters" => builder.hide_parameters(self.truth()?),
            "insertmanyvalues_page_size" => builder.insertmanyvalues_page_size(self.number()?),
            "isolation_level" => builder.isolation_level(self.value.parse()?),
            "logging_name" => builder.logging_name(self.value),
            "paramstyle" => builder.paramstyle(self.paramstyle()?),
            "query_cache_size" => builder.query_cache_size(self.number()?),
            "statement_cache_size" => builder.statement_cache_size(self.number()?),
            "use_insertmanyvalues" => builder.use_insertmanyvalues(self.truth()?),
            name if PoolSettings::NAMES.contains(&name) => self.of_pool(builder)?,
            // The only value that SQLAlchemy takes, and what holds here.
            "future" | "implicit_returning" if self.truth()? => builder,
            _ => return Err(self.refused()),
        })
    }

    fn of_pool(&self, builder: EngineBuilder) -> Result<EngineBuilder> {
        builder.pool_setting(self.name, self.value)?.ok_or_else(|| self.refused())
    }

    fn truth(&self) -> Result<bool> {
        parse_bool(self.name, self.value).map_err(|_| self.wrong("true or false"))
    }

    fn number(&self) -> Result<usize> {
        self.value.parse().map_err(|_| self.wrong("a whole number from 0"))
    }

    fn paramstyle(&self) -> Result<ParamStyle> {
        ParamStyle::from_name(self.value).ok_or_else(|| self.wrong("a paramstyle of PEP 249"))
    }

    fn whole_name(&self) -> String {
        format!("{}{}", self.prefix, self.name)
    }

    #[cold]
    fn wrong(&self, wanted: &str) -> Error {
        Error::argument(format!("`{}` is {:?}, which is not {wanted}", self.name, self.value))
    }

    #[cold]
    fn refused(&self) -> Error {
        let Setting { prefix, name, .. } = self;
        let without_meaning = WITHOUT_MEANING.iter().find(|(known, _)| known == name);
        if let Some((_, instead)) = without_meaning {
            return Error::argument(format!("`{prefix}{name}` has no meaning in a configuration"))
                .with_help(*instead);
        }
        if matches!(*name, "future" | "implicit_returning") {
            return Error::argument(format!("`{prefix}{name}` can only be true"))
                .with_help("leave it out");
        }
        let names = || NAMES.into_iter().chain(PoolSettings::NAMES.iter().copied());
        let nearest = names()
            .map(|known| (strsim::damerau_levenshtein(known, name), known))
            .min()
            .filter(|(distance, _)| *distance <= 3);
        Error::argument(format!("`{prefix}{name}` is no parameter of an engine")).with_help(
            match nearest {
                Some((_, nearest)) => format!("did you mean `{nearest}`?"),
                None => format!("parameters are {}", names().collect::<Vec<_>>().join(", ")),
            },
        )
    }
}
