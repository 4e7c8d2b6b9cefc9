//! What runs around a test: the servers that it finds in its environment.

use crate::kind::{Kind, Profile};
use crate::ledger::ran;
use crate::report::Why;
use crate::services::{PROGRAM, Services};
use crate::vars::Vars;
use std::env;

/// The variables of the servers around this test, if `server` is among them; `test` then counts as
/// having run against it. Otherwise says on standard error why the test does nothing.
///
/// `server` is a name of the table at the end of `cargo xtask test`: `pg`, `odbc-sqlite`.
pub fn provided(server: &str, test: &str) -> Option<Vars> {
    let prefix = format!("ALUDEL_{}_", server.replace('-', "_").to_uppercase());
    let found = ["URL", "HOST"].iter().any(|name| env::var_os(prefix.clone() + name).is_some());
    if !found {
        skip(test, &format!("no {server} was provided; `cargo xtask test` starts it"));
        return None;
    }
    ran(server, None, test);
    let mut vars = Vars::default();
    for (name, value) in env::vars() {
        vars.set(name, value);
    }
    Some(vars)
}

impl Services {
    /// Servers of its own for `test`, which then counts as having run against them. Where no
    /// servers run around the test, or one of `kinds` cannot be had, says so on standard error.
    ///
    /// # Panics
    ///
    /// When one is there and does not start.
    pub fn own(test: &str, kinds: &[Kind], profile: Profile) -> Option<Self> {
        if env::var_os(PROGRAM).is_none() {
            skip(test, "no servers run around it; `cargo xtask test` starts them");
            return None;
        }
        let services =
            Self::start(kinds, profile).unwrap_or_else(|message| panic!("{test}: {message}"));
        for report in services.reports().iter().filter(|report| is_server(&report.name)) {
            match &report.result {
                Ok(_) => {}
                Err(Why::Missing(reason)) => {
                    skip(test, &format!("{}: {reason}", report.name));
                    return None;
                }
                Err(Why::Failed(reason)) => panic!("{test}: {}: {reason}", report.name),
            }
        }
        for kind in kinds {
            ran(kind.server(), None, test);
        }
        Some(services)
    }
}

/// A driver that is missing is for the test to notice.
fn is_server(name: &str) -> bool {
    !name.starts_with("odbc-")
}

#[expect(clippy::print_stderr, reason = "a test that does nothing says why")]
fn skip(test: &str, reason: &str) {
    eprintln!("skipped {test}: {reason}");
}
