//! Installs packages as root, of those that start no service.

use super::apt::{Apt, finish};
use super::sets::Set;
use std::io::stderr;

/// Installs what `set` wants.
pub(super) fn install(set: &Set, apt: &Apt) -> Result<(), String> {
    let mut command = apt.get();
    command.args(["install", "-q", "-y", "--no-install-recommends"]);
    // Another start may be installing, or the system itself.
    command.args(["-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"]);
    finish(command.args(set.wanted).stdout(stderr())).map(drop)
}
