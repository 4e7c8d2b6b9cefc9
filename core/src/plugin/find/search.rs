//! What a search depends on: directories given in code, and the environment of the process.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::abi::process;

/// Where plugins are looked for.
///
/// ```
/// use aludel::plugin::Search;
///
/// let search = Search::new().path("/opt/app/dialects");
/// ```
#[derive(Debug, Clone)]
pub struct Search {
    paths: Vec<PathBuf>,
    environment: Environment,
}

impl Search {
    /// The places of this process.
    pub fn new() -> Search {
        Search { paths: Vec::new(), environment: Environment::of_process() }
    }

    /// Adds a directory of the level [`Api`](crate::plugin::Level::Api), after those added before. It must
    /// be absolute, or the search fails.
    #[must_use]
    pub fn path(mut self, dir: impl Into<PathBuf>) -> Search {
        self.paths.push(dir.into());
        self
    }

    /// Replaces what the search knows of the process and its environment; for tests and tools.
    #[must_use]
    pub fn with_environment(mut self, environment: Environment) -> Search {
        self.environment = environment;
        self
    }

    pub(in crate::plugin) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    pub(in crate::plugin) fn environment(&self) -> &Environment {
        &self.environment
    }
}

impl Default for Search {
    fn default() -> Self {
        Search::new()
    }
}

/// What the levels below [`Api`](crate::plugin::Level::Api) are made of.
///
/// Not `non_exhaustive`, so that a test can write what it means, and the rest of it as it is in
/// [`Environment::empty`]: there may be more fields one day.
///
/// ```
/// use aludel::plugin::Environment;
///
/// let user_dir = Some("/home/app/plugins".into());
/// let environment = Environment { user_dir, ..Environment::empty() };
/// assert!(environment.system_dirs.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The value of `ALUDEL_PLUGIN_PATH`: absolute directories in the form of `PATH`.
    pub plugin_path: Option<OsString>,
    /// The value of `ALUDEL_PLUGIN_POLICY`: `system_only` or `pinned`, or both with a comma. It only
    /// tightens the policy of the program.
    pub plugin_policy: Option<OsString>,
    /// Whether each search is told on standard error: `ALUDEL_PLUGIN_TRACE` is `1`.
    pub plugin_trace: bool,
    /// The file of the running program.
    pub program: Option<PathBuf>,
    /// The directory of the level user.
    pub user_dir: Option<PathBuf>,
    /// The directories of the level system.
    pub system_dirs: Vec<PathBuf>,
    /// True when the program runs with more rights than its user (setuid): what the user could
    /// set is then left out.
    pub privileged: bool,
}

impl Environment {
    /// Nothing is searched.
    pub const fn empty() -> Environment {
        Environment {
            plugin_path: None,
            plugin_policy: None,
            plugin_trace: false,
            program: None,
            user_dir: None,
            system_dirs: Vec::new(),
            privileged: false,
        }
    }

    /// The environment of this process.
    pub fn of_process() -> Environment {
        let privileged = process::is_privileged();
        let is_traced = std::env::var_os("ALUDEL_PLUGIN_TRACE").is_some_and(|value| value == "1");
        Environment {
            plugin_path: std::env::var_os("ALUDEL_PLUGIN_PATH"),
            plugin_policy: std::env::var_os("ALUDEL_PLUGIN_POLICY"),
            plugin_trace: is_traced && !privileged,
            program: std::env::current_exe().ok(),
            user_dir: user_data().map(|dir| dir.join("aludel").join("plugins")),
            system_dirs: system_dirs(),
            privileged,
        }
    }
}

/// The absolute path in an environment variable; a relative one counts as unset, as XDG demands.
fn dir_of(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|dir| dir.is_absolute())
}

fn user_data() -> Option<PathBuf> {
    if cfg!(windows) {
        return dir_of("LOCALAPPDATA");
    }
    if cfg!(target_vendor = "apple") {
        return dir_of("HOME").map(|home| home.join("Library/Application Support"));
    }
    dir_of("XDG_DATA_HOME").or_else(|| dir_of("HOME").map(|home| home.join(".local/share")))
}

fn system_dirs() -> Vec<PathBuf> {
    if cfg!(not(unix)) {
        return Vec::new();
    }
    let usr_lib = Path::new("/usr/lib");
    let mut dirs = vec![PathBuf::from("/usr/local/lib/aludel")];
    if cfg!(target_os = "linux") {
        let multiarch = format!("{}-linux-gnu", std::env::consts::ARCH);
        dirs.push(usr_lib.join(multiarch).join("aludel"));
    }
    dirs.push(usr_lib.join("aludel"));
    dirs
}
