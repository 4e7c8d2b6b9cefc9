//! A place of its own for the program, its user and plugins, so that nothing else is found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::run::Ran;

/// A directory with the program at `bin/aludel`. Its user's plugins are in `data/aludel/plugins`,
/// those beside the program in `lib/aludel`.
pub(super) struct Home {
    root: TempDir,
}

impl Home {
    pub(super) fn new() -> Home {
        let home = Home { root: tempfile::tempdir().expect("there is a place for it") };
        let (built, program) = (env!("CARGO_BIN_EXE_aludel"), home.path("bin/aludel"));
        fs::create_dir(home.path("bin")).unwrap();
        // A program of a moment ago may not be written when it is started; a link always may.
        fs::hard_link(built, &program).or_else(|_| fs::copy(built, &program).map(drop)).unwrap();
        home
    }

    /// A path below the directory, without links.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.path().canonicalize().expect("it is there").join(name)
    }

    /// Copies the plugin of this name, which cargo built, into a directory.
    pub(super) fn plugin(&self, dir: &str, name: &str) -> PathBuf {
        let file = file_name(name);
        self.copy(&built(name), &format!("{dir}/{file}"))
    }

    pub(super) fn copy(&self, from: &Path, to: &str) -> PathBuf {
        let path = self.path(to);
        fs::create_dir_all(path.parent().expect("it has a name")).unwrap();
        fs::copy(from, &path).unwrap_or_else(|fault| panic!("{}: {fault}", from.display()));
        path
    }

    /// Writes a plugin file with another version in its note.
    pub(super) fn with_version(&self, name: &str, version: &str, to: &str) -> PathBuf {
        let bytes = fs::read(built(name)).unwrap();
        let [old, new] = ["0.1.0", version].map(|version| format!("\"version\":\"{version}\""));
        self.write(to, &replaced(bytes, old.as_bytes(), new.as_bytes()))
    }

    pub(super) fn write(&self, to: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(to);
        fs::create_dir_all(path.parent().expect("it has a name")).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The program with these arguments, in this environment.
    pub(super) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.path("bin/aludel"));
        self.prepare(&mut command);
        command.args(arguments);
        command
    }

    /// Gives a command this environment.
    pub(super) fn prepare(&self, command: &mut Command) {
        for variable in ["ALUDEL_PLUGIN_PATH", "ALUDEL_PLUGIN_POLICY", "ALUDEL_PLUGIN_TRACE"] {
            command.env_remove(variable);
        }
        command.env("HOME", self.path("home")).env("XDG_DATA_HOME", self.path("data"));
        command.stdin(Stdio::null());
    }

    /// Runs the program; the directory is `ROOT` in what it prints.
    pub(super) fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(self.program(arguments))
    }

    /// Runs the program with `ALUDEL_PLUGIN_PATH` set to this directory.
    pub(super) fn run_with_path(&self, dir: &str, arguments: &[&str]) -> Ran {
        let mut program = self.program(arguments);
        program.env("ALUDEL_PLUGIN_PATH", self.path(dir));
        self.finish(program)
    }

    pub(super) fn finish(&self, mut command: Command) -> Ran {
        let mut ran = Ran::new(command.output().expect("the program starts"));
        let root = self.path("").display().to_string();
        for text in [&mut ran.out, &mut ran.err] {
            *text = text.replace(root.trim_end_matches('/'), "ROOT");
        }
        ran
    }
}

/// The one JSON document that was printed, and nothing beside it.
#[track_caller]
pub(super) fn json(ran: &Ran) -> Value {
    assert_eq!(ran.err, "");
    assert!(ran.out.ends_with("}\n"), "{}", ran.out);
    ran.out.parse().unwrap_or_else(|fault| panic!("{fault}: {}", ran.out))
}

/// The file name of the plugin of this name.
pub(super) fn file_name(name: &str) -> String {
    format!("{}aludel_{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// The plugin of this name that cargo built for these tests.
fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("it has a path");
    test.with_file_name(file_name(name))
}

fn replaced(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len(), "the rest of the file stays where it is");
    let places: Vec<usize> =
        (0..bytes.len() - old.len()).filter(|at| bytes[*at..].starts_with(old)).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(new);
    }
    bytes
}
