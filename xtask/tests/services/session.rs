//! Starts servers by the command line, and tells what is left of them.

use aludel_test_services::Vars;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The program under test.
pub(crate) const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

/// How long anything may take to happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A `services` command that fetches nothing.
pub(crate) fn services(args: &[&str]) -> Command {
    let mut command = Command::new(XTASK);
    command.arg("services").args(args).env("ALUDEL_SERVICES_OFFLINE", "1").stdin(Stdio::null());
    command
}

/// Whether a PostgreSQL starts here without a network; says so if not.
pub(crate) fn postgres_is_at_hand() -> bool {
    if std::env::var_os("ALUDEL_PG_URL").is_some() {
        return true;
    }
    let script = "test -n \"$ALUDEL_PG_URL\"";
    let found = services(&["run", "pg", "--", "sh", "-c", script]).output().unwrap();
    found.status.success() || {
        let text = said(&found);
        assert!(is_missing(&text), "{text}");
        eprintln!("skipped: {text}");
        false
    }
}

/// Whether `text` says that PostgreSQL, or openssl for its certificate, cannot be had here.
pub(crate) fn is_missing(text: &str) -> bool {
    ["postgresql", "openssl"]
        .iter()
        .any(|what| text.contains(&format!("skipped: {what} is not installed")))
}

/// Runs a command that must succeed, and returns what it printed.
pub(crate) fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Everything that a command printed.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Reads the lines of `services env`.
pub(crate) fn exports(text: &str) -> Vars {
    let mut vars = Vars::default();
    for line in text.lines() {
        let pair = line.strip_prefix("export ").and_then(|rest| rest.split_once('='));
        let (name, value) = pair.unwrap_or_else(|| panic!("{line}"));
        vars.set(name, value.trim_matches('\''));
    }
    vars
}

/// Servers that last until this is dropped.
pub(crate) struct Up {
    name: String,
    pub(crate) vars: Vars,
}

impl Up {
    /// `services up` under a name of its own.
    pub(crate) fn start(name: &str, kinds: &[&str]) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let up = Self { name, vars: Vars::default() };
        printed(services(&["up", "--name", &up.name]).args(kinds));
        let vars = exports(&printed(&mut services(&["env", "--name", &up.name])));
        Self { name: up.name.clone(), vars }.keep(up)
    }

    /// Takes over from the guard that stood in while the start could fail.
    fn keep(self, guard: Self) -> Self {
        std::mem::forget(guard);
        self
    }

    /// The servers' directory.
    pub(crate) fn dir(&self) -> PathBuf {
        PathBuf::from(&self.vars["ALUDEL_SERVICES_DIR"])
    }

    /// `services down`.
    pub(crate) fn down(&self) -> String {
        printed(&mut services(&["down", "--name", &self.name]))
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = services(&["down", "--name", &self.name]).output();
    }
}

/// The processes that run for the servers' directory `dir`.
pub(crate) fn processes(dir: &Path) -> Vec<u32> {
    carrying(|entry| entry == marker_of(dir).as_bytes())
}

/// The processes that run for any servers' directory in `folder`.
pub(crate) fn processes_below(folder: &Path) -> Vec<u32> {
    carrying(|entry| entry.starts_with(marker_of(&folder.join("")).as_bytes()))
}

fn marker_of(dir: &Path) -> String {
    format!("ALUDEL_SERVICES_HOME={}", dir.display())
}

/// The processes with an entry in their environment of which `matches` holds.
fn carrying(matches: impl Fn(&[u8]) -> bool) -> Vec<u32> {
    let numbers = fs::read_dir("/proc").unwrap().flatten();
    numbers
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            let environ = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environ.split(|byte| *byte == 0).any(&matches)
        })
        .collect()
}

/// The keeper of `dir`: the process that holds the lock on its file.
pub(crate) fn keeper(dir: &Path) -> u32 {
    let inode = fs::metadata(dir.join("keeper.lock")).unwrap().ino();
    let locks = fs::read_to_string("/proc/locks").unwrap();
    let line = locks.lines().find(|line| line.contains(&format!(":{inode} "))).unwrap();
    line.split_whitespace().nth(4).unwrap().parse().unwrap()
}

/// Waits until `what` holds.
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until neither a process nor the directory is left.
pub(crate) fn gone(dir: &Path) {
    eventually("nothing is left", || processes(dir).is_empty() && !dir.exists());
}

/// Sends a signal.
pub(crate) fn kill(signal: &str, target: &str) {
    let script = format!("kill -s {signal} -- {target}");
    assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
}

/// The number of this process's user.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}
