//! Servers for these tests: the private ones, and addresses of scripted ones.

use std::net::SocketAddr;

use aludel_test_services::Vars;

use crate::config::Config;
use crate::config::tests::config;

/// The private servers around this test, if `server` is among them; otherwise the reason is said
/// and the test does nothing.
pub(super) fn provided(server: &str) -> Option<Vars> {
    let test = std::thread::current().name().unwrap_or("a test without a name").to_owned();
    aludel_test_services::provided(server, &test)
}

/// The configuration of a URL among the variables, with more options.
pub(super) fn of(vars: &Vars, variable: &str, options: &str) -> Config {
    config(&with(
        vars.get(variable).expect("invariant: a server's variables come together"),
        options,
    ))
}

/// The URL with more options.
pub(super) fn with(url: &str, options: &str) -> String {
    match (options, url.contains('?')) {
        ("", _) => url.to_owned(),
        (_, true) => format!("{url}&{options}"),
        (_, false) => format!("{url}?{options}"),
    }
}

/// A server that listens at this address, with a user and a password.
pub(super) fn at(address: SocketAddr, options: &str) -> Config {
    config(&with(&format!("postgresql://anna:secret@{address}/shop"), options))
}
