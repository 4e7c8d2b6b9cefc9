//! Directories and modes of an installation.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::error::{self, Error, Result};

/// Directories that were made, and go again unless they are kept.
pub(super) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes a directory and those above it that are missing, each with mode 0755.
    ///
    /// # Errors
    /// Of kind `Io`.
    pub(super) fn make(dir: &Path) -> Result<MadeFolders> {
        let mut made = MadeFolders(Vec::new());
        let missing: Vec<&Path> = dir.ancestors().take_while(|above| !above.exists()).collect();
        for folder in missing.into_iter().rev() {
            made.make_one(folder).map_err(|fault| {
                let message = format!("cannot make directory {}: {fault}", folder.display());
                Error::new(error::ErrorKind::Io, message)
                    .with_help("check that you may write above it, or choose another directory")
            })?;
        }
        Ok(made)
    }

    fn make_one(&mut self, folder: &Path) -> io::Result<()> {
        match fs::create_dir(folder) {
            Ok(()) => self.0.push(folder.to_owned()),
            // Somebody else installs at the same time.
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists && folder.is_dir() => {
                return Ok(());
            }
            Err(fault) => return Err(fault),
        }
        give_mode(folder)?;
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
