//! Whether the system has what a plugin asks for: a glibc that is new enough, and its libraries.
//!
//! What a library needs is told before it is opened, with the package to install. The system's
//! loader has the last word: a library counts as there whenever the loader might find it, and what
//! the needed libraries need in turn is only known to the loader, whose message [`explain`] reads.

mod host;
mod ld_cache;

use std::path::{Path, PathBuf};

use self::host::Host;
use crate::error::Error;
use crate::plugin::error;
use crate::plugin::file::image::elf_dynamic::Needs;
use crate::plugin::file::image::elf_versions::Version;
use crate::plugin::file::note_json::{Head, Requirement};

/// Checks what the file at `path`, absolute and without links, asks of this system, and says in
/// words what that is. On systems without glibc nothing is checked.
///
/// # Errors
/// `GLIBC_TOO_OLD`, and `CANNOT_LOAD` for libraries that are missing.
pub(in crate::plugin) fn check(path: &Path, needs: &Needs, head: &Head) -> crate::Result<String> {
    match Host::current() {
        Some(host) => check_on(&host, path, needs, head),
        None => Ok("not examined on this system".to_owned()),
    }
}

fn check_on(host: &Host, path: &Path, needs: &Needs, head: &Head) -> crate::Result<String> {
    if let (Some(needed), Some(own)) = (needs.glibc, host.glibc)
        && needed > own
    {
        return Err(error::glibc_too_old(path, &head.name, needed, Some(own)));
    }
    let missing = host.missing(path, needs);
    if !missing.is_empty() {
        return Err(missing_error(path, head, &missing));
    }
    let libraries: Vec<String> = needs.libraries.iter().map(|name| shown(name)).collect();
    let libraries =
        if libraries.is_empty() { "no library".to_owned() } else { libraries.join(", ") };
    Ok(match needs.glibc {
        Some(version) => format!("{libraries}; glibc {version}"),
        None => libraries,
    })
}

/// Where the file itself says that its libraries lie: each directory that it names, and each library
/// there. `Err` holds a directory that is relative, so that the working directory decides.
#[cfg(unix)]
pub(super) fn own_places(path: &Path, needs: &Needs) -> Vec<Result<PathBuf, String>> {
    let mut places = Vec::new();
    let mut add = |text: &str, below: &[&str]| match host::expand(path.parent(), text) {
        Some(place) if place.is_absolute() => {
            places.extend(below.iter().map(|library| Ok(place.join(library))));
            places.push(Ok(place));
        }
        Some(_) => places.push(Err(text.to_owned())),
        // Only the loader knows the value of its other variables.
        None => {}
    };
    let (paths, names): (Vec<&str>, Vec<&str>) =
        needs.libraries.iter().map(String::as_str).partition(|library| library.contains('/'));
    paths.into_iter().for_each(|path| add(path, &[]));
    needs.rpath.iter().chain(&needs.runpath).for_each(|dir| add(dir, &names));
    places
}

/// The error for what the system's loader says.
pub(in crate::plugin) fn explain(path: &Path, head: &Head, reason: &str) -> Error {
    if let Some(library) = missing_library(reason) {
        return missing_error(path, head, &[library]);
    }
    if let Some(needed) = missing_version(reason) {
        let own = Host::current().and_then(|host| host.glibc);
        return error::glibc_too_old(path, &head.name, needed, own);
    }
    error::cannot_load(path, &head.name, reason)
}

/// The library in a message of glibc's or musl's loader that says that there is none.
fn missing_library(reason: &str) -> Option<&str> {
    const GLIBC: &str = ": cannot open shared object file: No such file or directory";
    const MUSL: (&str, &str) =
        ("Error loading shared library ", ": No such file or directory (needed by ");
    let glibc = || reason.strip_suffix(GLIBC);
    let musl = || Some(reason.strip_prefix(MUSL.0)?.split_once(MUSL.1)?.0);
    // A path is that of the plugin itself.
    glibc().or_else(musl).filter(|library| !library.is_empty() && !library.contains('/'))
}

/// The version in a message of glibc's loader that says that a library does not have it.
fn missing_version(reason: &str) -> Option<Version> {
    let (_, rest) = reason.split_once(": version `")?;
    let (name, _) = rest.split_once("' not found")?;
    Version::of_symbol(name)
}

fn missing_error(path: &Path, head: &Head, missing: &[&str]) -> Error {
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let names: Vec<String> = missing.iter().map(|name| shown(name)).collect();
    let reason = format!("{} {verb} missing", names.join(", "));
    error::cannot_load(path, &head.name, reason).with_help(help(head, missing))
}

/// Names come from the file and may hold anything.
fn shown(name: &str) -> String {
    name.chars().flat_map(|c| c.escape_debug()).collect()
}

/// The commands that install what is missing, or those that tell which package has it.
fn help(head: &Head, missing: &[&str]) -> String {
    let known: Vec<&Requirement> = missing
        .iter()
        .filter_map(|name| head.requires.iter().find(|known| is_same_library(&known.soname, name)))
        .collect();
    let packages = |of: fn(&Requirement) -> Option<&str>| -> Option<String> {
        let mut names: Vec<&str> = known.iter().filter_map(|known| of(known)).collect();
        names.sort_unstable();
        names.dedup();
        (!names.is_empty()).then(|| names.join(" "))
    };
    let commands = [
        ("apt install", packages(|known| known.debian.as_deref())),
        ("dnf install", packages(|known| known.fedora.as_deref())),
        ("brew install", packages(|known| known.brew.as_deref())),
    ];
    let commands: Vec<String> = commands
        .into_iter()
        .filter_map(|(command, packages)| Some(format!("{command} {}", packages?)))
        .collect();
    if !commands.is_empty() {
        return commands.join("  ·  ");
    }
    let name = shown(missing.first().copied().unwrap_or_default());
    format!("install the package that has it: apt-file search {name}  ·  dnf provides '*/{name}'")
}

/// True when two names differ at most in the version behind `.so`.
fn is_same_library(one: &str, other: &str) -> bool {
    let stem = |name: &str| name.split_once(".so").map(|(stem, _)| stem.to_owned());
    one == other || stem(one).is_some_and(|one| stem(other).is_some_and(|other| one == other))
}

#[cfg(test)]
mod tests;
