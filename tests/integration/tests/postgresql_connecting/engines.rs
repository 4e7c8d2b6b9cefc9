//! Engines on the servers around a test.

use aludel::{Connection, Engine, Error};
use aludel_test_services::{Vars, provided};

/// The server around this test; `None`, and why on standard error, where there is none.
pub(crate) fn server(name: &str) -> Option<Vars> {
    provided(name, std::thread::current().name().unwrap_or("a test without a name"))
}

/// Connects as a program does.
pub(crate) fn connect(url: &str) -> Result<Connection, Error> {
    Engine::builder(url).dialect(aludel_dialect_postgresql::dialect()).build()?.connect()
}

/// The error of a URL that must not lead to a session. It says what to do, and no password.
pub(crate) fn refusal(url: &str, password: &str) -> Error {
    let error = connect(url).err().unwrap_or_else(|| panic!("{url} opens a session"));
    let text = format!("{error} {error:#} {error:?}");
    assert!(!text.contains(password), "{text}");
    assert!(error.help().is_some(), "{text}");
    error
}
