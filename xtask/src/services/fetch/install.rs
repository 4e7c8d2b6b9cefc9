//! Installs packages as root, of those that start no service.

use super::apt::{Apt, finish};
use super::sets::Set;
use super::unpack::announce;
use std::io::stderr;

/// Installs what `sets` want.
pub(super) fn install(sets: &[&Set]) -> Result<(), String> {
    let apt = Apt::system();
    let names: Vec<String> =
        sets.iter().flat_map(|set| set.wanted).map(|name| (*name).to_owned()).collect();
    let attempt = || {
        announce("apt", &apt.missing(&names)?);
        let mut command = apt.get();
        command.args(["install", "-q", "-y", "--no-install-recommends"]);
        // Another start may be installing, or the system itself.
        command
            .args(["-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"])
            .args(&names)
            .stdout(stderr());
        finish(&mut command)
    };
    if attempt().is_err() {
        // Sources of other vendors may fail, which the next attempt tells better.
        let _ = apt.update(true);
        attempt()?;
    }
    Ok(())
}
