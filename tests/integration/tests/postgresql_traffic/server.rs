//! The server that runs around these tests, reached through a proxy that counts.

use std::net::SocketAddr;

use aludel::Url;
use aludel::abi::host::{DriverConnection, DriverDialect, DriverStatement, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::dialect::ConnectArgs;
use aludel::plugin::{Policy, Search, loaded_dialect};
use aludel::url::HostPort;
use aludel_test_services::{Vars, provided};
use aludel_test_support::proxy::Proxy;

/// PostgreSQL behind a proxy.
pub(crate) struct Behind {
    vars: Vars,
    pub(crate) proxy: Proxy,
}

impl Behind {
    /// The server, if one runs around `test`.
    pub(crate) fn proxy(test: &str) -> Option<Self> {
        let vars = provided("pg", test)?;
        let address = format!("{}:{}", part(&vars, "HOST"), part(&vars, "PORT"));
        let address: SocketAddr = address.parse().expect("an address and a port");
        let proxy = Proxy::to(address).expect("the system has a port");
        Some(Behind { vars, proxy })
    }

    /// A connection through the proxy, without TLS, whose bytes nobody could count by messages.
    pub(crate) fn connect(&self, dialect: DriverDialect) -> DriverConnection {
        let address = self.proxy.address();
        let arguments = ConnectArgs {
            scheme: "postgresql",
            hosts: vec![HostPort::new(address.ip().to_string(), Some(address.port()))],
            username: Some(part(&self.vars, "USER")),
            password: Some(part(&self.vars, "PASSWORD")),
            database: Some(part(&self.vars, "DATABASE")),
            options: vec![("sslmode".into(), "disable".into())],
            is_untrusted: false,
            engine: 0,
        };
        dialect.connect(&arguments, Limits::NONE).expect("the server lets us in")
    }
}

fn part<'v>(vars: &'v Vars, name: &str) -> &'v str {
    vars.get(&format!("ALUDEL_PG_{name}")).expect("a server has this")
}

/// The dialect, linked and loaded.
pub(crate) fn dialects() -> [DriverDialect; 2] {
    let url = Url::parse("postgresql://").expect("a URL");
    let loaded = loaded_dialect(&url, &Search::new(), &Policy::new());
    let linked = DriverDialect::from(aludel_dialect_postgresql::dialect());
    [linked, loaded.expect("cargo built the plugin").dialect]
}

/// A statement that is held.
pub(crate) fn prepare(connection: &mut DriverConnection, sql: &str) -> DriverStatement {
    let (statement, _) = connection.prepare(sql, PrepareOptions::default(), Limits::NONE).unwrap();
    statement.expect("the text holds a statement")
}
