//! A copy of the repository that is a git repository of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{succeed, tool};

/// The copy, with two commits of the same files.
pub(crate) struct Source {
    path: PathBuf,
    /// The commit on the branch `main`.
    pub(crate) revision: String,
    /// A later commit, with the same files.
    pub(crate) later: String,
}

impl Source {
    /// Brings the copy up to date; a file that is the same keeps its time.
    ///
    /// # Panics
    /// When git is missing, or the repository is not one.
    pub(crate) fn copy(path: &Path) -> Source {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = root.canonicalize().expect("this package lies in the repository");
        // New files that nobody has added yet are meant, too.
        let listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = succeed(git(&root).args(listed));
        let files: BTreeSet<PathBuf> = listed.split_terminator('\0').map(PathBuf::from).collect();
        fs::create_dir_all(path).expect("the workshop is writable");
        remove_others(path, path, &files);
        for file in &files {
            let (original, copy) = (root.join(file), path.join(file));
            // Listed and deleted: not committed yet.
            let Ok(bytes) = fs::read(&original) else { continue };
            if fs::read(&copy).is_ok_and(|old| old == bytes) {
                continue;
            }
            let directory = copy.parent().expect("a file lies in a directory");
            fs::create_dir_all(directory).expect("the workshop is writable");
            fs::copy(&original, &copy).expect("the workshop is writable");
        }
        commit(path)
    }

    /// The copy's root.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Deletes the files of an earlier copy that the repository no longer has.
fn remove_others(root: &Path, directory: &Path, files: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the copy is readable").flatten() {
        let path = entry.path();
        let name = path.strip_prefix(root).expect("it lies below the root");
        if name == Path::new(".git") {
            continue;
        }
        if path.is_dir() {
            remove_others(root, &path, files);
        } else if !files.contains(name) {
            fs::remove_file(&path).expect("the copy is writable");
        }
    }
}

/// Makes both commits; the same files make the same ones.
fn commit(path: &Path) -> Source {
    let git = |arguments: &[&str]| succeed(git(path).args(arguments)).trim().to_owned();
    git(&["init", "--quiet"]);
    git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
    git(&["add", "--all", "--force"]);
    let tree = git(&["write-tree"]);
    let revision = git(&["commit-tree", &tree, "-m", "As it is"]);
    let later = git(&["commit-tree", &tree, "-p", &revision, "-m", "As it was"]);
    git(&["update-ref", "refs/heads/main", &revision]);
    git(&["update-ref", "refs/heads/later", &later]);
    Source { path: path.to_owned(), revision, later }
}

fn git(directory: &Path) -> Command {
    let found = tool("git").arg("--version").output();
    assert!(found.is_ok(), "git is missing: install git (Debian: apt install git)");
    let mut git = tool("git");
    // The repository may belong to another user, as in a container.
    git.args(["-c", "safe.directory=*", "-c", "core.autocrlf=false"]).current_dir(directory);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), "aludel").env(format!("GIT_{role}_EMAIL"), "a@aludel");
        git.env(format!("GIT_{role}_DATE"), "2026-01-01T00:00:00Z");
    }
    git
}
