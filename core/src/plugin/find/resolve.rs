//! The first phase: from a URL to the dialect that serves it. Reads file names and notes only.

use std::path::{Path, PathBuf};

use super::alias::{self, Known};
use super::levels::Level;
use super::scheme::Scheme;
use super::search::Search;
use super::survey::Survey;
use crate::abi::StaticDialect;
use crate::error::Result;
use crate::plugin::{error, registry};
use crate::url::Url;

/// What serves a URL.
#[derive(Clone)]
pub enum Resolved {
    /// A dialect that is linked into the program.
    Static(StaticDialect),
    /// A plugin file, which is still to be verified.
    File(Plan),
}

/// A file that claims the scheme, not yet verified.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(in crate::plugin) path: PathBuf,
    pub(in crate::plugin) level: Level,
    /// The name in the file's name.
    pub(in crate::plugin) name: String,
    /// What the file has to declare: the scheme, or the dialect that the alias table names for it.
    pub(in crate::plugin) wanted: String,
    pub(in crate::plugin) rejections: Vec<Rejection>,
}

/// A file that was passed over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The file.
    pub path: PathBuf,
    /// The stable code of the reason.
    pub code: &'static str,
    /// The reason, in one line.
    pub reason: String,
}

impl Plan {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it was found.
    pub fn level(&self) -> Level {
        self.level
    }

    /// The name of the dialect, as the file is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The files that were passed over before it was found.
    pub fn rejections(&self) -> &[Rejection] {
        &self.rejections
    }
}

/// Finds the dialect that serves a URL. Reads directories and notes, runs no plugin code, and may
/// block on the file system.
///
/// # Errors
/// Of kind `Plugin`: the scheme is malformed, unknown, refused or claimed twice at one level, a
/// search path is not absolute, or the file that claims the scheme is broken.
pub fn resolve(url: &Url, search: &Search) -> Result<Resolved> {
    resolve_among(&registry::registered(), url, search)
}

pub(in crate::plugin) fn resolve_among(
    statics: &[StaticDialect],
    url: &Url,
    search: &Search,
) -> Result<Resolved> {
    let scheme = Scheme::parse(url.drivername())?;
    if let Some(found) = find_static(statics, scheme.as_str()) {
        return Ok(Resolved::Static(found));
    }
    let mut survey = Survey::new(statics, search)?;
    if let Some(plan) = survey.find(scheme.as_str())? {
        return Ok(Resolved::File(plan));
    }
    match alias::lookup(&scheme) {
        Some(Known::Refused(reason)) => Err(error::refused_scheme(scheme.as_str(), reason)),
        Some(Known::Served(dialect)) => {
            if let Some(found) = find_static(statics, dialect) {
                return Ok(Resolved::Static(found));
            }
            let plan = survey.find(dialect)?;
            plan.map(Resolved::File).ok_or_else(|| survey.missing(&scheme, dialect, url))
        }
        None => Err(survey.unknown(&scheme, url)),
    }
}

/// The registered dialect of this name, else the one that declares it as an alias.
fn find_static(statics: &[StaticDialect], scheme: &str) -> Option<StaticDialect> {
    let named = statics.iter().find(|dialect| dialect.info().name == scheme);
    let aliased = || statics.iter().find(|dialect| dialect.info().aliases.contains(&scheme));
    named.or_else(aliased).copied()
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
