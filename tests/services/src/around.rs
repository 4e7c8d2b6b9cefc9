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

/// The URL by which the server `pg` answers in German, for a test that `vars` were [`provided`] to.
/// Where there is none, says on standard error why.
///
/// # Panics
///
/// When the program that started the server gives neither a URL nor a reason.
pub fn translated<'v>(vars: &'v Vars, test: &str) -> Option<&'v str> {
    let url = vars.get("ALUDEL_PG_TRANSLATED_URL");
    if url.is_some() {
        return url;
    }
    let reason = vars.get("ALUDEL_PG_UNTRANSLATED");
    assert!(
        reason.is_some() || vars.get(PROGRAM).is_none(),
        "{test}: the server has translated messages and no ALUDEL_PG_TRANSLATED_URL; \
         if it was started by an earlier version, start it anew"
    );
    let reason = reason.unwrap_or("the server is not one of `cargo xtask services`");
    skip(test, &format!("no translated messages: {reason}"));
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Vars {
        let mut vars = Vars::default();
        pairs.iter().for_each(|(name, value)| vars.set(*name, *value));
        vars
    }

    #[test]
    fn a_translated_server_is_used_and_one_that_says_why_it_is_not_is_left_out() {
        let (url, program) = (("ALUDEL_PG_TRANSLATED_URL", "postgresql://h/d"), (PROGRAM, "x"));
        assert_eq!(translated(&with(&[program, url]), "a test"), Some("postgresql://h/d"));
        let reason = ("ALUDEL_PG_UNTRANSLATED", "no localedef");
        assert_eq!(translated(&with(&[program, reason]), "a test"), None);
        assert_eq!(translated(&with(&[("ALUDEL_PG_URL", "postgresql://h/d")]), "a test"), None);
    }

    #[test]
    #[should_panic(expected = "no ALUDEL_PG_TRANSLATED_URL")]
    fn a_server_that_lost_its_translated_url_fails_the_test() {
        translated(&with(&[(PROGRAM, "x"), ("ALUDEL_PG_URL", "postgresql://h/d")]), "a test");
    }
}
