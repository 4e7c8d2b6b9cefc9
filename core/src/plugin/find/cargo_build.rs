//! Which of several files of one name in cargo's `deps` the running program was built with.
//!
//! `deps` keeps what earlier builds have left: `libaludel_<name>.so` of a path dependency, and one
//! `libaludel_<name>-<hash>.so` for every version, revision and set of features of a registry or git
//! dependency. Cargo does not touch a file that is still right, so after a switch back to an earlier
//! build the newest file is the wrong one. Of the files of one name, the first of these is taken:
//!
//! 1. The one that the running program depends on, directly before through other packages, as
//!    cargo's fingerprints tell.
//! 2. One whose note fits this program: ABI, layout and target.
//! 3. The one that was modified last, then the first by its file name.
//!
//! Fingerprints are cargo's private format (here as cargo 1.95 writes it), so nothing is an error:
//! what is missing, malformed or too large counts as not there, and when cargo changes the format,
//! rule 1 tells nothing any longer and the others decide. They are read only when there are several
//! files of one name.
//!
//! With `build.build-dir`, `deps` lies in another directory than the final program. Test programs run
//! from there and find their plugins; a final program does not, because nothing in its own directory
//! names the other one.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::Path;

use super::scan::{Candidate, split_hash};
use crate::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH};
use crate::plugin::error::TARGET;
use crate::plugin::file::identity::Stamp;
use crate::plugin::file::note_json::Head;
use units::{Unit, Units};

mod program;
mod units;

/// Keeps one candidate of each name; those of one name stand side by side.
pub(super) fn one_of_each_name(
    deps: &Path,
    program: Option<&Path>,
    mut candidates: Vec<Candidate>,
) -> Vec<Candidate> {
    let mut kept = Vec::new();
    while let Some(first) = candidates.first() {
        let same = candidates.iter().take_while(|other| other.name == first.name).count();
        let mut rivals: Vec<Candidate> = candidates.drain(..same).collect();
        if rivals.len() > 1 {
            let built_with = built_with(deps, program, &rivals);
            rivals.retain(|rival| built_with.is_empty() || built_with.contains(file_name(rival)));
            rivals.sort_by_cached_key(rank);
        }
        kept.extend(rivals.into_iter().next());
    }
    kept
}

/// Smaller is better; the sort is stable and keeps the order of the file names.
fn rank(candidate: &Candidate) -> (bool, Reverse<Option<std::time::SystemTime>>) {
    let fits = candidate.content.as_ref().is_ok_and(|content| fits(&content.head));
    let modified = Stamp::of(&candidate.path).ok().and_then(|stamp| stamp.modified());
    (!fits, Reverse(modified))
}

fn fits(head: &Head) -> bool {
    head.abi == (ABI_MAJOR, ABI_MINOR) && head.layout == LAYOUT_HASH && head.target == TARGET
}

fn file_name(candidate: &Candidate) -> &str {
    candidate.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn hash_of(candidate: &Candidate) -> Option<&str> {
    split_hash(candidate.path.file_stem()?.to_str()?).map(|(_, hash)| hash)
}

/// The file names of those that the program was built with; none when that cannot be told.
fn built_with(deps: &Path, program: Option<&Path>, rivals: &[Candidate]) -> HashSet<String> {
    let told = || {
        let hash = program::hash(program?, deps)?;
        let units = Units::read(&deps.parent()?.join(".fingerprint"))?;
        Some(nearest(&units, &hash, rivals))
    };
    told().unwrap_or_default()
}

/// The files whose units are the nearest among all that the program depends on.
fn nearest(units: &Units, program: &str, rivals: &[Candidate]) -> HashSet<String> {
    let hashes: HashSet<&str> = rivals.iter().filter_map(hash_of).collect();
    let file_of = |unit: &Unit| {
        let is_of = |rival: &&Candidate| match hash_of(rival) {
            Some(hash) => unit.is_library() && unit.hash == hash,
            // A path dependency's file has no hash, while its unit has one of its own.
            None => unit.is_library_named(&rival.name) && !hashes.contains(&*unit.hash),
        };
        rivals.iter().find(is_of).map(|rival| file_name(rival).to_owned())
    };
    let mut seen = HashSet::new();
    let mut level: Vec<&Unit> = units.of_hash(program).collect();
    while !level.is_empty() {
        let mut below = Vec::new();
        for dependency in level.iter().flat_map(|unit| units.dependencies(unit)) {
            if seen.insert(dependency.fingerprint) {
                below.push(dependency);
            }
        }
        let found: HashSet<String> = below.iter().copied().filter_map(file_of).collect();
        if !found.is_empty() {
            return found;
        }
        level = below;
    }
    HashSet::new()
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
