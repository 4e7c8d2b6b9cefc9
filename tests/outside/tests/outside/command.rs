//! Programs run with nothing of this process's environment but what they are given.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

/// What programs and compilers are found by, and what tells cargo and rustup where they live.
const KEPT: [&str; 6] = ["PATH", "HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "CC", "TMPDIR"];

/// A tool such as cargo or git.
pub(crate) fn tool(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.env_clear();
    for variable in KEPT {
        if let Some(value) = std::env::var_os(variable) {
            command.env(variable, value);
        }
    }
    command
}

/// A program in an empty environment, in the root directory.
pub(crate) fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().current_dir("/");
    command
}

/// What a command wrote.
pub(crate) struct Ran {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Ran {
    let program = command.get_program().display().to_string();
    let output = command.output().unwrap_or_else(|fault| panic!("cannot start {program}: {fault}"));
    let Output { status, stdout, stderr } = output;
    let [stdout, stderr] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into());
    Ran { success: status.success(), stdout, stderr }
}

/// Runs a command that has to succeed, and returns what it wrote to standard output.
pub(crate) fn succeed(command: &mut Command) -> String {
    let ran = run(command);
    assert!(ran.success, "{command:?} failed:\n{}{}", ran.stdout, ran.stderr);
    ran.stdout
}
