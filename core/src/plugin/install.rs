//! Putting a plugin file where programs find it, whole and checked, without running any of it.

use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::check::fit;
use super::check::policy::Policy;
use super::check::verify::verify;
use super::claims::{Claims, Shadow};
use super::file::described::Note;
use super::file::{identity, note, note_json};
use super::find::levels::Level;
use super::find::resolve::Plan;
use super::find::scan::file_name;
use super::find::search::Search;
use super::{error, registry};
use crate::error::{Error, ErrorKind, Result};
use folder::MadeFolders;
use target::Target;

mod folder;
mod target;

/// Where a plugin is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// For the user who runs the program: the directory of the level user.
    User,
    /// For all users: the first directory of the level system.
    System,
    /// This directory, an absolute path.
    Directory(PathBuf),
}

/// What was installed, and what is to be known about it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Installed {
    /// The installed file.
    pub path: PathBuf,
    /// What it says of itself.
    pub note: Note,
    /// The level of its directory; `None` when programs do not search there by themselves.
    pub level: Option<Level>,
    /// The file that it took the place of.
    pub replaced: Option<Replaced>,
    /// Those of its schemes for which another dialect is found, by an earlier level.
    pub shadowed: Vec<(String, Shadow)>,
    /// What a policy for development let pass.
    pub warnings: Vec<String>,
}

/// A file that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replaced {
    /// Its version; `None` when it was no plugin.
    pub version: Option<String>,
}

/// Installs a plugin file, whatever it is called and whoever owns it, under the name that its note
/// says, with mode 0644 whatever the umask is. Missing directories are made: `aludel` and those below
/// it, or the last one, with mode 0755, those above as the umask says and for nobody else to write.
///
/// The file is checked, copied from the file that was checked, verified where it lies by the rules of
/// its level, and renamed: who looks there meanwhile finds the old file or the new one, whole.
/// Programs that use the old one go on using it. Blocks on the file system until the file is on the
/// disk.
///
/// When the process is killed meanwhile, a file `.aludel-….so` that no search looks at stays, and so
/// may directories that were made; an installation there removes such files that are older than an
/// hour.
///
/// # Errors
/// Nothing is changed then. Of kind `Plugin`: what is wrong with the file, or with the owners of the
/// directory, as [`verify`](crate::plugin::verify) says it; code
/// [`AMBIGUOUS`](crate::plugin::code::AMBIGUOUS) when another file of the level claims one of its
/// schemes. `Argument` for a destination that there is not, `Io` for one that cannot be written.
///
/// ```no_run
/// use aludel::plugin::{Destination, Policy, Search, install};
///
/// let file = "libaludel_toy.so".as_ref();
/// let installed = install(file, &Destination::User, &Search::new(), &Policy::new())?;
/// println!("{} {}", installed.note.name, installed.path.display());
/// # Ok::<(), aludel::Error>(())
/// ```
pub fn install(
    file: &Path,
    destination: &Destination,
    search: &Search,
    policy: &Policy,
) -> Result<Installed> {
    let source = Source::open(file)?;
    let target = Target::of(destination, search)?;
    let path = target.dir.join(file_name(&source.note.name));
    target.check_claims(&source.note, &path)?;
    let folders = MadeFolders::make(&target.dir)?;
    let copy = source.copy_into(&target.dir)?;

    let name = source.note.name.clone();
    let plan = Plan::new(copy.to_path_buf(), target.level_of_rules(), name, None, search);
    let verified = verify(plan, policy).map_err(|fault| renamed(fault, &copy, &path))?;
    let note = described(&verified.note, &path)?;
    let warnings = verified.warnings().iter().map(|line| said_of(line, &copy, &path)).collect();
    let shadowed = shadowed(&note, &target, search)?;
    let replaced = Replaced::at(&path);
    drop(verified);
    folder::remove_leftovers(&target.dir);
    copy.persist(&path).map_err(|fault| {
        cannot("be put in place", &path, &fault.error)
            .with_help("remove what lies there, and check that you may write into its directory")
    })?;
    folders.keep();
    folder::sync(&target.dir).map_err(|fault| {
        cannot("be flushed to the disk", &path, &fault)
            .with_help("it is in its place; check the disk, and install it again")
    })?;
    Ok(Installed { path, note, level: target.level, replaced, shadowed, warnings })
}

/// The file to install, open.
struct Source<'a> {
    file: File,
    path: &'a Path,
    note: Note,
}

impl Source<'_> {
    /// Checks what does not depend on where the file lies; where it finds its libraries can.
    fn open(path: &Path) -> Result<Source<'_>> {
        let (file, _) = identity::open(path)?;
        let text = note::glance(&file, path)?;
        let head = note_json::head(&text).map_err(|why| error::not_a_plugin(path, why))?;
        fit::check_abi(path, &head)?;
        let note = described(&text, path)?;
        Ok(Source { file, path, note })
    }

    /// Copies what is open into a new file of a name that no search looks at.
    fn copy_into(&self, dir: &Path) -> Result<TempPath> {
        let unwritable = |fault: io::Error| {
            Error::new(ErrorKind::Io, format!("cannot write into {}: {fault}", dir.display()))
                .with_help("check that you may write there and that the disk has room")
        };
        let mut copy = temporary(dir).map_err(unwritable)?;
        let mut file = &self.file;
        file.rewind().map_err(|fault| error::unreadable(self.path, fault))?;
        io::copy(&mut file, copy.as_file_mut()).map_err(unwritable)?;
        folder::set_mode(copy.as_file(), 0o644).map_err(unwritable)?;
        copy.as_file().sync_all().map_err(unwritable)?;
        Ok(copy.into_temp_path())
    }
}

impl Replaced {
    fn at(path: &Path) -> Option<Replaced> {
        let is_there = path.symlink_metadata().is_ok();
        is_there.then(|| Replaced { version: Note::read(path).ok().map(|note| note.version) })
    }
}

/// A file for its owner alone, so that nobody opens it before it is whole.
fn temporary(dir: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(folder::TEMPORARY)
        .suffix(std::env::consts::DLL_SUFFIX)
        .tempfile_in(dir)
}

fn described(text: &[u8], path: &Path) -> Result<Note> {
    Note::parse(text).map_err(|why| error::not_a_plugin(path, why))
}

fn shadowed(note: &Note, target: &Target, search: &Search) -> Result<Vec<(String, Shadow)>> {
    let mut claims = Claims::of_linked(&registry::registered());
    for shelf in target.earlier(search)? {
        claims.append(Claims::of_shelf(&shelf));
    }
    let found = note
        .schemes()
        .filter_map(|scheme| claims.get(scheme).map(|shadow| (scheme.to_owned(), shadow.clone())));
    Ok(found.collect())
}

fn cannot(what: &str, path: &Path, fault: &io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("{} cannot {what}: {fault}", path.display()))
}

/// The fault with the name that the file was to have instead of the one that it had meanwhile.
fn renamed(fault: Error, from: &Path, to: &Path) -> Error {
    error::reworded(&fault, |text| said_of(text, from, to))
}

fn said_of(text: &str, from: &Path, to: &Path) -> String {
    let real = from.canonicalize().unwrap_or_else(|_| from.to_owned());
    let to = to.display().to_string();
    text.replace(&real.display().to_string(), &to).replace(&from.display().to_string(), &to)
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
