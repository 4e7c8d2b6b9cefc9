//! What this machine's apt is set to, and what the apt with a state of its own is told of it.

use super::apt::finish;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The settings that matter here, wherever the machine has them: `APT_CONFIG` counts too.
pub(super) struct Settings {
    /// The files that say where packages come from: one, and a folder of others.
    pub(super) list: PathBuf,
    pub(super) parts: PathBuf,
    /// The list of installed packages.
    status: PathBuf,
    /// How files are fetched, such as by which proxy.
    acquire: Vec<String>,
}

impl Settings {
    /// Those of this machine.
    pub(super) fn of_machine() -> Result<Self, String> {
        let keys = ["Dir::Etc::sourcelist/f", "Dir::Etc::sourceparts/d", "Dir::State::status/f"];
        let mut command = Command::new("apt-config");
        command.arg("shell").args(["list", keys[0], "parts", keys[1], "status", keys[2]]);
        let text = finish(&mut command)?;
        let path = |name: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            let value = value.map(|value| PathBuf::from(value.trim_matches('\'')));
            value.ok_or_else(|| format!("apt-config does not tell the {name} of apt"))
        };
        let dump = finish(Command::new("apt-config").arg("dump"))?;
        let acquire = dump.lines().filter(|line| is_fetching(line)).map(str::to_owned).collect();
        Ok(Self { list: path("list")?, parts: path("parts")?, status: path("status")?, acquire })
    }

    /// The file by which apt has its state in `dir`. Files of the machine are not read, since
    /// commands for after an update stand in them, which are for the machine's own lists.
    pub(super) fn private(&self, dir: &Path, newer: bool) -> String {
        let dir = dir.display();
        // Against an empty list of installed packages even the C library is missing, as it must be
        // for programs of a newer release.
        let status = match newer {
            true => format!("{dir}/status"),
            false => self.status.display().to_string(),
        };
        format!(
            "{}\n\
             Dir::Etc::main \"/dev/null\";\n\
             Dir::Etc::parts \"/dev/null\";\n\
             Dir::Etc::sourcelist \"/dev/null\";\n\
             Dir::Etc::sourceparts \"{dir}/parts\";\n\
             Dir::State \"{dir}/state\";\n\
             Dir::State::lists \"{dir}/lists\";\n\
             Dir::State::status \"{status}\";\n\
             Dir::Cache \"{dir}/cache\";\n\
             Acquire::Languages \"none\";\n\
             APT::Update::Error-Mode \"any\";\n\
             APT::Sandbox::User \"root\";\n",
            self.acquire.join("\n")
        )
    }
}

/// Whether a line of `apt-config dump` says how files are fetched, and not which.
fn is_fetching(line: &str) -> bool {
    let which = ["Acquire::IndexTargets", "Acquire::Languages"];
    // A value with a quotation mark or a second line in it cannot be read back.
    let whole = line.ends_with("\";") && line.matches('"').count() == 2;
    line.starts_with("Acquire::") && whole && !which.iter().any(|name| line.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_taken_over_and_commands_are_not() {
        let settings = Settings {
            list: "/l".into(),
            parts: "/p".into(),
            status: "/s".into(),
            acquire: vec!["Acquire::http::Proxy \"http://p:1\";".into()],
        };
        assert!(is_fetching(&settings.acquire[0]));
        for line in [
            "APT::Update::Post-Invoke:: \"rm -f /x\";",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled \"true\";",
            "Acquire::Languages:: \"de\";",
            "Acquire::http::Proxy \"a\"b\";",
            "Acquire::http::Proxy \"a",
        ] {
            assert!(!is_fetching(line), "{line}");
        }
        let text = settings.private(Path::new("/d"), false);
        assert!(text.starts_with(&settings.acquire[0]), "{text}");
        assert!(text.contains("Dir::State::status \"/s\";"), "{text}");
        assert!(settings.private(Path::new("/d"), true).contains("status \"/d/status\";"));
    }
}
