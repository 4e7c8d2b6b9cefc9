//! What was seen while searching: each level is read once, whole, and only when it is reached.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::alias;
use super::levels::{Level, Place, PlaceKind, Places, levels};
use super::nearest::nearest;
use super::resolve::Rejection;
use super::scan::{Candidate, Holds, file_name, read_content, scan};
use super::scheme::Scheme;
use super::search::Search;
use super::which::Searched;
use crate::abi::StaticDialect;
use crate::error::{Error, Result};
use crate::plugin::{code, error};
use crate::url::Url;

/// The levels with files: those read so far, and those to come.
pub(in crate::plugin) struct Survey {
    statics: Vec<StaticDialect>,
    seen: Vec<Shelf>,
    ahead: std::vec::IntoIter<(Level, Places)>,
}

/// A level that was read.
pub(in crate::plugin) struct Shelf {
    pub(in crate::plugin) level: Level,
    /// Why no place was searched.
    pub(in crate::plugin) left: Option<&'static str>,
    pub(in crate::plugin) places: Vec<(Place, Holds)>,
    /// Copies above cargo's `deps` of what lies there, which do not count: they go stale.
    pub(in crate::plugin) stale: Vec<Candidate>,
}

/// A file that claims a scheme.
pub(in crate::plugin) struct Claim {
    pub(in crate::plugin) path: PathBuf,
    pub(in crate::plugin) level: Level,
    /// The name in the file's name.
    pub(in crate::plugin) name: String,
}

impl Survey {
    /// # Errors
    /// `BAD_PATH` for search paths that are empty or relative.
    pub(in crate::plugin) fn new(statics: &[StaticDialect], search: &Search) -> Result<Self> {
        let statics = statics.to_vec();
        Ok(Survey { statics, seen: Vec::new(), ahead: levels(search)?.into_iter() })
    }

    /// The file that claims this scheme at the first level where one does.
    ///
    /// # Errors
    /// `AMBIGUOUS`, or what is wrong with the file: a broken one is not passed over.
    pub(in crate::plugin) fn find(&mut self, scheme: &str) -> Result<Option<Claim>> {
        let mut index = 0;
        loop {
            if index == self.seen.len() {
                let Some((level, places)) = self.ahead.next() else { return Ok(None) };
                self.seen.push(Shelf::read(level, places));
            }
            if let Some((path, name)) = self.seen[index].claimant(scheme)? {
                return Ok(Some(Claim { path, level: self.seen[index].level, name }));
            }
            index += 1;
        }
    }

    /// No file of the dialect that the alias table names.
    pub(in crate::plugin) fn missing(&self, scheme: &Scheme, dialect: &str, url: &Url) -> Error {
        let url = url.masked_whole();
        let error = error::missing_dialect(scheme.as_str(), dialect, url, &file_name(dialect));
        self.with_places(error)
    }

    /// Nothing knows the scheme.
    pub(in crate::plugin) fn unknown(&self, scheme: &Scheme, url: &Url) -> Error {
        let help = match (alias::bridge(scheme), self.suggestion(scheme.dialect())) {
            (Some(bridge), _) => format!("`{bridge}://` reaches it through an ODBC driver"),
            (None, Some(suggestion)) => suggestion,
            (None, None) => {
                let file = file_name(scheme.dialect());
                format!(
                    "put {file} into one of the places below, or its directory into \
                     ALUDEL_PLUGIN_PATH"
                )
            }
        };
        let url = url.masked_whole();
        self.with_places(error::unknown_scheme(scheme.as_str(), url, help))
    }

    fn with_places(&self, error: Error) -> Error {
        let error = error.with_note("searched", self.searched());
        self.rejections().into_iter().fold(error, |error, rejection| {
            error.with_note("rejected", format!("{} [{}]", rejection.reason, rejection.code))
        })
    }

    /// "did you mean": names of what is here first, then those that the table knows.
    fn suggestion(&self, wanted: &str) -> Option<String> {
        let installed = self.installed();
        let mut known: Vec<(&str, &str)> = Vec::new();
        for (dialect, aliases) in &installed {
            known.push((dialect, dialect));
            known.extend(aliases.iter().map(|alias| (*alias, *dialect)));
        }
        for (name, dialect) in alias::all_names() {
            if !installed.contains_key(dialect) {
                known.push((name, dialect));
            }
        }
        let written = nearest(wanted, known.iter().map(|(written, _)| *written))?;
        let (_, dialect) = known.iter().find(|(name, _)| *name == written)?;
        let aliases = match installed.get(dialect) {
            Some(declared) => declared.clone(),
            None => alias::names_of(dialect).collect(),
        };
        let aliases = match aliases.is_empty() {
            true => String::new(),
            false => format!(" (aliases: {})", aliases.join(", ")),
        };
        Some(format!("did you mean `{dialect}`?{aliases}"))
    }

    /// The dialects that are here, each with the aliases that are no pair with a driver.
    fn installed(&self) -> BTreeMap<&str, Vec<&str>> {
        let statics = self.statics.iter().map(|dialect| {
            let info = dialect.info();
            (info.name, info.aliases.to_vec())
        });
        let candidates = self.seen.iter().flat_map(Shelf::candidates);
        let contents = candidates.filter_map(|candidate| candidate.content.as_ref().ok());
        let files = contents.map(|content| {
            let head = &content.head;
            (head.name.as_str(), head.aliases.iter().map(String::as_str).collect())
        });
        let mut installed: BTreeMap<&str, Vec<&str>> = statics.chain(files).collect();
        for aliases in installed.values_mut() {
            aliases.retain(|alias| !alias.contains('+'));
        }
        installed
    }

    /// The places as one text.
    pub(in crate::plugin) fn searched(&self) -> String {
        let places: Vec<String> = self.places().iter().map(Searched::to_string).collect();
        places.join(" · ")
    }

    /// Every level and place that was read, with what it holds, in the order of the search.
    pub(super) fn places(&self) -> Vec<Searched> {
        let mut places = vec![Searched::linked(&self.statics)];
        for Shelf { level, left, places: read, .. } in &self.seen {
            let level = *level;
            places.extend(left.map(|left| Searched { level, dir: None, held: left.into() }));
            places.extend(read.iter().map(|(place, holds)| Searched {
                level,
                dir: Some(place.dir.clone()),
                held: holds.in_words(),
            }));
        }
        places
    }

    pub(in crate::plugin) fn rejections(&self) -> Vec<Rejection> {
        let faults = self.seen.iter().flat_map(Shelf::candidates).filter_map(|candidate| {
            let fault = candidate.content.as_ref().err()?;
            let reason = fault.message().to_owned();
            let code = fault.code().unwrap_or(code::NOT_A_PLUGIN);
            Some(Rejection { path: candidate.path.clone(), code, reason })
        });
        faults.collect()
    }
}

impl Shelf {
    pub(in crate::plugin) fn read(level: Level, places: Places) -> Shelf {
        let places = match places {
            Places::Left(why) => {
                return Shelf { level, left: Some(why), places: Vec::new(), stale: Vec::new() };
            }
            Places::Searched(places) => places,
        };
        let mut read: Vec<(Place, Holds)> = Vec::new();
        let mut stale = Vec::new();
        for place in places {
            let mut holds = scan(&place);
            if let Holds::Candidates(candidates) = &mut holds
                && place.kind == PlaceKind::CargoOutput
            {
                let deps = read.iter().find(|(place, _)| place.kind == PlaceKind::CargoDeps);
                let is_stale =
                    |copy: &mut Candidate| deps.is_some_and(|(_, deps)| deps.has(&copy.name));
                stale.extend(candidates.extract_if(.., is_stale));
            }
            read.push((place, holds));
        }
        Shelf { level, left: None, places: read, stale }
    }

    pub(in crate::plugin) fn into_candidates(self) -> impl Iterator<Item = Candidate> {
        self.places.into_iter().flat_map(|(_, holds)| holds.into_candidates())
    }

    pub(in crate::plugin) fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        self.places.iter().flat_map(|(_, holds)| holds.candidates())
    }

    /// The one file that claims the scheme; paths that lead to one file are one.
    fn claimant(&self, scheme: &str) -> Result<Option<(PathBuf, String)>> {
        let mut claims = self.candidates().filter(|candidate| candidate.claims(scheme));
        let Some(first) = claims.next() else { return Ok(None) };
        if let Some(second) = claims.find(|second| !first.is_same_file(second)) {
            return Err(error::ambiguous(scheme, self.level, &first.path, &second.path));
        }
        if first.content.is_err() {
            // Errors are not copied: the file says once more what is wrong with it.
            read_content(&first.path)?;
        }
        Ok(Some((first.path.clone(), first.name.clone())))
    }
}
