//! The files of all libraries that were opened: they stay open, as the libraries do.
//!
//! The registry knows a library by its file's inode, and the system's loader by the descriptor through
//! which it was opened, also one that was refused afterwards. Neither may ever be another file's.

use std::fs::File;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::identity::FileId;

static KEPT: Mutex<Vec<(FileId, Arc<File>)>> = Mutex::new(Vec::new());

/// Keeps a file open for ever, once however often its library is opened.
pub(in crate::plugin) fn keep(id: &FileId, file: &Arc<File>) {
    if get(id).is_none() {
        lock().push((id.clone(), Arc::clone(file)));
    }
}

/// The open file through which the library of this identity was opened before.
pub(in crate::plugin) fn get(id: &FileId) -> Option<Arc<File>> {
    let kept = lock();
    let found = kept.iter().find(|(other, _)| other == id);
    found.map(|(_, file)| Arc::clone(file))
}

fn lock() -> MutexGuard<'static, Vec<(FileId, Arc<File>)>> {
    // The list is whole after a panic: it is changed by single calls.
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}
