//! Running the program.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A URL whose database is new in every run.
pub(crate) const MEMORY: &str = "sqlite:///:memory:";

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn new(output: Output) -> Self {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }

    /// What was printed by a run that must have ended well.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }
}

/// The program with these arguments and no plugin path but its own.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
    command.args(arguments).env_remove("ALUDEL_PLUGIN_PATH").stdin(Stdio::null());
    command
}

/// Runs the program.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    Ran::new(program(arguments).output().expect("the program starts"))
}

/// Runs the program with this on standard input.
pub(crate) fn run_with(input: &[u8], arguments: &[&str]) -> Ran {
    let mut child = program(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let written = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    written.expect("the program reads its input");
    Ran::new(output)
}

/// The URL of a file.
pub(crate) fn url(file: &Path) -> String {
    format!("sqlite:///{}", file.to_str().expect("temporary paths are UTF-8"))
}
