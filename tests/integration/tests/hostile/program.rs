//! A program that loads plugins, in a process and an environment of its own.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use aludel_tests::hostile::Stage;

/// The program, which searches the levels env, app and user of a stage.
pub(crate) struct Program {
    command: Command,
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

    fn at(path: &Path, stage: &Stage) -> Program {
        let mut command = Command::new(path);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ALUDEL_") {
                command.env_remove(name);
            }
        }
        command.env("ALUDEL_PLUGIN_PATH", stage.path("env"));
        command.env("XDG_DATA_HOME", stage.path("data"));
        Program { command }
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Program {
        self.command.env(name, value);
        self
    }

    /// Leaves `ALUDEL_PLUGIN_PATH` unset.
    pub(crate) fn without_path(mut self) -> Program {
        self.command.env_remove("ALUDEL_PLUGIN_PATH");
        self
    }

    /// Runs it as another user, which only root can.
    pub(crate) fn user(mut self, uid: u32) -> Program {
        self.command.uid(uid).gid(uid);
        self
    }

    /// Runs it to its end, which is a good one: no signal, no panic.
    pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(mut self, arguments: &[S]) -> Ran {
        let output = self.command.args(arguments).output().expect("the program can be started");
        let [out, err] =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        assert!(output.status.success(), "{}\n{out}{err}", output.status);
        Ran { out, err }
    }
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
