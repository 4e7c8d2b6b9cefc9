//! A program of a server or its client: installed, or unpacked in the cache.

use super::place;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// A file to run, and what it needs to run outside its package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    path: PathBuf,
    /// Folders of shared libraries that the system does not have.
    libraries: Vec<PathBuf>,
    /// The dynamic loader of a newer system, whose C library the program was built against.
    loader: Option<PathBuf>,
}

impl Program {
    /// An installed program.
    pub(crate) fn installed(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), libraries: Vec::new(), loader: None }
    }

    /// A program of an unpacked tree, which has the libraries that were missing.
    pub(crate) fn unpacked(path: impl Into<PathBuf>, tree: &Path) -> Self {
        Self { path: path.into(), libraries: libraries(tree), loader: None }
    }

    /// A program of a tree that has its own C library.
    pub(crate) fn foreign(path: impl Into<PathBuf>, tree: &Path, loader: PathBuf) -> Self {
        Self { loader: Some(loader), ..Self::unpacked(path, tree) }
    }

    /// The program's file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A program that lies beside this one.
    pub(crate) fn sibling(&self, name: &str) -> Self {
        Self { path: self.path.with_file_name(name), ..self.clone() }
    }

    /// The words with which it is started.
    pub(crate) fn words(&self) -> Vec<OsString> {
        let path = self.path.clone().into_os_string();
        match &self.loader {
            Some(loader) => {
                vec![loader.into(), "--library-path".into(), join(&self.libraries), path]
            }
            None => vec![path],
        }
    }

    /// The value of `LD_LIBRARY_PATH` with which it is started.
    pub(crate) fn library_path(&self) -> Option<OsString> {
        (self.loader.is_none() && !self.libraries.is_empty()).then(|| join(&self.libraries))
    }
}

fn join(folders: &[PathBuf]) -> OsString {
    folders.iter().map(|path| path.as_os_str()).collect::<Vec<_>>().join(":".as_ref())
}

/// The folders of `tree` that have shared libraries.
pub(crate) fn libraries(tree: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["usr/lib", "lib", "usr/lib64", "lib64"] {
        let inner = entries(&tree.join(folder)).into_iter().filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().contains("-linux-gnu"))
        });
        found.extend(inner.filter(|path| path.is_dir()));
    }
    found
}

/// What lies in `folder`, sorted by name; nothing if there is no such folder.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .map(|found| found.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    paths.sort();
    paths
}

/// The unpacked packages of the set `name`.
pub(crate) fn tree(name: &str) -> Result<PathBuf, String> {
    Ok(place::cache()?.join("trees").join(name))
}

/// Set to `1`, only unpacked packages are used: nothing installed, and nothing gets installed.
const ONLY_UNPACKED: &str = "ALUDEL_SERVICES_UNPACKED";

/// Whether installed programs do not count.
pub(crate) fn only_unpacked() -> bool {
    env::var_os(ONLY_UNPACKED).is_some_and(|value| value == "1")
}

/// The folder below which programs are installed, if they count.
pub(crate) fn system() -> Option<PathBuf> {
    (!only_unpacked()).then(|| PathBuf::from("/"))
}

/// The folders below which the files of the set `set` may lie.
pub(crate) fn roots(set: &str) -> impl Iterator<Item = PathBuf> {
    system().into_iter().chain(tree(set).ok())
}

/// The program called `name`: installed, or unpacked with the set `set`.
pub(crate) fn find(name: &str, set: &str) -> Option<Program> {
    installed(name).or_else(|| unpacked(name, &tree(set).ok()?))
}

/// The program called `name` below `tree`.
pub(crate) fn unpacked(name: &str, tree: &Path) -> Option<Program> {
    let folders = ["usr/sbin", "usr/bin", "sbin", "bin"];
    let path =
        folders.iter().map(|folder| tree.join(folder).join(name)).find(|path| path.is_file());
    Some(Program::unpacked(path?, tree))
}

/// The installed program called `name` of a server or its client.
pub(crate) fn installed(name: &str) -> Option<Program> {
    system().and_then(|_| on_path(name))
}

/// The system's tool called `name`, if the servers' user can run it.
pub(crate) fn on_path(name: &str) -> Option<Program> {
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    let root = place::effective_uid() == Ok(0);
    env::split_paths(&path)
        .chain(usual.iter().map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file() && (!root || place::open_to_all(path)))
        .map(Program::installed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_is_found_and_nonsense_is_not() {
        assert!(on_path("sh").is_some());
        assert_eq!(on_path("aludel-has-no-such-tool"), None);
    }

    #[test]
    fn a_program_with_a_loader_of_its_own_is_started_by_it() {
        let program = Program {
            path: "/t/usr/sbin/mysqld".into(),
            libraries: vec!["/t/a".into(), "/t/b".into()],
            loader: Some("/t/ld.so".into()),
        };
        let expected = ["/t/ld.so", "--library-path", "/t/a:/t/b", "/t/usr/sbin/mysqld"];
        assert_eq!(program.words(), expected);
        assert_eq!(program.library_path(), None);
        assert_eq!(program.sibling("mysql").path(), Path::new("/t/usr/sbin/mysql"));
    }
}
