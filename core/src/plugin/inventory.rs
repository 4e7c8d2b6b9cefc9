//! Every plugin of every place, and what would become of each, without running any of it.

use std::collections::HashMap;
use std::path::PathBuf;

use super::check::policy::Policy;
use super::check::verify::verify;
use super::claims::{Claims, Shadow};
use super::file::described::Note;
use super::find::levels::{Level, levels};
use super::find::resolve::Plan;
use super::find::scan::{Candidate, Holds};
use super::find::search::Search;
use super::find::survey::Shelf;
use super::{code, error, registry};
use crate::abi::StaticDialect;
use crate::error::{Error, Result};

/// What is linked into the program, and what lies in each place that is searched.
#[non_exhaustive]
pub struct Inventory {
    /// The dialects of the level static.
    pub linked: Vec<StaticDialect>,
    /// All other levels and directories, in the order of the search.
    pub places: Vec<InventoryPlace>,
    /// Schemes that more than one file of a level claims: they cannot be used.
    pub ambiguities: Vec<Ambiguity>,
}

/// A directory that is searched, or a level that has none.
#[derive(Debug)]
#[non_exhaustive]
pub struct InventoryPlace {
    /// The level.
    pub level: Level,
    /// The directory; `None` for a level without one.
    pub dir: Option<PathBuf>,
    /// Whether the directory could be read.
    pub state: PlaceState,
    /// The files whose names are those of plugins, in the order of their names.
    pub files: Vec<InventoryFile>,
}

/// Whether a place has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceState {
    /// It has.
    Read,
    /// The level has no directory, and why: `not set`.
    Left(&'static str),
    /// The directory does not exist.
    Missing,
    /// The directory cannot be read, and why.
    Unreadable(String),
}

/// A file whose name is that of a plugin.
#[derive(Debug)]
#[non_exhaustive]
pub struct InventoryFile {
    /// The file.
    pub path: PathBuf,
    /// The level of its place.
    pub level: Level,
    /// The dialect's name, as the file is called.
    pub name: String,
    /// What the file says of itself, as far as that can be read.
    pub note: Option<Note>,
    /// Why [`verify`] refuses the file; `None` when it may be loaded.
    pub fault: Option<Error>,
    /// What a policy for development let pass.
    pub warnings: Vec<String>,
    /// What is found in its place when its name is searched for.
    pub shadowed_by: Option<Shadow>,
}

/// Files of one level that claim the same schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ambiguity {
    /// The schemes.
    pub schemes: Vec<String>,
    /// The level.
    pub level: Level,
    /// The files, at least two.
    pub files: Vec<PathBuf>,
}

impl Inventory {
    /// Nothing is listed.
    pub(super) fn empty() -> Inventory {
        Inventory { linked: registry::registered(), places: Vec::new(), ambiguities: Vec::new() }
    }
}

impl InventoryFile {
    /// True when something is wrong with the file. One that must not be loaded because its dialect
    /// is linked into the program is shadowed and not broken.
    pub fn is_broken(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.code() != Some(code::ALREADY_STATIC))
    }
}

impl Ambiguity {
    /// What a URL of one of the schemes is answered.
    pub fn error(&self) -> Error {
        let scheme = self.schemes.first().map_or("", String::as_str);
        error::ambiguous(scheme, self.level, &self.files[0], &self.files[1])
    }
}

/// Lists every level and place with all files in it, and verifies each. Runs no plugin code; may
/// block on the file system. Takes about as long for a thousand files as a search among them.
///
/// # Errors
/// Of kind `Plugin`: a search path is not absolute, or `ALUDEL_PLUGIN_POLICY` holds no policy.
///
/// ```no_run
/// use aludel::plugin::{Policy, Search, inventory};
///
/// for place in inventory(&Search::new(), &Policy::new())?.places {
///     for file in place.files {
///         println!("{} {}", file.level, file.path.display());
///     }
/// }
/// # Ok::<(), aludel::Error>(())
/// ```
pub fn inventory(search: &Search, policy: &Policy) -> Result<Inventory> {
    take(registry::registered(), search, policy)
}

fn take(linked: Vec<StaticDialect>, search: &Search, policy: &Policy) -> Result<Inventory> {
    in_effect(search, policy)?;
    let mut claims = Claims::of_linked(&linked);
    let mut inventory = Inventory { linked, places: Vec::new(), ambiguities: Vec::new() };
    for (level, places) in levels(search)? {
        let shelf = Shelf::read(level, places);
        inventory.ambiguities.extend(ambiguities(&shelf, &claims));
        let own = Claims::of_shelf(&shelf);
        let list = Lister { search, policy, earlier: &claims, own: &own };
        inventory.places.extend(list.places(shelf));
        claims.append(own);
    }
    Ok(inventory)
}

/// The policy as the environment tightens it.
///
/// # Errors
/// `BAD_POLICY`.
pub(super) fn in_effect(search: &Search, policy: &Policy) -> Result<Policy> {
    match &search.environment().plugin_policy {
        Some(words) => policy.clone().tightened_by(words),
        None => Ok(policy.clone()),
    }
}

/// Makes the entries of one level.
struct Lister<'a> {
    search: &'a Search,
    policy: &'a Policy,
    /// What the levels before claim.
    earlier: &'a Claims,
    /// What the level itself claims.
    own: &'a Claims,
}

impl Lister<'_> {
    fn places(&self, shelf: Shelf) -> Vec<InventoryPlace> {
        let Shelf { level, left, places, mut stale } = shelf;
        let left = left.map(|why| InventoryPlace {
            level,
            dir: None,
            state: PlaceState::Left(why),
            files: Vec::new(),
        });
        let read = places.into_iter().map(|(place, holds)| {
            let (candidates, state) = opened(holds);
            let mut files: Vec<InventoryFile> =
                candidates.into_iter().map(|found| self.file(level, found, None)).collect();
            let is_here = |copy: &mut Candidate| copy.path.parent() == Some(&place.dir);
            let copies = stale.extract_if(.., is_here);
            files.extend(copies.map(|copy| {
                let original = self.own.get(&copy.name).cloned();
                self.file(level, copy, original)
            }));
            files.sort_by(|one, other| one.path.cmp(&other.path));
            InventoryPlace { level, dir: Some(place.dir), state, files }
        });
        left.into_iter().chain(read).collect()
    }

    fn file(&self, level: Level, found: Candidate, original: Option<Shadow>) -> InventoryFile {
        let Candidate { path, name, content } = found;
        let plan = Plan::new(path.clone(), level, name.clone(), None, self.search);
        // What a URL is answered: a file that cannot be read is not verified.
        let (note, verified) = match content {
            Ok(content) => (Note::parse(&content.note).ok(), verify(plan, self.policy)),
            Err(fault) => (None, Err(fault)),
        };
        let (fault, warnings) = match verified {
            Ok(verified) => (None, verified.warnings().to_vec()),
            Err(fault) => (Some(error::of_found_file(fault)), Vec::new()),
        };
        let shadowed_by = self.earlier.get(&name).cloned().or(original);
        InventoryFile { path, level, name, note, fault, warnings, shadowed_by }
    }
}

fn opened(holds: Holds) -> (Vec<Candidate>, PlaceState) {
    match holds {
        Holds::Candidates(candidates) => (candidates, PlaceState::Read),
        Holds::Missing => (Vec::new(), PlaceState::Missing),
        Holds::Unreadable(why) => (Vec::new(), PlaceState::Unreadable(why.to_string())),
    }
}

/// The schemes that several files of the level claim, and none before.
fn ambiguities(shelf: &Shelf, earlier: &Claims) -> Vec<Ambiguity> {
    let mut claimants: HashMap<&str, Vec<&Candidate>> = HashMap::new();
    for candidate in shelf.candidates() {
        for scheme in candidate.schemes().filter(|scheme| earlier.get(scheme).is_none()) {
            let known = claimants.entry(scheme).or_default();
            if !known.iter().any(|other| is_one(other, candidate)) {
                known.push(candidate);
            }
        }
    }
    let mut found: Vec<Ambiguity> = Vec::new();
    let mut several: Vec<_> = claimants.into_iter().filter(|(_, files)| files.len() > 1).collect();
    several.sort_by_key(|(scheme, _)| *scheme);
    for (scheme, files) in several {
        let files: Vec<PathBuf> = files.iter().map(|candidate| candidate.path.clone()).collect();
        match found.iter_mut().find(|known| known.files == files) {
            Some(known) => known.schemes.push(scheme.to_owned()),
            None => found.push(Ambiguity {
                schemes: vec![scheme.to_owned()],
                level: shelf.level,
                files,
            }),
        }
    }
    found
}

fn is_one(one: &Candidate, other: &Candidate) -> bool {
    std::ptr::eq(one, other) || one.is_same_file(other)
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
