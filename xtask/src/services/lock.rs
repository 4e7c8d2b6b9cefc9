//! A lock on a file, and one whose file goes when it is released.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Locks the file at `path`, which is made if there is none. `None` if someone else holds the lock
/// and this is not to wait.
///
/// Whoever holds the lock may remove the file. Others may have it open by then; they notice, and
/// take the one that is at `path` now.
pub(crate) fn acquire(path: &Path, wait: bool) -> io::Result<Option<File>> {
    loop {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        match (wait, file.try_lock()) {
            (_, Ok(())) => {}
            (true, Err(TryLockError::WouldBlock)) => file.lock()?,
            (false, Err(TryLockError::WouldBlock)) => return Ok(None),
            (_, Err(TryLockError::Error(error))) => return Err(error),
        }
        let held = file.metadata()?;
        let same = |found: fs::Metadata| found.ino() == held.ino() && found.dev() == held.dev();
        if fs::metadata(path).is_ok_and(same) {
            return Ok(Some(file));
        }
    }
}

/// A lock that leaves no file behind.
pub(crate) struct Lock {
    path: PathBuf,
    // Released after the file is removed: fields are dropped after `drop` has run.
    _file: File,
}

impl Lock {
    /// Waits until nobody else holds the lock.
    pub(crate) fn wait(path: &Path) -> Result<Self, String> {
        let failed = |error: io::Error| format!("cannot lock {}: {error}", path.display());
        let file = acquire(path, true).map_err(failed)?;
        let file = file.ok_or("invariant: a lock that is waited for is there")?;
        Ok(Self { path: path.into(), _file: file })
    }

    /// Takes the lock if nobody holds it.
    pub(crate) fn attempt(path: &Path) -> Option<Self> {
        let file = acquire(path, false).ok()??;
        Some(Self { path: path.into(), _file: file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Only this holder may remove it, so a failure means that the whole folder was removed.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    #[test]
    fn one_at_a_time_holds_a_lock_whose_file_comes_and_goes() {
        let path = std::env::temp_dir().join(format!("aludel-lock-{}", std::process::id()));
        let (inside, entered) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let lock = Lock::wait(&path).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        entered.fetch_add(1, Ordering::SeqCst);
                        thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
        assert_eq!(entered.into_inner(), 1600);
        assert!(!path.exists());
    }

    #[test]
    fn a_lock_that_is_held_is_not_taken_and_one_that_was_left_is() {
        let path = std::env::temp_dir().join(format!("aludel-held-{}", std::process::id()));
        // As a killed holder leaves it.
        File::create(&path).unwrap();
        let lock = Lock::attempt(&path).unwrap();
        assert!(Lock::attempt(&path).is_none());
        drop(lock);
        assert!(!path.exists());
    }
}
