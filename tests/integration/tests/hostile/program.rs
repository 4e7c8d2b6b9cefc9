//! A program that loads plugins, in a process and an environment of its own.

use std::ffi::OsStr;
use std::io::{ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use aludel_tests::hostile::Stage;

/// Another user than this one, whatever the system calls it.
pub(crate) const NOBODY: u32 = 65534;

/// The program, which searches the levels env, app and user of a stage.
pub(crate) struct Program {
    command: Command,
    is_unprivileged: bool,
}

/// What a program has written.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    /// The program where cargo has built it.
    pub(crate) fn new(stage: &Stage) -> Program {
        Program::at(Path::new(built()), stage)
    }

    /// A copy of the program in a directory of the stage, for what depends on where it lies.
    pub(crate) fn copied(stage: &Stage, relative: &str) -> Program {
        Program::at(&copy(stage, relative), stage)
    }

    /// The program as it lies at this path.
    pub(crate) fn at(path: &Path, stage: &Stage) -> Program {
        let mut command = Command::new(path);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ALUDEL_") {
                command.env_remove(name);
            }
        }
        command.env("ALUDEL_PLUGIN_PATH", stage.path("env"));
        command.env("XDG_DATA_HOME", stage.path("data"));
        Program { command, is_unprivileged: false }
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Program {
        self.command.env(name, value);
        self
    }

    /// Leaves `ALUDEL_PLUGIN_PATH` unset.
    pub(crate) fn without_path(mut self) -> Program {
        self.command.env_remove("ALUDEL_PLUGIN_PATH");
        self
    }

    /// Runs it as another user when this one is root, who may read and write everything.
    pub(crate) fn unprivileged(mut self) -> Program {
        if nix::unistd::geteuid().is_root() {
            self.command.uid(NOBODY).gid(NOBODY);
            self.is_unprivileged = true;
        }
        self
    }

    /// Runs it as root of a user namespace in which every other user is nobody; none where the
    /// system has no such namespaces, which is said on standard error.
    pub(crate) fn in_user_namespace(self) -> Option<Program> {
        let unshare = |program: &OsStr| {
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-root-user"]).arg(program);
            let program = Program { command, is_unprivileged: false };
            if self.is_unprivileged { program.unprivileged() } else { program }
        };
        if !unshare("true".as_ref()).command.status().is_ok_and(|status| status.success()) {
            say("no user namespaces, so not tested: their users");
            return None;
        }
        let mut program = unshare(self.command.get_program());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => program.command.env(name, value),
                None => program.command.env_remove(name),
            };
        }
        Some(program)
    }

    /// Runs it to its end, which is a good one: no signal, no panic.
    pub(crate) fn run<S: AsRef<OsStr>>(mut self, arguments: &[S]) -> Ran {
        self.command.args(arguments);
        let output = loop {
            match self.command.output() {
                // A copy is busy until what other threads start meanwhile has let go of it.
                Err(fault) if fault.kind() == ErrorKind::ExecutableFileBusy => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                output => break output.expect("the program can be started"),
            }
        };
        let [out, err] =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        assert!(output.status.success(), "{}\n{out}{err}", output.status);
        Ran { out, err }
    }
}

/// Whether this process is root's; says on standard error what cannot be tested when it is not.
pub(crate) fn is_root(what: &str) -> bool {
    let is_root = nix::unistd::geteuid().is_root();
    if !is_root {
        say(&format!("not root, so not tested: {what}"));
    }
    is_root
}

fn say(what: &str) {
    // Nothing can be told to somebody who does not listen.
    let _ = writeln!(std::io::stderr(), "{what}");
}

/// Copies the program into a directory of the stage.
pub(crate) fn copy(stage: &Stage, relative: &str) -> PathBuf {
    let path = stage.path(relative);
    stage.dir(relative.rsplit_once('/').map_or("", |(dir, _)| dir));
    std::fs::copy(built(), &path).expect("the program can be copied");
    path
}

fn built() -> &'static str {
    env!("CARGO_BIN_EXE_aludel-tests-load")
}
