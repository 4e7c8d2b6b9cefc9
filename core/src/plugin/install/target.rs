//! The directory that a plugin is installed into, and its place among those that are searched.

use std::path::{Path, PathBuf};

use super::Destination;
use crate::error::{Error, Result};
use crate::plugin::error;
use crate::plugin::file::described::Note;
use crate::plugin::find::levels::{Level, Place, levels};
use crate::plugin::find::located::level_of;
use crate::plugin::find::scan::{Candidate, scan};
use crate::plugin::find::search::Search;
use crate::plugin::find::survey::Shelf;

/// Where a plugin is installed.
pub(super) struct Target {
    pub(super) dir: PathBuf,
    /// The level that the directory belongs to, if it is searched.
    pub(super) level: Option<Level>,
    /// The plugins of the level, or of the directory when it is not searched.
    candidates: Vec<Candidate>,
}

impl Target {
    /// # Errors
    /// `Argument` when there is no such destination; `BAD_PATH` for search paths that are empty or
    /// relative.
    pub(super) fn of(destination: &Destination, search: &Search) -> Result<Target> {
        let dir = directory(destination, search)?;
        let level = level_of(&dir, search)?;
        let candidates = match level {
            Some(level) => {
                let shelves = shelves(search, |other| other == level)?;
                shelves.into_iter().flat_map(Shelf::into_candidates).collect()
            }
            None => scan(&Place::plain(&dir)).into_candidates(),
        };
        Ok(Target { dir, level, candidates })
    }

    /// The level whose rules the file has to fulfil.
    pub(super) fn level_of_rules(&self) -> Level {
        self.level.unwrap_or(Level::Api)
    }

    /// Checks that no other file of the level claims a scheme of the plugin that is to lie at `path`.
    ///
    /// # Errors
    /// `AMBIGUOUS`.
    pub(super) fn check_claims(&self, note: &Note, path: &Path) -> Result<()> {
        let real = |path: &Path| {
            let dir = path.parent()?.canonicalize().ok()?;
            Some(dir.join(path.file_name()?))
        };
        let own = real(path);
        let is_own = |other: &Path| {
            other == path
                || own.is_some() && (real(other) == own || other.canonicalize().ok() == own)
        };
        let others = || self.candidates.iter().filter(|other| !is_own(&other.path));
        for scheme in note.schemes() {
            if let Some(other) = others().find(|other| other.claims(scheme)) {
                return Err(match self.level {
                    Some(level) => error::ambiguous(scheme, level, path, &other.path),
                    None => error::ambiguous_in_directory(scheme, path, &other.path),
                });
            }
        }
        Ok(())
    }

    /// The levels that are searched before.
    pub(super) fn earlier(&self, search: &Search) -> Result<Vec<Shelf>> {
        match self.level {
            Some(own) => shelves(search, |level| level < own),
            None => Ok(Vec::new()),
        }
    }
}

fn directory(destination: &Destination, search: &Search) -> Result<PathBuf> {
    let environment = search.environment();
    let user = environment.user_dir.as_ref().filter(|_| !environment.privileged);
    match destination {
        Destination::User => user.cloned().ok_or_else(|| {
            Error::argument("there is no directory for plugins of this user")
                .with_help("set HOME, or name a directory")
        }),
        Destination::System => environment.system_dirs.first().cloned().ok_or_else(|| {
            Error::argument("there is no directory for plugins of all users on this system")
                .with_help("name a directory")
        }),
        Destination::Directory(dir) if dir.is_absolute() => Ok(dir.clone()),
        Destination::Directory(dir) => {
            let message = format!("directory {} is not an absolute path", dir.display());
            Err(Error::argument(message).with_help("give the directory from the root on"))
        }
    }
}

fn shelves(search: &Search, is_wanted: impl Fn(Level) -> bool) -> Result<Vec<Shelf>> {
    let wanted = levels(search)?.into_iter().filter(|(level, _)| is_wanted(*level));
    Ok(wanted.map(|(level, places)| Shelf::read(level, places)).collect())
}
