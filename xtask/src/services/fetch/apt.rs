//! apt with a state of its own, so that no right is needed and nothing of the system changes.

use super::settings::Settings;
use super::sources::{self, Source};
use crate::services::place;
use crate::services::vars::write_private;
use std::cell::Cell;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long lists of packages are good; a download that fails asks for new ones earlier.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);

/// What a machine without a network waits at most, for each archive.
const OPTIONS: [&str; 6] = [
    "-o",
    "Acquire::Retries=1",
    "-o",
    "Acquire::http::Timeout=15",
    "-o",
    "Acquire::https::Timeout=15",
];

/// A package and the version that is to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) bytes: u64,
}

/// apt, either the system's own or one with private lists.
pub(super) struct Apt {
    /// Where the private one has its settings and its state.
    dir: Option<PathBuf>,
    /// Whether this program fetched the lists of packages.
    renewed: Cell<bool>,
}

impl Apt {
    /// The system's apt, which only root may change.
    pub(super) fn system() -> Self {
        Self { dir: None, renewed: Cell::new(false) }
    }

    /// apt with lists in the cache: those of this release, or of Debian's newest suite.
    pub(super) fn private(newer: bool) -> Result<Self, String> {
        let name = if newer { "newer" } else { "release" };
        let dir = place::cache()?.join("apt").join(name);
        let settings = Settings::of_machine()?;
        let text: String = sources::machine(&settings, newer)?.iter().map(Source::stanza).collect();
        for folder in ["lists/partial", "cache/archives/partial", "state", "parts"] {
            let folder = dir.join(folder);
            fs::create_dir_all(&folder)
                .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        }
        write_private(&dir.join("parts/machine.sources"), &text)?;
        write_private(&dir.join("status"), "")?;
        // A proxy's password may stand in it.
        write_private(&dir.join("apt.conf"), &settings.private(&dir, newer))?;
        Ok(Self { dir: Some(dir), renewed: Cell::new(false) })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("LC_ALL", "C").env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        if let Some(dir) = &self.dir {
            command.env("APT_CONFIG", dir.join("apt.conf"));
        }
        command
    }

    /// An apt-get command with the words that all have.
    pub(super) fn get(&self) -> Command {
        let mut command = self.command("apt-get");
        command.args(OPTIONS);
        command
    }

    /// Fetches the lists of packages, unless there are fresh ones. The system's are taken as they
    /// are, since sources of other vendors may fail.
    pub(super) fn update(&self) -> Result<(), String> {
        let Some(dir) = &self.dir else {
            return Ok(());
        };
        let age = fs::metadata(dir.join("updated")).and_then(|found| found.modified()).ok();
        let age = age.and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age < FRESH) {
            return Ok(());
        }
        self.renew().map(drop)
    }

    /// Fetches the lists of packages, but only once: `false` if they are new already.
    pub(super) fn renew(&self) -> Result<bool, String> {
        if self.renewed.replace(true) {
            return Ok(false);
        }
        eprintln!("fetching lists of packages");
        let fetched = finish(self.get().args(["update", "-q"]));
        if let Some(dir) = &self.dir {
            fetched?;
            File::create(dir.join("updated")).map_err(|error| error.to_string())?;
        }
        Ok(true)
    }

    /// What would have to be installed so that `names` can be used.
    pub(super) fn missing(&self, names: &[String]) -> Result<Vec<Package>, String> {
        let mut command = self.get();
        command.args(["install", "-qq", "--print-uris", "-y", "--no-install-recommends"]);
        command.args(["-o", "Debug::NoLocking=1"]).args(names);
        Ok(finish(&mut command)?.lines().filter_map(package).collect())
    }

    /// The packages `names` alone, in the versions that the sources have, whatever is installed.
    pub(super) fn alone(&self, names: &[String]) -> Result<Vec<Package>, String> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = self.get();
        if let Some(dir) = &self.dir {
            command.arg("-o").arg(format!("Dir::State::status={}", dir.join("status").display()));
        }
        command.args(["download", "-qq", "--print-uris"]).args(names);
        Ok(finish(&mut command)?.lines().filter_map(package).collect())
    }

    /// Every known name that begins with `prefix`.
    pub(super) fn names(&self, prefix: &str) -> Result<Vec<String>, String> {
        let mut command = self.command("apt-cache");
        Ok(finish(command.args(["pkgnames", prefix]))?.lines().map(str::to_owned).collect())
    }
}

/// Reads a line of `--print-uris`: `'uri' name_version_architecture.deb bytes sum`.
fn package(line: &str) -> Option<Package> {
    let mut words = line.rsplit_once("' ")?.1.split(' ');
    let mut parts = words.next()?.split('_');
    let name = parts.next()?.to_owned();
    let version = parts.next()?.replace("%3a", ":");
    let bytes = words.next()?.parse().ok()?;
    Some(Package { name, version, bytes })
}

/// Runs a command to its end; what it said last is the error.
pub(super) fn finish(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} failed: {}", cause(&said)))
}

/// What a program that failed says of it.
fn cause(said: &str) -> &str {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    // The first error is the cause of those after it.
    let marked = lines.clone().find_map(|line| {
        ["E: ", "dpkg-deb: error: "].iter().find_map(|mark| line.strip_prefix(mark))
    });
    marked.or_else(|| lines.next_back()).unwrap_or("it does not say why")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_apt_names_package_version_and_size() {
        let line = "'file:/d/p/m/a_1%253a2-3_amd64.deb' a_1%3a2-3_amd64.deb 1234 SHA256:ab";
        let expected = Package { name: "a".into(), version: "1:2-3".into(), bytes: 1234 };
        assert_eq!(package(line), Some(expected));
        assert_eq!(package("Reading package lists..."), None);
    }
    #[test]
    fn the_first_error_is_the_cause() {
        assert_eq!(cause("W: old\nE: first\nE: second\n"), "first");
        assert_eq!(cause("dpkg-deb: error: no archive\n"), "no archive");
        assert_eq!(cause("sh: not found\n\n"), "sh: not found");
        assert_eq!(cause(""), "it does not say why");
    }
}
