//! The place where the programs are built: one for all tests, used by one at a time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{succeed, tool};
use crate::source::Source;

/// What makes the builds short; found by cargo because it lies above all of them.
const CONFIG: &str = "\
[profile.dev]
debug = false
incremental = false

[profile.dev.package.libsqlite3-sys]
opt-level = 0
";

/// The place, and the right to use it.
pub(crate) struct Workshop {
    root: PathBuf,
    pub(crate) source: Source,
    _lock: File,
}

impl Workshop {
    /// Waits until no other test uses it.
    pub(crate) fn open() -> Workshop {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside");
        fs::create_dir_all(root.join(".cargo")).expect("cargo's directory is writable");
        let lock = File::create(root.join("lock")).expect("a file can be made");
        lock.lock().expect("files can be locked");
        write(&root.join(".cargo/config.toml"), CONFIG);
        make_cargo_home(&root.join("cargo-home"));
        let source = Source::copy(&root.join("source"));
        Workshop { root, source, _lock: lock }
    }

    /// A directory below the workshop.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Where programs are built; nobody else builds there.
    pub(crate) fn target_of_programs(&self) -> PathBuf {
        self.path("target-programs")
    }

    /// Where the repository itself is built. Not where the programs are: there the same files of
    /// path dependencies would be written in turns.
    pub(crate) fn target_of_source(&self) -> PathBuf {
        self.path("target-source")
    }

    /// Cargo in a directory, without a network.
    pub(crate) fn cargo(&self, directory: &Path, target: &Path) -> Command {
        let mut cargo = self.cargo_online(directory);
        cargo.env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
        cargo
    }

    /// Cargo that may fetch, which it needs for a git repository even when that lies beside it.
    pub(crate) fn cargo_online(&self, directory: &Path) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut cargo = tool(cargo);
        cargo.env("CARGO_HOME", self.path("cargo-home")).env("CARGO_TERM_COLOR", "never");
        cargo.current_dir(directory);
        cargo
    }

    /// Builds the program `aludel` and its plugin as a clone does, and returns the program.
    pub(crate) fn program(&self) -> PathBuf {
        let target = self.target_of_source();
        let mut cargo = self.cargo(self.source.path(), &target);
        succeed(cargo.args(["build", "--locked", "-p", "aludel-cli", "-p", "aludel-sqlite"]));
        target.join("debug/aludel")
    }

    /// The plugin that lies beside the program.
    pub(crate) fn plugin(&self) -> PathBuf {
        let program = self.program();
        program.with_file_name("deps").join("libaludel_sqlite.so")
    }
}

/// Writes a file unless it says this already: cargo builds anew what has a new time.
pub(crate) fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).expect("the workshop is writable");
    }
    fs::write(path, text).expect("the workshop is writable");
}

/// A home for cargo with everything of the real one but git repositories, among which those of
/// the tests would pile up.
fn make_cargo_home(home: &Path) {
    let real = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let real = real.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let real = real.expect("cargo has a home");
    fs::create_dir_all(home).expect("the workshop is writable");
    for entry in fs::read_dir(&real).expect("the home of cargo is readable").flatten() {
        let link = home.join(entry.file_name());
        if entry.file_name() != "git" && fs::symlink_metadata(&link).is_err() {
            std::os::unix::fs::symlink(entry.path(), &link).expect("the workshop is writable");
        }
    }
}
