//! What is tested: a dialect, and the database that it connects to.

use std::borrow::Cow;
use std::time::Duration;

use aludel::abi::host::{DriverConnection, DriverDialect, Limits};
use aludel::dialect::{ConnectArgs, DialectInfo};
use aludel::url::HostPort;
use aludel::{Result, Url};

/// A dialect and the URL of a database whose contents the cases may change.
#[derive(Debug, Clone)]
pub struct Target {
    dialect: DriverDialect,
    url: Url,
    options: Vec<(String, String)>,
}

/// A place where no database is, so that connecting must fail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nowhere {
    /// What is wrong with it.
    pub what: &'static str,
    /// The database, where that is what is wrong.
    pub database: Option<&'static str>,
    /// Host and port, where they are what is wrong.
    pub host: Option<(&'static str, u16)>,
    /// The password, where that is what is wrong.
    pub password: Option<&'static str>,
}

impl Target {
    /// A dialect, and the URL of a database that the cases may use. Every connection must see the
    /// same database.
    pub fn new(dialect: DriverDialect, url: Url) -> Self {
        Target { dialect, url, options: Vec::new() }
    }

    /// Adds an option after those of the URL, as a program does.
    #[must_use]
    pub fn with_option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.push((name.into(), value.into()));
        self
    }

    /// The dialect.
    pub fn dialect(&self) -> DriverDialect {
        self.dialect
    }

    /// What the dialect says about itself.
    pub fn info(&self) -> &'static DialectInfo {
        self.dialect.info()
    }

    /// The URL; printing it hides the password.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What the dialect gets to connect.
    pub fn arguments(&self) -> ConnectArgs<'_> {
        let of_url = self.url.normalized_query().flat_map(|(name, values)| {
            values.iter().map(move |value| (Cow::Borrowed(name), Cow::Borrowed(value.as_str())))
        });
        let of_program = self
            .options
            .iter()
            .map(|(name, value)| (Cow::Borrowed(name.as_str()), Cow::Borrowed(value.as_str())));
        ConnectArgs {
            scheme: self.url.drivername(),
            hosts: self.url.hosts().to_vec(),
            username: self.url.username(),
            password: self.url.password(),
            database: self.url.database(),
            options: of_url.chain(of_program).collect(),
            is_untrusted: false,
            engine: 0,
        }
    }

    /// Connects.
    ///
    /// # Errors
    /// What the dialect reports.
    pub fn connect(&self, limits: Limits) -> Result<DriverConnection> {
        self.dialect.connect(&self.arguments(), limits)
    }

    /// Connects to a place where no database is.
    ///
    /// # Errors
    /// What the dialect reports; that there is an error is what the caller wants to see.
    pub fn connect_nowhere(&self, place: &Nowhere, within: Duration) -> Result<DriverConnection> {
        let mut arguments = self.arguments();
        arguments.database = place.database.or(arguments.database);
        arguments.password = place.password.or(arguments.password);
        if let Some((host, port)) = place.host {
            arguments.hosts = vec![HostPort::new(host, Some(port))];
        }
        self.dialect.connect(&arguments, Limits::within(within))
    }
}
