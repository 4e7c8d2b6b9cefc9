//! The hash that cargo gave to the running program.
//!
//! Programs in `deps` and `examples` carry it in their names. A final program is a link to the file
//! in `deps`, or on file systems and systems where cargo copies instead, a copy with the same time.

use std::path::Path;

use crate::plugin::file::identity::Stamp;
use crate::plugin::find::scan::split_hash;

/// Most entries of a directory that are looked at.
const MAX_FILES: usize = 100_000;

/// None when the program does not come from this directory, or its name has no hash, as that of
/// programs for Windows.
pub(super) fn hash(program: &Path, deps: &Path) -> Option<String> {
    let name = program.file_stem()?.to_str()?;
    if let Some((_, hash)) = split_hash(name) {
        return Some(hash.to_owned());
    }
    let beside = program.parent()?;
    let own = Stamp::of(program).ok()?;
    let is_example = beside.file_name().is_some_and(|name| name == "examples");
    let directory = if is_example { beside } else { deps };
    let mut copies = Vec::new();
    for entry in std::fs::read_dir(directory).ok()?.take(MAX_FILES).flatten() {
        let path = entry.path();
        // Beside the program lies a list of its sources, `<name>-<hash>.d`.
        let is_like = path.extension() == program.extension();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).filter(|_| is_like);
        let Some((other, hash)) = stem.and_then(split_hash) else { continue };
        if other.replace('-', "_") != name.replace('-', "_") {
            continue;
        }
        let Ok(stamp) = Stamp::of(&path) else { continue };
        if stamp.id() == own.id() {
            return Some(hash.to_owned());
        }
        if stamp.modified().is_some() && stamp.modified() == own.modified() {
            copies.push(hash.to_owned());
        }
    }
    // Two of one time cannot be told apart.
    copies.pop().filter(|_| copies.is_empty())
}
