//! A place with a cargo of its own, so that verbs of xtask run to their end without building anything.

use crate::session::{XTASK, eventually};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Says what it was asked for, notes a test, and does what the environment says.
const CARGO: &str = r#"#!/bin/sh
echo "$*" >> "$WORKSHOP/asked"
case "$1 $2" in
"build --workspace") exit "${BUILD:-0}" ;;
"nextest run" | "bench -p")
    env > "$WORKSHOP/given.new"
    [ -z "$ALUDEL_SERVICES_RAN" ] ||
        printf 'sqlite-static\tone\t3.50\n' >> "$ALUDEL_SERVICES_RAN"
    mv "$WORKSHOP/given.new" "$WORKSHOP/given"
    while [ -n "$WAIT" ] && [ ! -e "$WORKSHOP/go" ]; do sleep 0.05; done ;;
esac
"#;

/// A folder of programs that stand before all others, which goes when this is dropped.
pub(crate) struct Workshop(PathBuf);

impl Workshop {
    pub(crate) fn open(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("aludel-{name}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let workshop = Self(folder);
        workshop.everyone(&workshop.0);
        workshop.program("cargo", CARGO);
        workshop
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// Adds a script.
    pub(crate) fn program(&self, name: &str, script: &str) {
        fs::write(self.0.join(name), script).unwrap();
        self.everyone(&self.0.join(name));
    }

    fn everyone(&self, path: &Path) {
        fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }

    /// xtask with the programs of this place, and with no servers around.
    pub(crate) fn xtask(&self, args: &[&str]) -> Command {
        let path = format!("{}:{}", self.0.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(XTASK);
        command.args(args).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ALUDEL_")) {
            // Where the programs are stays.
            if name != "ALUDEL_SERVICES_CACHE" {
                command.env_remove(name);
            }
        }
        command.env("PATH", path).env("WORKSHOP", &self.0).env("CARGO_TARGET_DIR", &self.0);
        command.env("ALUDEL_SERVICES_OFFLINE", "1");
        command
    }

    /// xtask in a process group of its own, when its cargo has come to the tests or the bench and
    /// waits for [`Workshop::go`]; and the servers' directory.
    pub(crate) fn waiting(&self, args: &[&str]) -> (Child, PathBuf) {
        let mut command = self.xtask(args);
        command.env("WAIT", "1").process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        eventually("cargo runs", || self.0.join("given").exists());
        let dir = self.given("ALUDEL_SERVICES_DIR").expect("servers run");
        (child, PathBuf::from(dir))
    }

    /// Lets the cargo that waits end.
    pub(crate) fn go(&self) {
        fs::write(self.0.join("go"), "").unwrap();
    }

    /// The value of a variable that the tests or the bench got.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        let text = fs::read_to_string(self.0.join("given")).unwrap_or_default();
        let value = |line: &str| Some(line.strip_prefix(name)?.strip_prefix('=')?.to_owned());
        text.lines().find_map(value)
    }

    /// The words of every cargo that was started.
    pub(crate) fn asked(&self) -> String {
        fs::read_to_string(self.0.join("asked")).unwrap_or_default()
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
