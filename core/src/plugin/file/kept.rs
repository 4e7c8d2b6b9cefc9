//! The files of all libraries that were opened: they stay open, as the libraries do.
//!
//! The registry knows a library by its file's inode, and the system's loader returns what it has
//! opened before, also what was refused afterwards. So an inode must never be another file's, and a
//! file must be as it was when its library was opened.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::identity::Stamp;

static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

struct Kept {
    path: PathBuf,
    stamp: Stamp,
    _file: Arc<File>,
}

/// What is known of a file from libraries that were opened before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) enum Before {
    /// Its library was not opened.
    Unknown,
    /// Its library was opened, and it is as it was.
    Same,
    /// Its library was opened, or that of another file under its path, and it has changed since.
    Changed,
}

/// Keeps a file open for ever, once however often its library is opened.
pub(in crate::plugin) fn keep(path: &Path, stamp: &Stamp, file: &Arc<File>) {
    let mut kept = lock();
    if !kept.iter().any(|known| known.stamp.id() == stamp.id()) {
        let (path, stamp, _file) = (path.to_owned(), stamp.clone(), Arc::clone(file));
        kept.push(Kept { path, stamp, _file });
    }
}

/// What was opened before of the file with this stamp; `path` when the loader is given the path, by
/// which it recognises libraries as well.
pub(in crate::plugin) fn before(stamp: &Stamp, path: Option<&Path>) -> Before {
    let kept = lock();
    let known = kept.iter().find(|known| {
        known.stamp.id() == stamp.id() || path.is_some_and(|path| known.path == path)
    });
    match known {
        None => Before::Unknown,
        Some(known) if known.stamp.has_content_of(stamp) => Before::Same,
        Some(_) => Before::Changed,
    }
}

fn lock() -> MutexGuard<'static, Vec<Kept>> {
    // The list is whole after a panic: it is changed by single calls.
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}
