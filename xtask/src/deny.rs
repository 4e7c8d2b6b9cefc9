//! `cargo xtask deny`: licences, bans, sources and advisories of the dependencies.

use crate::probe::DENY;
use crate::steps::Steps;

/// Checks all that deny.toml says; advisories are fetched, so this needs a network.
pub(crate) fn run(steps: &mut Steps) {
    if !DENY.installed() {
        steps.fail("deny", DENY.missing);
        return;
    }
    check_offline(steps);
    steps.run("deny advisories", &["cargo", "deny", "check", "advisories"]);
}

/// The part that no news from outside can turn red.
pub(crate) fn check_offline(steps: &mut Steps) {
    if DENY.installed() {
        steps.run("deny", &["cargo", "deny", "check", "bans", "licenses", "sources"]);
    } else {
        steps.skip("deny", DENY.missing);
    }
}
