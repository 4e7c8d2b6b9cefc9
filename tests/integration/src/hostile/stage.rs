//! A directory with the levels of a search, and plugins in them that leave traces when they run.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use aludel::abi::host::DriverDialect;
use aludel::plugin::{Environment, Found, Policy, Search, loaded_dialect};
use aludel::{Error, Result, Url, Value};
use tempfile::TempDir;

use super::library::Library;
use crate::subject::{Subject, TOY, query};

/// Where the traces are, below the root; everybody may write there.
const TRACES: &str = "traces";

/// What the library answers to everything.
const ANSWER: i64 = 42;

/// Directories of the levels env (`env`), user (`user`) and system (`system`), and whatever else a
/// test puts beside them.
pub struct Stage {
    /// Removes the directory in the end.
    _directory: TempDir,
    root: PathBuf,
}

impl Default for Stage {
    fn default() -> Self {
        Stage::new()
    }
}

impl Stage {
    /// An empty directory that everybody may read.
    ///
    /// # Panics
    /// When there is no place for temporary files.
    pub fn new() -> Stage {
        let directory = tempfile::tempdir().expect("there is a place for temporary files");
        let root = directory.path().canonicalize().expect("it is there");
        let stage = Stage { _directory: directory, root };
        stage.mode("", 0o755);
        fs::create_dir(stage.path(TRACES)).expect("the directory is ours");
        stage.mode(TRACES, 0o777);
        stage
    }

    /// A path below the root.
    pub fn path(&self, relative: &str) -> PathBuf {
        if relative.is_empty() { self.root.clone() } else { self.root.join(relative) }
    }

    /// Makes a directory, with those above it.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn dir(&self, relative: &str) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(&path).expect("the directory is ours");
        path
    }

    /// Changes permissions.
    ///
    /// # Panics
    /// When that is not allowed.
    pub fn mode(&self, relative: &str, mode: u32) {
        fs::set_permissions(self.path(relative), Permissions::from_mode(mode)).expect("it is ours");
    }

    /// Writes a plugin under its own name.
    pub fn put(&self, dir: &str, library: &Library) -> PathBuf {
        self.put_as(&format!("{dir}/libaludel_{}.so", library.name()), library)
    }

    /// Writes a plugin under any name.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn put_as(&self, relative: &str, library: &Library) -> PathBuf {
        let path = self.path(relative);
        self.dir(relative.rsplit_once('/').map_or("", |(dir, _)| dir));
        fs::write(&path, library.bytes(&self.trace_of(relative))).expect("the directory is ours");
        fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("the file is ours");
        path
    }

    fn trace_of(&self, relative: &str) -> PathBuf {
        self.path(TRACES).join(relative.replace('/', "-"))
    }

    /// What has run of the plugin that was written there: `constructor` and `init`, a line each.
    pub fn ran(&self, relative: &str) -> String {
        fs::read_to_string(self.trace_of(relative)).unwrap_or_default()
    }

    /// Lets a plugin go on that hangs until it is released.
    ///
    /// # Panics
    /// When the file that it waits for cannot be written.
    pub fn release(&self, relative: &str) {
        fs::write(self.release_of(relative), "").expect("the directory is ours");
    }

    /// The file that a plugin waits for that hangs until it is released.
    pub fn release_of(&self, relative: &str) -> PathBuf {
        let mut path = self.trace_of(relative).into_os_string();
        path.push(".release");
        path.into()
    }

    /// Checks that nothing has run of any plugin that was written here.
    ///
    /// # Panics
    /// When something has.
    pub fn assert_nothing_ran(&self) {
        let traces = fs::read_dir(self.path(TRACES)).expect("the directory is ours");
        let ran: Vec<_> = traces.map(|trace| trace.expect("it is listed").file_name()).collect();
        assert!(ran.is_empty(), "code has run: {ran:?}");
    }

    /// The levels env, user and system of this directory, and no program.
    pub fn search(&self) -> Search {
        Search::new().with_environment(self.environment())
    }

    /// What [`Stage::search`] is made of.
    pub fn environment(&self) -> Environment {
        Environment {
            plugin_path: Some(self.path("env").into()),
            user_dir: Some(self.path("user")),
            system_dirs: vec![self.path("system")],
            ..Environment::empty()
        }
    }

    /// Loads the dialect of this scheme from the levels of this directory.
    ///
    /// # Errors
    /// Why it cannot be loaded.
    pub fn load(&self, scheme: &str) -> Result<Found> {
        self.load_with(scheme, &self.search(), &Policy::new())
    }

    /// Loads the dialect of this scheme.
    ///
    /// # Errors
    /// Why it cannot be loaded.
    pub fn load_with(&self, scheme: &str, search: &Search, policy: &Policy) -> Result<Found> {
        loaded_dialect(&Url::parse(&format!("{scheme}://"))?, search, policy)
    }

    /// The whole message with which a scheme is refused, without anything having run; the root is
    /// written as `ROOT`.
    ///
    /// # Panics
    /// When it is not refused, or something has run.
    pub fn refusal(&self, scheme: &str) -> String {
        self.refusal_with(scheme, &self.search(), &Policy::new())
    }

    /// As [`Stage::refusal`].
    ///
    /// # Panics
    /// When it is not refused, or something has run.
    pub fn refusal_with(&self, scheme: &str, search: &Search, policy: &Policy) -> String {
        let message = self.failure_with(scheme, search, policy);
        self.assert_nothing_ran();
        message
    }

    /// The whole message with which a scheme fails, whatever has run; the root is written as `ROOT`.
    ///
    /// # Panics
    /// When it does not fail.
    pub fn failure_with(&self, scheme: &str, search: &Search, policy: &Policy) -> String {
        self.shown(&self.load_with(scheme, search, policy).expect_err("it is no good plugin"))
    }

    /// The whole message, with the root written as `ROOT`.
    pub fn shown(&self, error: &Error) -> String {
        self.without_root(&error.to_string())
    }

    /// A text, with the root written as `ROOT`.
    pub fn without_root(&self, text: &str) -> String {
        text.replace(&self.root.display().to_string(), "ROOT")
    }

    /// Loads another plugin, which was not here before, and asks it: the process is usable.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn assert_usable(&self, name: &str) {
        self.put("usable", &Library::new(name));
        let search = Search::new().with_environment(Environment::empty()).path(self.path("usable"));
        let found = self.load_with(name, &search, &Policy::new());
        assert_answers(found.unwrap_or_else(|error| panic!("{error}")).dialect);
    }
}

/// Checks that a dialect of the library answers.
///
/// # Panics
/// When it does not.
pub fn assert_answers(dialect: DriverDialect) {
    let mut connection = Subject { dialect, speech: TOY }.connect();
    assert_eq!(query(&mut connection, "ask").unwrap(), [[Value::I64(ANSWER)]]);
}

/// Makes a symbolic link.
///
/// # Panics
/// When it cannot be made.
pub fn link(target: &Path, link: &Path) {
    std::os::unix::fs::symlink(target, link).expect("the directory is ours");
}
