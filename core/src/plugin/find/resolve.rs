//! The first phase: from a URL to the dialect that serves it. Reads file names and notes only.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::alias::{self, Known};
use super::levels::Level;
use super::scheme::Scheme;
use super::search::Search;
use super::survey::{Claim, Survey};
use super::which::Searched;
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
#[derive(Clone)]
pub struct Plan {
    pub(in crate::plugin) path: PathBuf,
    pub(in crate::plugin) level: Level,
    /// The name in the file's name.
    pub(in crate::plugin) name: String,
    /// What the file has to declare: the scheme, or the dialect that the alias table names for it.
    pub(in crate::plugin) wanted: String,
    /// The running program, as far as which files beside it are trusted.
    pub(in crate::plugin) program: Option<PathBuf>,
    /// Whether the program has more rights than its user.
    pub(in crate::plugin) is_privileged: bool,
    /// The value of `ALUDEL_PLUGIN_POLICY`.
    pub(in crate::plugin) tightening: Option<OsString>,
    survey: Option<Arc<Survey>>,
}

/// A file that was passed over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejection {
    /// The file.
    pub path: PathBuf,
    /// The stable code of the reason.
    pub code: &'static str,
    /// The reason, in one line.
    pub reason: String,
}

impl Plan {
    /// A plan for a file that has to declare `wanted`, or only its own name.
    pub(in crate::plugin) fn new(
        path: PathBuf,
        level: Level,
        name: String,
        wanted: Option<&str>,
        search: &Search,
    ) -> Plan {
        let environment = search.environment();
        Plan {
            path,
            level,
            wanted: wanted.map_or_else(|| name.clone(), str::to_owned),
            name,
            program: environment.program.clone(),
            is_privileged: environment.privileged,
            tightening: environment.plugin_policy.clone(),
            survey: None,
        }
    }

    /// The program, when files beside it are trusted as far as it: who can replace a program of
    /// its user can replace them, but nobody else can make a program with more rights.
    pub(in crate::plugin) fn trusted_program(&self) -> Option<&Path> {
        self.program.as_deref().filter(|_| !self.is_privileged)
    }

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

    /// What the file has to declare as its name or an alias: the scheme of the URL, or the dialect
    /// that the built-in table names for it.
    pub fn wanted(&self) -> &str {
        &self.wanted
    }

    /// The files that were passed over before it was found.
    pub fn rejections(&self) -> Vec<Rejection> {
        self.survey.as_ref().map(|survey| survey.rejections()).unwrap_or_default()
    }

    /// The places that were searched, in order, with what each holds; `level place: names`,
    /// separated by ` · `.
    pub fn searched(&self) -> String {
        self.survey.as_ref().map(|survey| survey.searched()).unwrap_or_default()
    }
}

impl Resolved {
    /// The places that were searched, in order; only the linked dialects when one of them was found.
    pub(super) fn places(&self, statics: &[StaticDialect]) -> Vec<Searched> {
        match self {
            Resolved::File(Plan { survey: Some(survey), .. }) => survey.places(),
            _ => vec![Searched::linked(statics)],
        }
    }
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("path", &self.path)
            .field("level", &self.level)
            .field("name", &self.name)
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
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
    if let Some(claim) = survey.find(scheme.as_str())? {
        return Ok(planned(claim, scheme.as_str(), survey, search));
    }
    match alias::lookup(&scheme) {
        Some(Known::Refused(reason)) => Err(error::refused_scheme(scheme.as_str(), reason)),
        Some(Known::Served(dialect)) => {
            if let Some(found) = find_static(statics, dialect) {
                return Ok(Resolved::Static(found));
            }
            match survey.find(dialect)? {
                Some(claim) => Ok(planned(claim, dialect, survey, search)),
                None => Err(survey.missing(&scheme, dialect, url)),
            }
        }
        None => Err(survey.unknown(&scheme, url)),
    }
}

fn planned(claim: Claim, wanted: &str, survey: Survey, search: &Search) -> Resolved {
    let plan = Plan::new(claim.path, claim.level, claim.name, Some(wanted), search);
    Resolved::File(Plan { survey: Some(Arc::new(survey)), ..plan })
}

/// The registered dialect of this name, else the one that declares it as an alias.
fn find_static(statics: &[StaticDialect], scheme: &str) -> Option<StaticDialect> {
    let named = statics.iter().find(|dialect| dialect.info().name == scheme);
    let aliased = || statics.iter().find(|dialect| dialect.info().aliases.contains(&scheme));
    named.or_else(aliased).copied()
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
