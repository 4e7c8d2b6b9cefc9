//! Every file, directory and link that a path leads through.
//!
//! Whoever may change one of them chooses where the path ends.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use super::Entry;
use crate::error::{Error, Result};
use crate::plugin::error;

/// Most links in a path; Linux follows as many.
const MAX_LINKS: usize = 40;

/// What a path leads through, each once, in the order of the system's own walk: directories from the
/// root on, links, and at the end what it leads to. Ends before what does not exist.
///
/// # Errors
/// `BAD_PATH` when it cannot be walked.
pub(super) fn walk(path: &Path) -> Result<Vec<Entry>> {
    let mut passed: Vec<Entry> = Vec::new();
    let mut at = PathBuf::new();
    let mut ahead = steps(path);
    let mut links = 0;
    while let Some(step) = ahead.pop_front() {
        match Path::new(&step).components().next() {
            Some(Component::ParentDir) => {
                at.pop();
                continue;
            }
            Some(Component::CurDir) => continue,
            _ => at.push(&step),
        }
        let metadata = match std::fs::symlink_metadata(&at) {
            Ok(metadata) => metadata,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => break,
            Err(fault) => return Err(unreadable(&at, &fault)),
        };
        let entry = Entry::new(&at, &metadata);
        if !passed.iter().any(|other| other.path == entry.path) {
            passed.push(entry);
        }
        if metadata.is_symlink() {
            links += 1;
            if links > MAX_LINKS {
                return Err(error::bad_path(
                    format!("{} leads through too many links", path.display()),
                    "put the file itself there",
                ));
            }
            let target = std::fs::read_link(&at).map_err(|fault| unreadable(&at, &fault))?;
            at.pop();
            steps(&target).into_iter().rev().for_each(|step| ahead.push_front(step));
        }
    }
    Ok(passed)
}

/// The steps of a path; an absolute one begins with the root.
fn steps(path: &Path) -> VecDeque<OsString> {
    path.components().map(|component| component.as_os_str().to_owned()).collect()
}

fn unreadable(path: &Path, fault: &std::io::Error) -> Error {
    error::bad_path(
        format!("{} cannot be examined: {fault}", path.display()),
        "check that its permissions allow it",
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};

    use super::walk;

    /// The names below the root of the test, with that root left out.
    fn passed(root: &Path, path: &Path) -> Vec<String> {
        let entries = walk(path).unwrap();
        let below = entries.iter().filter_map(|entry| entry.path.strip_prefix(root).ok());
        below.map(|path| path.display().to_string()).filter(|path| !path.is_empty()).collect()
    }

    #[test]
    fn every_directory_and_link_is_passed_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::create_dir(root.join("c")).unwrap();
        std::fs::write(root.join("a/b/file"), "").unwrap();
        symlink("../a/b", root.join("c/rel")).unwrap();
        symlink(root.join("c/rel/file"), root.join("abs")).unwrap();
        let through = ["abs", "c", "c/rel", "a", "a/b", "a/b/file"];
        assert_eq!(passed(&root, &root.join("abs")), through);
        assert_eq!(passed(&root, &root.join("c/./../abs"))[..2], ["c", "abs"]);
    }

    #[test]
    fn what_does_not_exist_ends_the_walk() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        assert_eq!(passed(&root, &root.join("x/y")), Vec::<String>::new());
        assert_eq!(walk(&root.join("x/y")).unwrap()[0].path, PathBuf::from("/"));
    }

    #[test]
    fn a_loop_of_links_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        symlink("two", dir.path().join("one")).unwrap();
        symlink("one", dir.path().join("two")).unwrap();
        let error = walk(&dir.path().join("one")).unwrap_err().to_string();
        assert!(error.contains("leads through too many links"), "{error}");
    }
}
