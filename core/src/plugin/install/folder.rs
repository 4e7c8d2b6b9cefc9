//! Directories and modes of an installation.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::{self, Error, Result};

/// How the name of a file begins that is not in its place yet.
pub(super) const TEMPORARY: &str = ".aludel-";
/// An installation takes seconds; what has not been written for so long is nobody's any more.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);

/// Directories that were made, and go again unless they are kept.
pub(super) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes a directory and those above it that are missing. Aludel's own have mode 0755: the last
    /// one called `aludel` and those below, or without such a one `dir` alone. Those above are not
    /// only for plugins; the umask may close them further.
    ///
    /// # Errors
    /// Of kind `Io`.
    pub(super) fn make(dir: &Path) -> Result<MadeFolders> {
        let mut made = MadeFolders(Vec::new());
        let missing: Vec<&Path> = dir.ancestors().take_while(|above| !above.exists()).collect();
        let is_named = |folder: &&Path| folder.file_name().is_some_and(|name| name == "aludel");
        let own = dir.ancestors().find(is_named).unwrap_or(dir);
        for folder in missing.into_iter().rev() {
            made.make_one(folder, folder.starts_with(own)).map_err(|fault| {
                let message = format!("cannot make directory {}: {fault}", folder.display());
                Error::new(error::ErrorKind::Io, message)
                    .with_help("check that you may write above it, or choose another directory")
            })?;
        }
        Ok(made)
    }

    fn make_one(&mut self, folder: &Path, is_own: bool) -> io::Result<()> {
        match create(folder) {
            Ok(()) => self.0.push(folder.to_owned()),
            // Somebody else installs at the same time.
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists && folder.is_dir() => {
                return Ok(());
            }
            Err(fault) => return Err(fault),
        }
        if is_own {
            give_mode(folder)?;
        }
        folder.parent().map_or(Ok(()), sync)
    }

    pub(super) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // One that somebody has used meanwhile is not empty and stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Removes what installations left behind that a signal or a crash ended, as far as that can be
/// done: whatever stays, no search looks at it.
pub(super) fn remove_leftovers(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if is_leftover(&entry) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_leftover(entry: &fs::DirEntry) -> bool {
    let name = entry.file_name();
    let is_ours = name.to_str().is_some_and(|name| {
        name.starts_with(TEMPORARY) && name.ends_with(std::env::consts::DLL_SUFFIX)
    });
    // Of the entry itself, and not of what a link leads to.
    let metadata = entry.metadata().ok().filter(|metadata| is_ours && metadata.is_file());
    let age = metadata
        .and_then(|metadata| metadata.modified().ok())
        .and_then(|modified| SystemTime::now().duration_since(modified).ok());
    age.is_some_and(|age| age >= LEFT_BEHIND)
}

/// Sets the permissions of an open file or directory, whatever the umask is.
#[cfg(unix)]
pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

/// Nothing: permissions are those of the directory.
#[cfg(not(unix))]
pub(super) fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// Puts the names in a directory onto the disk.
#[cfg(unix)]
pub(super) fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Nothing: the system does it.
#[cfg(not(unix))]
pub(super) fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a directory that nobody else may write, whatever the umask is.
#[cfg(unix)]
fn create(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o755).create(dir)
}

/// Makes a directory with the permissions of the one above.
#[cfg(not(unix))]
fn create(dir: &Path) -> io::Result<()> {
    fs::create_dir(dir)
}

/// Sets the permissions of a directory that was just made, and of nothing that took its place.
#[cfg(unix)]
fn give_mode(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = libc::O_DIRECTORY | libc::O_NOFOLLOW;
    set_mode(&fs::OpenOptions::new().read(true).custom_flags(flags).open(dir)?, 0o755)
}

/// Nothing: permissions are those of the directory above.
#[cfg(not(unix))]
fn give_mode(_: &Path) -> io::Result<()> {
    Ok(())
}
