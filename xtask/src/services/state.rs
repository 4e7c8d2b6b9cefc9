//! Which servers `up` started: a file in the cache for each clone and name, until `down`.

use super::lock::Lock;
use super::place;
use super::program::entries;
use super::protocol::SOCKET;
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// What the name of a lock on a state ends with.
const LOCK: &str = "lock";

/// The file that remembers one set of servers.
pub(crate) struct State {
    path: PathBuf,
}

impl State {
    /// Of the servers `name` of the clone in `root`, for this user.
    pub(crate) fn of(root: &Path, name: &str) -> Result<Self, String> {
        let folder = folder()?;
        fs::create_dir_all(&folder)
            .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        Ok(Self { path: folder.join(file_name(root, name)) })
    }

    /// Waits until no other `up` or `down` is about the same servers; what it returns keeps others
    /// out.
    pub(crate) fn lock(&self) -> Result<Lock, String> {
        Lock::wait(&self.path.with_extension(LOCK))
    }

    /// The servers' directory.
    pub(crate) fn dir(&self) -> Option<PathBuf> {
        Some(PathBuf::from(OsString::from_vec(fs::read(&self.path).ok()?)))
    }

    /// The servers' directory, if they still run.
    pub(crate) fn running(&self) -> Option<PathBuf> {
        self.dir().filter(|dir| UnixStream::connect(dir.join(SOCKET)).is_ok())
    }

    /// Notes the servers' directory.
    pub(crate) fn remember(&self, dir: &Path) -> Result<(), String> {
        fs::write(&self.path, dir.as_os_str().as_bytes())
            .map_err(|error| format!("cannot write {}: {error}", self.path.display()))
    }

    /// Forgets the servers.
    pub(crate) fn forget(&self) -> Result<(), String> {
        fs::remove_file(&self.path)
            .map_err(|error| format!("cannot remove {}: {error}", self.path.display()))
    }
}

/// Forgets the servers of every clone whose directories are gone, and removes what a killed `up` or
/// `down` left.
pub(crate) fn clear_abandoned() {
    let Ok(folder) = folder() else {
        return;
    };
    for path in entries(&folder) {
        let lock_path = path.with_extension(LOCK);
        // Whoever holds the lock is about the same servers, and clears up itself.
        let Some(_lock) = Lock::attempt(&lock_path) else {
            continue;
        };
        if path == lock_path {
            // That was all: letting it go removes it.
            continue;
        }
        let state = State { path };
        if state.dir().is_some_and(|dir| !dir.exists()) {
            // A file that stays is tried again by the next one.
            let _ = state.forget();
        }
    }
}

fn folder() -> Result<PathBuf, String> {
    Ok(place::cache()?.join("up"))
}

/// The same for every build of this program: one may start servers that the next one stops.
fn file_name(root: &Path, name: &str) -> String {
    let mut sum = Sha256::new();
    sum.update(root.as_os_str().as_bytes());
    sum.update([0]);
    sum.update(name);
    sum.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_and_a_name_have_a_file_of_their_own_whatever_built_this() {
        let of = |root: &str, name| file_name(Path::new(root), name);
        // printf '/clone\0default' | sha256sum
        assert_eq!(of("/clone", "default"), "50f7cdaa68353e0f");
        assert_ne!(of("/clone", "other"), of("/clone", "default"));
        assert_ne!(of("/clones", "default"), of("/clone", "default"));
    }
}
