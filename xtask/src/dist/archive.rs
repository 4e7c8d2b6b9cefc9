//! Packs a folder into a tarball that depends on nothing but the folder, and sums it.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The beginning of 1980: before it, tar calls a time implausible.
const EARLIEST: &str = "315532800";

/// A tarball.
pub(crate) struct Archive {
    pub(crate) path: PathBuf,
    /// In bytes.
    pub(crate) size: u64,
    /// 64 hexadecimal digits.
    pub(crate) sha256: String,
}

/// Packs the folder `name` of `dist` into `<name>.tar.gz` beside it, and writes the sum into
/// `<name>.tar.gz.sha256` as `sha256sum` does.
pub(crate) fn pack(dist: &Path, name: &str) -> Result<Archive, String> {
    let tarball = format!("{name}.tar");
    let time = std::env::var("SOURCE_DATE_EPOCH").unwrap_or_else(|_| EARLIEST.into());
    let mut tar = Command::new("tar");
    tar.args(["--create", "--format=ustar", "--sort=name", "--numeric-owner"]);
    tar.args(["--owner=0", "--group=0", &format!("--mtime=@{time}"), "--file", &tarball, name]);
    run(tar.current_dir(dist))?;
    // Without the name and time of the file.
    run(Command::new("gzip").args(["--no-name", "--best", "--force", &tarball]).current_dir(dist))?;

    let file = format!("{tarball}.gz");
    let path = dist.join(&file);
    let bytes = fs::read(&path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let sum = Sha256::digest(&bytes);
    let sha256: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    let beside = dist.join(format!("{file}.sha256"));
    let line = format!("{sha256}  {file}\n");
    fs::write(&beside, line).map_err(|fault| format!("{}: {fault}", beside.display()))?;
    Ok(Archive { path, size: bytes.len() as u64, sha256 })
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().display().to_string();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} ended with {status}")),
        Err(fault) => Err(format!("cannot start {program}: {fault}")),
    }
}
