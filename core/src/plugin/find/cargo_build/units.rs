//! What cargo has built, from the fingerprints that it keeps.
//!
//! `.fingerprint/<package>-<hash>/` holds two files for each unit: `<kind>-<target>`, its fingerprint
//! in hexadecimal digits of little-endian bytes, and `<kind>-<target>.json`, whose member `deps` lists
//! the dependencies as `[package, crate, is public, fingerprint]`.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::plugin::file::identity;

/// Most entries of `.fingerprint` that are read; a target directory of 1,000 crates has 2,000.
const MAX_PACKAGES: usize = 20_000;
/// Most units; test programs have several in a package.
const MAX_UNITS: usize = 50_000;
/// Longest list of dependencies in bytes; a program with 500 dependencies has 30 kB.
const MAX_JSON: u64 = 1 << 20;
/// Most bytes of all lists of dependencies together.
const MAX_JSON_IN_ALL: u64 = 64 << 20;
const FINGERPRINT_DIGITS: usize = 16;

/// One compilation: a library, a program, a test.
pub(super) struct Unit {
    /// Cargo's hash in the name of the package's directory, and mostly in the file that it makes.
    pub(super) hash: String,
    /// Kind and target, as `lib-aludel_toy` or `bin-app`.
    name: String,
    pub(super) fingerprint: u64,
    directory: PathBuf,
}

impl Unit {
    pub(super) fn is_library(&self) -> bool {
        self.name.starts_with("lib-")
    }

    /// True for the library of the plugin of this name; old versions of cargo write `-` for `_`.
    pub(super) fn is_library_named(&self, plugin: &str) -> bool {
        let target = self.name.strip_prefix("lib-").map(|target| target.replace('-', "_"));
        target.as_deref().and_then(|target| target.strip_prefix("aludel_")) == Some(plugin)
    }
}

/// All units of a directory `.fingerprint`.
pub(super) struct Units {
    units: Vec<Unit>,
    by_fingerprint: HashMap<u64, usize>,
    /// Bytes of JSON that may still be read.
    budget: std::cell::Cell<u64>,
}

impl Units {
    /// None when the directory cannot be read, or holds more than any build does.
    pub(super) fn read(directory: &Path) -> Option<Units> {
        let mut units = Vec::new();
        for (count, entry) in std::fs::read_dir(directory).ok()?.enumerate() {
            if count == MAX_PACKAGES {
                return None;
            }
            let Ok(entry) = entry else { continue };
            let name = entry.file_name();
            let Some((_, hash)) = name.to_str().and_then(|name| name.rsplit_once('-')) else {
                continue;
            };
            of_package(&entry.path(), hash, &mut units);
            if units.len() > MAX_UNITS {
                return None;
            }
        }
        let numbered = units.iter().enumerate();
        let by_fingerprint = numbered.map(|(index, unit)| (unit.fingerprint, index)).collect();
        Some(Units { units, by_fingerprint, budget: std::cell::Cell::new(MAX_JSON_IN_ALL) })
    }

    /// The units in directories of this hash.
    pub(super) fn of_hash(&self, hash: &str) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |unit| unit.hash == hash)
    }

    /// The units that are linked into this one; what only its build script needs is left out.
    pub(super) fn dependencies(&self, unit: &Unit) -> Vec<&Unit> {
        let listed = self.list(unit).unwrap_or_default();
        let known = |fingerprint| self.units.get(*self.by_fingerprint.get(&fingerprint)?);
        listed.into_iter().filter_map(known).collect()
    }

    /// The fingerprints of the unit's dependencies.
    fn list(&self, unit: &Unit) -> Option<Vec<u64>> {
        let path = unit.directory.join(format!("{}.json", unit.name));
        let text = read(&path, MAX_JSON.min(self.budget.get()))?;
        self.budget.set(self.budget.get() - text.len() as u64);
        let json: Value = serde_json::from_slice(&text).ok()?;
        let fingerprint = |dependency: &Value| {
            let is_script = dependency.get(1)?.as_str()?.starts_with("build_script_");
            dependency.get(3)?.as_u64().filter(|_| !is_script)
        };
        Some(json.get("deps")?.as_array()?.iter().filter_map(fingerprint).collect())
    }
}

fn of_package(directory: &Path, hash: &str, units: &mut Vec<Unit>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten().take(MAX_UNITS) {
        let file = entry.file_name();
        let Some(name) = file.to_str().and_then(|file| file.strip_suffix(".json")) else {
            continue;
        };
        if let Some(fingerprint) = fingerprint(&directory.join(name)) {
            let (hash, name) = (hash.to_owned(), name.to_owned());
            units.push(Unit { hash, name, fingerprint, directory: directory.to_owned() });
        }
    }
}

fn fingerprint(path: &Path) -> Option<u64> {
    let text = String::from_utf8(read(path, FINGERPRINT_DIGITS as u64)?).ok()?;
    let is_hex = text.len() == FINGERPRINT_DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_hex.then(|| u64::from_str_radix(&text, 16).ok().map(u64::swap_bytes)).flatten()
}

/// A regular file of at most `max` bytes.
fn read(path: &Path, max: u64) -> Option<Vec<u8>> {
    let file: File = identity::open(path).ok()?.0;
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= max).then_some(bytes)
}
