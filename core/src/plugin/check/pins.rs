//! The policy `pinned`: a file is accepted by its SHA-256 sum.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::policy::Pins;
use crate::error::Result;
use crate::plugin::file::identity;
use crate::plugin::{Level, Plan, error};

/// The file with sums beside a program.
const LOCK: &str = "aludel.lock";
/// Most bytes of a lock file.
const MAX_LOCK: u64 = 1024 * 1024;
/// Hexadecimal digits of a sum.
const DIGITS: usize = 64;

/// The SHA-256 sum of a whole file, as 64 lower-case hexadecimal digits; `path` is for messages.
///
/// # Errors
/// `BAD_PATH` when it cannot be read.
pub(super) fn sum_of(file: &File, path: &Path) -> Result<String> {
    sum(file).map_err(|fault| {
        error::bad_path(format!("{} cannot be read: {fault}", path.display()), "try again")
    })
}

fn sum(mut file: &File) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    file.rewind()?;
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Checks that an open file is one of those that are pinned, and gives its sum.
///
/// # Errors
/// `HASH_MISMATCH` when it is not; `BAD_POLICY` when the sums cannot be had; `UNTRUSTED` when others
/// may write them.
pub(super) fn check(path: &Path, file: &File, pins: &Pins, plan: &Plan) -> Result<String> {
    let (sums, source) = match pins {
        Pins::Listed(sums) => (listed(sums)?, "the program".to_owned()),
        Pins::Lock(lock) if lock.is_absolute() => {
            (read(lock, Level::Api, plan)?, lock.display().to_string())
        }
        Pins::Lock(lock) => {
            return Err(error::bad_policy(
                format!("lock file {} is not an absolute path", lock.display()),
                "give the file from the root on",
            ));
        }
        Pins::BesideProgram => {
            let lock = beside(plan.program.as_deref())?;
            (read(&lock, Level::App, plan)?, lock.display().to_string())
        }
    };
    let sum = sum_of(file, path)?;
    if sums.contains(&sum) { Ok(sum) } else { Err(error::not_pinned(path, &sum, &source)) }
}

fn listed(sums: &[String]) -> Result<Vec<String>> {
    match sums.iter().find(|sum| !is_sum(sum)) {
        None => Ok(sums.to_vec()),
        Some(other) => Err(error::bad_policy(
            format!("{other:?} is pinned and is no SHA-256 sum"),
            "write 64 hexadecimal digits, as `sha256sum` prints them",
        )),
    }
}

fn is_sum(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Where the lock file of a program lies: beside it, or among the plugins that came with it.
fn beside(program: Option<&Path>) -> Result<PathBuf> {
    let missing = |what: &str| {
        error::bad_policy(
            format!("policy pinned is asked for and {what}"),
            "write one beside the program: sha256sum libaludel_*.so > aludel.lock",
        )
    };
    let Some(dir) = program.and_then(Path::parent) else {
        return Err(missing("the program's path is unknown, beside which its lock file would lie"));
    };
    let installed = dir.parent().map(|above| above.join("lib").join("aludel").join(LOCK));
    let places: Vec<PathBuf> = std::iter::once(dir.join(LOCK)).chain(installed).collect();
    places.iter().find(|place| place.symlink_metadata().is_ok()).cloned().ok_or_else(|| {
        let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
        missing(&format!("there is no lock file: {}", places.join(", ")))
    })
}

/// Reads a lock file, which has to be as trustworthy as a plugin.
fn read(lock: &Path, level: Level, plan: &Plan) -> Result<Vec<String>> {
    let fault = |what: &str| {
        error::bad_policy(format!("lock file {what}"), "write it with `sha256sum libaludel_*.so`")
    };
    let shown = lock.display();
    let unreadable = |why: std::io::Error| fault(&format!("{shown} cannot be read: {why}"));
    let (file, metadata) = identity::open(lock).map_err(|error| fault(error.message()))?;
    check_trust(lock, &metadata, level, plan)?;
    let mut text = String::new();
    file.take(MAX_LOCK + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > MAX_LOCK {
        return Err(fault(&format!("{shown} is longer than {MAX_LOCK} bytes")));
    }
    parse(&text).map_err(|line| fault(&format!("{shown} has no sum in line {line}")))
}

#[cfg(unix)]
fn check_trust(lock: &Path, metadata: &std::fs::Metadata, level: Level, plan: &Plan) -> Result<()> {
    let real = lock.canonicalize().unwrap_or_else(|_| lock.to_owned());
    super::trust::check(&real, metadata, lock, level, plan.trusted_program()).map(drop)
}

#[cfg(not(unix))]
fn check_trust(_: &Path, _: &std::fs::Metadata, _: Level, _: &Plan) -> Result<()> {
    Ok(())
}

/// The sums of a lock file in the form of `sha256sum`; empty lines and those that begin with `#`
/// are skipped. `Err` holds the number of a line that has no sum.
fn parse(text: &str) -> std::result::Result<Vec<String>, usize> {
    let mut sums = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // A backslash says that the name after the sum is escaped.
        let sum = line.strip_prefix('\\').unwrap_or(line).split_whitespace().next();
        match sum.filter(|word| is_sum(word)) {
            Some(sum) => sums.push(sum.to_ascii_lowercase()),
            None => return Err(index + 1),
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{parse, sum};

    #[test]
    fn a_sum_is_that_of_sha256sum() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"abc").unwrap();
        assert_eq!(
            sum(&file).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_lock_file_is_what_sha256sum_writes() {
        let sum = "AB".repeat(32);
        let text =
            format!("# plugins\n\n{sum}  libaludel_x.so\n{sum} *libaludel_y.so\n\\{sum}  a\\nb\n");
        let lower = "ab".repeat(32);
        assert_eq!(parse(&text), Ok(vec![lower.clone(), lower.clone(), lower]));
        assert_eq!(parse("x\n"), Err(1));
        assert_eq!(parse(&format!("{sum}\n{}  a", "g".repeat(64))), Err(2));
    }
}
