//! apt with a state of its own, so that no right is needed and nothing of the system changes.

use super::sources;
use crate::services::place;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
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
    config: Option<PathBuf>,
    dir: PathBuf,
}

impl Apt {
    /// The system's apt, which only root may change.
    pub(super) fn system() -> Self {
        Self { config: None, dir: PathBuf::from("/") }
    }

    /// apt with lists in the cache: those of this release, or of Debian's newest suite.
    pub(super) fn private(newer: bool) -> Result<Self, String> {
        let name = if newer { "newer" } else { "release" };
        let dir = place::cache()?.join("apt").join(name);
        let sources = sources::machine(newer)?;
        for folder in ["lists/partial", "cache/archives/partial", "state", "parts"] {
            fs::create_dir_all(dir.join(folder)).map_err(|error| error.to_string())?;
        }
        let text: String = sources.iter().map(sources::Source::stanza).collect();
        let write = |name: &str, text: &str| {
            let path = dir.join(name);
            fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
        };
        write("parts/machine.sources", &text)?;
        write("status", "")?;
        write("apt.conf", &configuration(&dir, newer))?;
        Ok(Self { config: Some(dir.join("apt.conf")), dir })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("LC_ALL", "C").env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        if let Some(config) = &self.config {
            command.env("APT_CONFIG", config);
        }
        command
    }

    /// An apt-get command with the words that all have.
    pub(super) fn get(&self) -> Command {
        let mut command = self.command("apt-get");
        command.args(OPTIONS);
        command
    }

    /// Fetches the lists of packages, unless they are fresh and `again` is not asked for.
    pub(super) fn update(&self, again: bool) -> Result<(), String> {
        let stamp = self.dir.join("updated");
        let age = fs::metadata(&stamp).and_then(|found| found.modified()).ok();
        let age = age.and_then(|time| time.elapsed().ok());
        let private = self.config.is_some();
        if private && !again && age.is_some_and(|age| age < FRESH) {
            return Ok(());
        }
        eprintln!("fetching lists of packages");
        finish(self.get().args(["update", "-q"]))?;
        if private {
            File::create(&stamp).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// What would have to be installed so that `names` can be used.
    pub(super) fn missing(&self, names: &[String]) -> Result<Vec<Package>, String> {
        let mut command = self.get();
        command.args(["install", "-qq", "--print-uris", "-y", "--no-install-recommends"]);
        command.args(["-o", "Debug::NoLocking=1"]).args(names);
        Ok(finish(&mut command)?.lines().filter_map(package).collect())
    }

    /// The packages `names` alone.
    pub(super) fn alone(&self, names: &[String]) -> Result<Vec<Package>, String> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = self.get();
        command.args(["download", "-qq", "--print-uris"]).args(names);
        Ok(finish(&mut command)?.lines().filter_map(package).collect())
    }

    /// Every known name that begins with `prefix`.
    pub(super) fn names(&self, prefix: &str) -> Result<Vec<String>, String> {
        let mut command = self.command("apt-cache");
        Ok(finish(command.args(["pkgnames", prefix]))?.lines().map(str::to_owned).collect())
    }
}

fn configuration(dir: &Path, newer: bool) -> String {
    let dir = dir.display();
    // Against an empty list of installed packages even the C library is missing, as it must be for
    // programs of a newer release.
    let status = if newer { format!("{dir}/status") } else { "/var/lib/dpkg/status".into() };
    format!(
        "Dir::Etc::sourcelist \"/dev/null\";\n\
         Dir::Etc::sourceparts \"{dir}/parts\";\n\
         Dir::State \"{dir}/state\";\n\
         Dir::State::lists \"{dir}/lists\";\n\
         Dir::State::status \"{status}\";\n\
         Dir::Cache \"{dir}/cache\";\n\
         Acquire::Languages \"none\";\n\
         Acquire::IndexTargets::deb::DEP-11::DefaultEnabled \"false\";\n\
         Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled \"false\";\n\
         APT::Update::Error-Mode \"any\";\n\
         APT::Sandbox::User \"root\";\n"
    )
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
    // The first error is the cause of those after it.
    let cause = said.lines().find_map(|line| line.strip_prefix("E: "));
    Err(format!("{program} failed: {}", cause.unwrap_or("it does not say why")))
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
}
