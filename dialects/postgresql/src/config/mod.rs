//! What a URL, the environment and files say about a connection, in one checked value.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

/// Everything that a connection is made from.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) hosts: Vec<Host>,
    pub(crate) user: String,
    pub(crate) database: String,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) keepalives: Keepalives,
    pub(crate) tcp_user_timeout: Option<Duration>,
    pub(crate) parameters: Vec<(String, String)>,
}

/// A server, and the password for it.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) endpoint: Endpoint,
    pub(crate) password: Option<Secret>,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Tcp { host: String, address: Option<IpAddr>, port: u16 },
    Unix { directory: PathBuf, port: u16 },
}

/// A password; gone from memory when dropped, and never printed.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Secret(Zeroizing::new(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
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
    pub(crate) fn from_args(
        args: &aludel::dialect::ConnectArgs<'_>,
    ) -> aludel::error::Result<Self> {
        let password = args.password.map(Secret::new);
        let hosts = args.hosts.iter().map(|host| Host {
            endpoint: Endpoint::Tcp {
                host: host.host().to_owned(),
                address: None,
                port: host.port().unwrap_or(5432),
            },
            password: password.clone(),
        });
        let user = args.username.unwrap_or("postgres").to_owned();
        Ok(Config {
            hosts: hosts.collect(),
            database: args.database.filter(|name| !name.is_empty()).unwrap_or(&user).to_owned(),
            user,
            connect_timeout: None,
            keepalives: Keepalives::default(),
            tcp_user_timeout: None,
            parameters: vec![("client_encoding".to_owned(), "UTF8".to_owned())],
        })
    }
}
