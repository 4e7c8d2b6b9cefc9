//! The options of a URL, checked and typed.

use std::time::Duration;

use aludel::dialect::ConnectArgs;
use aludel::error::{Error, Result};

use crate::begin_mode::BeginMode;
use crate::options::{CACHES, JOURNAL_MODES, MODES, SYNCHRONOUS};
use crate::session::Session;

const DEFAULT_BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What a URL asks of its connections, beyond where the database is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    pub(crate) session: Session,
    pub(crate) journal_mode: Option<&'static str>,
    pub(crate) synchronous: Option<&'static str>,
    pub(crate) extensions: Vec<String>,
}

impl Settings {
    pub(crate) fn new(args: &ConnectArgs<'_>) -> Result<Self> {
        one_of(args, "mode", MODES)?;
        one_of(args, "cache", CACHES)?;
        for name in ["immutable", "nolock", "uri", "check_same_thread"] {
            args.bool_option(name)?;
        }
        for name in ["cached_statements", "detect_types"] {
            args.integer_option(name)?;
        }
        let session = Session {
            begin: begin(args)?,
            busy_timeout: busy_timeout(args)?,
            foreign_keys: args.bool_option("foreign_keys")?.unwrap_or(false),
            read_only: args.bool_option("read_only")?.unwrap_or(false),
            read_uncommitted: false,
            autocommit: false,
            statement_timeout: Duration::ZERO,
        };
        let extensions = args.options.iter().filter(|(name, _)| name == "load_extension");
        Ok(Settings {
            session,
            journal_mode: one_of(args, "journal_mode", JOURNAL_MODES)?,
            synchronous: one_of(args, "synchronous", SYNCHRONOUS)?,
            extensions: extensions.map(|(_, path)| path.clone().into_owned()).collect(),
        })
    }
}

fn one_of(
    args: &ConnectArgs<'_>,
    name: &str,
    allowed: &[&'static str],
) -> Result<Option<&'static str>> {
    let Some(value) = args.option(name) else { return Ok(None) };
    let known = allowed.iter().find(|word| word.eq_ignore_ascii_case(value));
    known.copied().map(Some).ok_or_else(|| {
        Error::argument(format!(
            "option `{name}` must be one of {}, not {value:?}",
            allowed.join(", ")
        ))
    })
}

fn begin(args: &ConnectArgs<'_>) -> Result<BeginMode> {
    let read = |name: &str| {
        args.option(name)
            .map(|word| BeginMode::parse(&format!("option `{name}`"), word))
            .transpose()
    };
    match (read("begin")?, read("isolation_level")?) {
        (Some(one), Some(other)) if one != other => Err(contradiction("begin", "isolation_level")),
        (one, other) => Ok(one.or(other).unwrap_or_default()),
    }
}

fn busy_timeout(args: &ConnectArgs<'_>) -> Result<Duration> {
    let millis = match args.integer_option("busy_timeout")? {
        None => None,
        Some(millis) => Some(u64::try_from(millis).map(Duration::from_millis).map_err(|_| {
            Error::argument(format!(
                "option `busy_timeout` must be a number of milliseconds from 0, not {millis}"
            ))
        })?),
    };
    match (millis, args.seconds_option("timeout")?) {
        (Some(one), Some(other)) if one != other => Err(contradiction("busy_timeout", "timeout")),
        (one, other) => Ok(one.or(other).unwrap_or(DEFAULT_BUSY_TIMEOUT)),
    }
}

fn contradiction(one: &str, other: &str) -> Error {
    Error::argument(format!(
        "options `{one}` and `{other}` mean the same and contradict each other"
    ))
    .with_help(format!("leave out `{other}`"))
}
