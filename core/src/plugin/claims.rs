//! Which file is found for each scheme when levels are asked one after the other.

use std::collections::HashMap;
use std::path::PathBuf;

use super::find::levels::Level;
use super::find::survey::Shelf;
use crate::abi::StaticDialect;

/// What comes before a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shadow {
    /// The level; [`Level::Static`] for a dialect that is linked into the program.
    pub level: Level,
    /// The file, unless the dialect is linked.
    pub path: Option<PathBuf>,
}

/// What is found for each scheme.
pub(super) struct Claims(HashMap<String, Shadow>);

impl Claims {
    pub(super) fn of_linked(linked: &[StaticDialect]) -> Claims {
        let schemes = linked.iter().map(|dialect| dialect.info()).flat_map(|info| {
            std::iter::once(&info.name).chain(info.aliases).map(|scheme| (*scheme).to_owned())
        });
        let shadow = Shadow { level: Level::Static, path: None };
        Claims(schemes.map(|scheme| (scheme, shadow.clone())).collect())
    }

    pub(super) fn of_shelf(shelf: &Shelf) -> Claims {
        let mut claims = HashMap::new();
        for candidate in shelf.candidates() {
            for scheme in candidate.schemes() {
                let path = Some(candidate.path.clone());
                let shadow = Shadow { level: shelf.level, path };
                claims.entry(scheme.to_owned()).or_insert(shadow);
            }
        }
        Claims(claims)
    }

    /// Adds what a later level claims.
    pub(super) fn append(&mut self, later: Claims) {
        for (scheme, shadow) in later.0 {
            self.0.entry(scheme).or_insert(shadow);
        }
    }

    pub(super) fn get(&self, scheme: &str) -> Option<&Shadow> {
        self.0.get(scheme)
    }
}
