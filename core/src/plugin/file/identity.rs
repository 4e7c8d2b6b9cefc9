//! Which file it is, whatever paths lead to it, and whether it has changed since.

use std::fs::{File, Metadata, OpenOptions};
use std::path::Path;
use std::time::SystemTime;

use crate::error::Result;
use crate::plugin::error;

/// Names a file for as long as it is open or mapped.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::plugin) struct FileId {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

/// A file in one of its states: a write or a replacement makes another stamp. What a link to it
/// changes, and its removal, make none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plugin) struct Stamp {
    id: FileId,
    size: u64,
    modified: Option<SystemTime>,
    /// Seconds and nanoseconds of the last change of the inode, which nobody can set.
    changed: (i64, i64),
    /// How many names the file has.
    names: u64,
}

impl Stamp {
    pub(in crate::plugin) fn id(&self) -> &FileId {
        &self.id
    }

    pub(in crate::plugin) fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// True for the same file with the same size and time of modification: what may differ is what
    /// another link to it changes.
    pub(in crate::plugin) fn has_content_of(&self, other: &Stamp) -> bool {
        (&self.id, self.size, self.modified) == (&other.id, other.size, other.modified)
    }

    /// True when the file has not been written to since this stamp, as far as a later one tells. That
    /// it has lost or won a name meanwhile is no write: another file may have taken it.
    pub(in crate::plugin) fn is_unwritten(&self, later: &Stamp) -> bool {
        self.has_content_of(later) && (self.changed == later.changed || self.names != later.names)
    }

    /// The stamp of what this path leads to now.
    pub(in crate::plugin) fn of(path: &Path) -> std::io::Result<Stamp> {
        Ok(Stamp::new(path, &std::fs::metadata(path)?))
    }

    /// The stamp of the file that these are the metadata of.
    #[cfg(unix)]
    pub(in crate::plugin) fn new(_: &Path, metadata: &Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        let id = FileId { device_and_inode: (metadata.dev(), metadata.ino()) };
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        let (size, names) = (metadata.len(), metadata.nlink());
        Stamp { id, size, modified: metadata.modified().ok(), changed, names }
    }

    /// The stamp of the file that these are the metadata of.
    #[cfg(not(unix))]
    pub(in crate::plugin) fn new(path: &Path, metadata: &Metadata) -> Stamp {
        let id = FileId { path: path.to_owned() };
        let (size, modified) = (metadata.len(), metadata.modified().ok());
        Stamp { id, size, modified, changed: (0, 0), names: 1 }
    }
}

/// Opens a regular file for reading; never waits, as opening a pipe would, and never opens a device.
///
/// # Errors
/// `BAD_PATH` when it cannot be opened or is no regular file.
pub(in crate::plugin) fn open(path: &Path) -> Result<(File, Metadata)> {
    let unreadable = |fault: std::io::Error| error::unreadable(path, fault);
    // Asked before, because opening a device can have effects, and after, because it may have been
    // exchanged in between.
    check_regular(path, &std::fs::metadata(path).map_err(unreadable)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NONBLOCK | libc::O_NOCTTY,
    );
    let file = options.open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    check_regular(path, &metadata)?;
    Ok((file, metadata))
}

/// # Errors
/// `BAD_PATH` when it is no regular file.
pub(in crate::plugin) fn check_regular(path: &Path, metadata: &Metadata) -> Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let message = format!("{} is no regular file", path.display());
    Err(error::bad_path(message, "a plugin is a file, or a link to one"))
}

#[cfg(test)]
mod tests {
    use super::{Stamp, open};

    #[test]
    fn a_change_of_the_file_changes_its_stamp_and_not_its_identity() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, "one").unwrap();
        let (_file, metadata) = open(&path).unwrap();
        let before = Stamp::new(&path, &metadata);
        assert_eq!(Stamp::of(&path).unwrap(), before);
        std::fs::write(&path, "longer").unwrap();
        let after = Stamp::of(&path).unwrap();
        assert_ne!(after, before);
        assert_eq!(after.id(), before.id());
    }

    #[test]
    #[cfg(unix)]
    fn a_write_whose_time_is_hidden_is_seen_and_another_name_is_no_write() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, "one").unwrap();
        let stamp = || Stamp::of(&path).unwrap();
        let before = stamp();
        std::fs::hard_link(&path, dir.path().join("y")).unwrap();
        let linked = stamp();
        assert!(before.is_unwritten(&linked) && before != linked);
        // Times of files advance in steps.
        std::thread::sleep(std::time::Duration::from_millis(20));
        std::fs::write(&path, "two").unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(linked.modified().unwrap()).unwrap();
        assert!(linked.has_content_of(&stamp()) && !linked.is_unwritten(&stamp()));
    }

    #[test]
    fn only_regular_files_are_opened() {
        let dir = tempfile::tempdir().unwrap();
        let shown = dir.path().display();
        assert_eq!(
            open(dir.path()).unwrap_err().to_string(),
            format!(
                "error[P12]: {shown} is no regular file\n  \
                 help: a plugin is a file, or a link to one"
            )
        );
    }
}
