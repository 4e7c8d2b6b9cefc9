//! The private servers that `cargo xtask services` starts, as configurations.

use std::env;
use std::io::Write;

use crate::config::{Config, Endpoint, Host, Keepalives, Secret};

/// A server over TCP without TLS; `None` when it does not run, which the table of `cargo xtask
/// test` says.
pub(super) fn tcp(server: &str) -> Option<Config> {
    let part = |name: &str| env::var(format!("ALUDEL_{server}_{name}"));
    let host = part("HOST").ok()?;
    note(server);
    let part = |name| part(name).expect("invariant: a server's variables come together");
    Some(Config {
        hosts: vec![Host {
            endpoint: Endpoint::Tcp { host, address: None, port: part("PORT").parse().unwrap() },
            password: Some(Secret::new(part("PASSWORD"))),
        }],
        user: part("USER"),
        database: part("DATABASE"),
        connect_timeout: None,
        keepalives: Keepalives::default(),
        tcp_user_timeout: None,
        parameters: vec![("client_encoding".into(), "UTF8".into())],
    })
}

/// Tells the table which test a server served.
fn note(server: &str) {
    let Ok(ledger) = env::var("ALUDEL_SERVICES_RAN") else { return };
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    let mut file = std::fs::File::options().append(true).create(true).open(ledger).unwrap();
    writeln!(file, "{}\t{test}", server.to_lowercase()).unwrap();
}
