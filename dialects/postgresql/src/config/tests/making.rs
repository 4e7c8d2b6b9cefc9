//! How tests make configurations.

use std::borrow::Cow;

use aludel::dialect::ConnectArgs;
use aludel::{Result, Url};

use crate::config::Config;
use crate::config::environment::{Account, Environment};

/// Calls with the parts of a URL.
pub(super) fn with_args<R>(
    url: &str,
    is_untrusted: bool,
    call: impl FnOnce(&ConnectArgs<'_>) -> R,
) -> R {
    let url = Url::parse(url).unwrap();
    let options = url.query().iter().flat_map(|(name, values)| {
        values.iter().map(move |value| (Cow::Borrowed(name), Cow::Borrowed(value.as_str())))
    });
    call(&ConnectArgs {
        scheme: url.drivername(),
        hosts: url.hosts().to_vec(),
        username: url.username(),
        password: url.password(),
        database: url.database(),
        options: options.collect(),
        is_untrusted,
        engine: 0,
    })
}

/// Surroundings of these variables, a user `os` without a home, and no files.
pub(super) fn surroundings(variables: &[(&str, &str)]) -> Environment {
    Environment {
        account: || Some(Account { name: "os".into(), home: "/nonexistent".into() }),
        ..Environment::of(variables)
    }
}

pub(super) fn config_in(url: &str, environment: &Environment) -> Result<Config> {
    with_args(url, false, |args| Config::from_args_in(args, environment))
}

/// The configuration of a URL alone.
pub(crate) fn config(url: &str) -> Config {
    config_in(url, &surroundings(&[])).unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// The message with which a URL is refused.
pub(in crate::config) fn refusal(url: &str) -> String {
    refusal_in(url, &surroundings(&[]))
}

pub(super) fn refusal_in(url: &str, environment: &Environment) -> String {
    match config_in(url, environment) {
        Ok(config) => panic!("{url} gives {config:?}"),
        Err(error) => error.message().to_owned(),
    }
}

/// The endpoints as people write them.
pub(super) fn endpoints(config: &Config) -> Vec<String> {
    config.hosts.iter().map(|host| host.endpoint.to_string()).collect()
}
