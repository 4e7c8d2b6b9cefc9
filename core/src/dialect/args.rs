//! What a dialect gets of a URL.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::url::HostPort;

/// The parts of a URL, percent-decoded, with the program's options after those of the URL.
///
/// The host has checked options against [`DialectInfo::options`](super::DialectInfo::options)
/// before: names are known and values of their type.
#[derive(Clone)]
pub struct ConnectArgs<'a> {
    /// Scheme as written, for example `sqlite+pysqlite`.
    pub scheme: &'a str,
    /// Hosts in order; none when the URL names none.
    pub hosts: Vec<HostPort>,
    /// User name.
    pub username: Option<&'a str>,
    /// Password. Never goes into messages or logs.
    pub password: Option<&'a str>,
    /// Database or path; `Some("")` for a URL that ends in `/`.
    pub database: Option<&'a str>,
    /// Options in order; a name may repeat.
    pub options: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The URL comes from somebody whom the program does not trust. The host has refused options
    /// of class [`File`](super::OptionClass::File); a dialect must not complete such a URL with
    /// what belongs to the user of the program, such as passwords of the environment or of files,
    /// because they would go to whatever host the URL names.
    pub is_untrusted: bool,
    /// The engine that connects, by a number that no other engine of the process has; 0 when there
    /// is none, or when each connection is to have a database of its own. By it a dialect with
    /// databases in memory gives the connections of one engine one database; such a dialect also
    /// says [`keep_connected`](ConnectPlan::keep_connected). Sub-engines have the number of their
    /// engine.
    pub engine: u64,
}

impl ConnectArgs<'_> {
    /// The last value of an option, which is the program's where both URL and program give one.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
    }

    /// An option as a truth value.
    ///
    /// # Errors
    /// `Argument` when it is none.
    pub fn bool_option(&self, name: &str) -> Result<Option<bool>> {
        self.option(name).map(|value| parse_bool(name, value)).transpose()
    }

    /// An option as a whole number.
    ///
    /// # Errors
    /// `Argument` when it is none.
    pub fn integer_option(&self, name: &str) -> Result<Option<i64>> {
        let Some(value) = self.option(name) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| malformed(name, value, "a whole number"))
    }

    /// An option as a duration, written in seconds.
    ///
    /// # Errors
    /// `Argument` when it is none.
    pub fn seconds_option(&self, name: &str) -> Result<Option<std::time::Duration>> {
        let Some(value) = self.option(name) else { return Ok(None) };
        let seconds: Option<f64> = value.parse().ok();
        seconds
            .and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok())
            .map(Some)
            .ok_or_else(|| malformed(name, value, "a number of seconds"))
    }
}

impl std::fmt::Debug for ConnectArgs<'_> {
    /// Leaves password and option values out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectArgs")
            .field("scheme", &self.scheme)
            .field("hosts", &self.hosts)
            .field("username", &self.username)
            .field("database", &self.database)
            .field("options", &self.options.iter().map(|(key, _)| key).collect::<Vec<_>>())
            .field("is_untrusted", &self.is_untrusted)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

pub(crate) fn parse_bool(name: &str, value: &str) -> Result<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(malformed(name, value, "true or false")),
    }
}

pub(crate) fn malformed(name: &str, value: &str, wanted: &str) -> Error {
    Error::argument(format!("option `{name}` must be {wanted}, not {value:?}"))
        .with_help(format!("write for example {name}={}", example(wanted)))
}

fn example(wanted: &str) -> &'static str {
    match wanted {
        "true or false" => "true",
        "a number of seconds" => "2.5",
        _ => "5000",
    }
}

/// What a dialect makes of a URL: what the driver gets (without secrets), and the pool that suits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectPlan {
    /// Name and value of what the driver gets, secrets left out.
    pub arguments: Vec<(String, String)>,
    /// The default pool: a name of SQLAlchemy's (`QueuePool`, `SingletonThreadPool`, `StaticPool`,
    /// `NullPool`); `None` for QueuePool.
    pub pool: Option<String>,
    /// The database is gone with its last connection: the engine keeps one open from its first
    /// connect until it is disposed of, closed or dropped. Nobody else reaches the database.
    pub keep_connected: bool,
    /// The pool takes the connection that came back last, unless the program sets an order: for
    /// databases whose connections have a cache of their own.
    pub pool_use_lifo: bool,
}

impl ConnectPlan {
    /// Adds what the driver gets.
    #[must_use]
    pub fn argument(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.arguments.push((name.into(), value.into()));
        self
    }
}
