//! The whole configuration of a connection, checked.

use std::time::Duration;

use aludel::dialect::ConnectArgs;
use aludel::{Error, Result};

use super::environment::Environment;
use super::hosts::{self, Endpoint, Host};
use super::password_file::{self, Login, PasswordFile};
use super::sources::Sources;
use super::words::{ChannelBinding, LoadBalance, TargetSessionAttrs};
use super::{RequireAuth, Secret, SslConfig};

/// Statements that stay prepared unless the URL says otherwise.
const STATEMENT_CACHE_SIZE: usize = 256;

/// Everything that a connection is made from.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// In the order written; at least one.
    pub(crate) hosts: Vec<Host>,
    pub(crate) user: String,
    pub(crate) database: String,
    pub(crate) ssl: SslConfig,
    /// For each host, authentication included.
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) target_session_attrs: TargetSessionAttrs,
    pub(crate) load_balance_hosts: LoadBalance,
    pub(crate) channel_binding: ChannelBinding,
    pub(crate) require_auth: RequireAuth,
    pub(crate) keepalives: Keepalives,
    pub(crate) tcp_user_timeout: Option<Duration>,
    /// What the startup message says beside user and database.
    pub(crate) parameters: Vec<(String, String)>,
    /// Whether statements have names on the server.
    pub(crate) prepared_statements: bool,
    pub(crate) statement_cache_size: usize,
    /// Why the password file was left out, for the error when a password is missing.
    pub(crate) password_note: Option<String>,
}

/// When the kernel asks whether an idle peer is still there, as libpq's parameters say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Keepalives {
    /// Whether it asks at all (`keepalives`).
    pub(crate) enabled: bool,
    /// Idle time before the first question (`keepalives_idle`); `None` for the system's.
    pub(crate) idle: Option<Duration>,
    /// Time between questions (`keepalives_interval`).
    pub(crate) interval: Option<Duration>,
    /// Unanswered questions after which the connection is dead (`keepalives_count`).
    pub(crate) count: Option<u32>,
}

impl Default for Keepalives {
    fn default() -> Self {
        Keepalives { enabled: true, idle: None, interval: None, count: None }
    }
}

impl Config {
    /// What the URL, the program, the environment and their files say.
    ///
    /// # Errors
    /// `Argument` for settings that make no sense, alone or together; `NotSupported` for those of
    /// libpq that this dialect does not have.
    pub(crate) fn from_args(args: &ConnectArgs<'_>) -> Result<Self> {
        Self::from_args_in(args, &Environment::of_process())
    }

    /// The same in surroundings of one's own.
    ///
    /// # Errors
    /// As [`Config::from_args`].
    pub(crate) fn from_args_in(args: &ConnectArgs<'_>, environment: &Environment) -> Result<Self> {
        let sources = &Sources::new(args, environment)?;
        let endpoints = hosts::endpoints(sources)?;
        let has_tcp = endpoints.iter().any(|endpoint| matches!(endpoint, Endpoint::Tcp { .. }));
        let user = user(sources)?;
        let database = sources.text("dbname")?.unwrap_or_else(|| user.clone());
        let (hosts, password_note) = with_passwords(endpoints, &user, &database, sources)?;
        let target = sources.word(
            "target_session_attrs",
            TargetSessionAttrs::NAMES,
            TargetSessionAttrs::from_name,
        )?;
        let balance =
            sources.word("load_balance_hosts", LoadBalance::NAMES, LoadBalance::from_name)?;
        let binding =
            sources.word("channel_binding", ChannelBinding::NAMES, ChannelBinding::from_name)?;
        let user_timeout = sources.natural("tcp_user_timeout")?.filter(|time| *time != 0);
        let cache = sources.natural("statement_cache_size")?;
        Ok(Config {
            hosts,
            user,
            database,
            ssl: SslConfig::new(sources, has_tcp)?,
            connect_timeout: sources.seconds("connect_timeout")?,
            target_session_attrs: target.unwrap_or(TargetSessionAttrs::Any),
            load_balance_hosts: balance.unwrap_or(LoadBalance::Disable),
            channel_binding: binding.unwrap_or(ChannelBinding::Prefer),
            require_auth: sources
                .read("require_auth", RequireAuth::parse)?
                .unwrap_or(RequireAuth::ANY),
            keepalives: keepalives(sources)?,
            tcp_user_timeout: user_timeout.map(Duration::from_millis),
            parameters: parameters(sources)?,
            // Nothing can stay prepared without room for it.
            prepared_statements: cache != Some(0)
                && sources.truth("prepared_statements")?.unwrap_or(true),
            statement_cache_size: cache
                .map_or(STATEMENT_CACHE_SIZE, |size| usize::try_from(size).unwrap_or(usize::MAX)),
            password_note,
        })
    }
}

fn user(sources: &Sources<'_>) -> Result<String> {
    if let Some(user) = sources.text("user")? {
        return Ok(user);
    }
    let Some(environment) = sources.environment() else {
        return Err(Error::argument("an untrusted URL has to name its user"));
    };
    match (environment.account)() {
        Some(account) => Ok(account.name),
        None => Err(Error::argument("no user is named, and that of this process has no name")
            .with_help("write postgresql://user@host/database")),
    }
}

/// Each host with its password: the one that is given, else that of the password file.
fn with_passwords(
    endpoints: Vec<Endpoint>,
    user: &str,
    database: &str,
    sources: &Sources<'_>,
) -> Result<(Vec<Host>, Option<String>)> {
    if let Some(setting) = sources.get("password")? {
        let password = Secret::new(setting.value);
        let host = |endpoint| Host { endpoint, password: Some(password.clone()) };
        return Ok((endpoints.into_iter().map(host).collect(), None));
    }
    let (file, note) = password_file(sources)?;
    let host = |endpoint: Endpoint| {
        let place = place_in_file(&endpoint, sources);
        let login = Login { host: &place, port: endpoint.port(), database, user };
        let password = file.as_ref().and_then(|file| file.password(&login));
        Host { endpoint, password }
    };
    Ok((endpoints.into_iter().map(host).collect(), note))
}

/// The host as the password file writes it.
fn place_in_file(endpoint: &Endpoint, sources: &Sources<'_>) -> String {
    match endpoint {
        Endpoint::Tcp { host, .. } => host.clone(),
        Endpoint::Unix { directory, .. } => {
            let is_default = sources
                .environment()
                .is_some_and(|environment| environment.socket_directories.contains(directory));
            if is_default { "localhost".to_owned() } else { directory.display().to_string() }
        }
    }
}

fn password_file(sources: &Sources<'_>) -> Result<(Option<PasswordFile>, Option<String>)> {
    let named = sources.get("passfile")?.map(|setting| setting.value.into());
    let of_user = || sources.environment()?.in_home(password_file::DEFAULT);
    let Some(path) = named.or_else(of_user) else { return Ok((None, None)) };
    match PasswordFile::read(&path) {
        Ok(file) => Ok((file, None)),
        Err(why) => {
            tracing::warn!("{why}");
            Ok((None, Some(why)))
        }
    }
}

fn keepalives(sources: &Sources<'_>) -> Result<Keepalives> {
    let count = sources.natural("keepalives_count")?.filter(|count| *count != 0);
    Ok(Keepalives {
        enabled: sources.truth("keepalives")?.unwrap_or(true),
        idle: whole_seconds(sources, "keepalives_idle")?,
        interval: whole_seconds(sources, "keepalives_interval")?,
        count: count.map(|count| u32::try_from(count).unwrap_or(u32::MAX)),
    })
}

fn whole_seconds(sources: &Sources<'_>, name: &'static str) -> Result<Option<Duration>> {
    let count = sources.natural(name)?;
    Ok(count.filter(|count| *count != 0).map(Duration::from_secs))
}

fn parameters(sources: &Sources<'_>) -> Result<Vec<(String, String)>> {
    if let Some(setting) = sources.get("client_encoding")? {
        // The environment's is not asked for: it is what the user's terminal shows.
        let encoding = setting.value.to_ascii_lowercase().replace(['-', '_'], "");
        if !matches!(encoding.as_str(), "utf8" | "unicode" | "auto") {
            return Err(setting
                .wrong("UTF8 or auto")
                .with_help("text is always UTF-8 here; the server converts it"));
        }
    }
    let mut parameters = vec![("client_encoding".to_owned(), "UTF8".to_owned())];
    let mut add = |name: &str, value: Option<String>| {
        parameters.extend(value.map(|value| (name.to_owned(), value)));
    };
    let name = sources.text("application_name")?;
    add(
        "application_name",
        match name {
            Some(name) => Some(name),
            None => sources.text("fallback_application_name")?,
        },
    );
    add("options", sources.text("options")?);
    // libpq sends these of the environment alone; `default` is the server's own value.
    for name in ["datestyle", "timezone", "geqo"] {
        let value = sources.text(name)?;
        add(name, value.filter(|value| !value.eq_ignore_ascii_case("default")));
    }
    Ok(parameters)
}
