//! Downloads packages and unpacks them into a folder of the cache.

use super::apt::{Apt, Package, finish};
use super::sets::Set;
use crate::services::place;
use crate::services::program::{entries, tree};
use std::fs;
use std::io::stderr;
use std::path::Path;
use std::process::Command;

/// Fetches `set` into its tree.
pub(super) fn unpack(set: &Set, apt: &Apt) -> Result<(), String> {
    let packages = resolve(set, apt)?;
    announce(set.name, &packages);
    let debs = place::cache()?.join("debs").join(set.name);
    let result = download(apt, &packages, &debs).and_then(|()| lay_out(set.name, &debs));
    // What failed is fetched anew, and what was unpacked is not needed again.
    let removed = fs::remove_dir_all(&debs).map_err(|error| error.to_string());
    result.and(removed)
}

fn resolve(set: &Set, apt: &Apt) -> Result<Vec<Package>, String> {
    let wanted: Vec<String> =
        set.wanted.iter().map(|name| numbered(apt, name)).collect::<Result<_, _>>()?;
    let mut packages = if wanted.is_empty() { Vec::new() } else { apt.missing(&wanted)? };
    packages.retain(|package| needed(&package.name, &wanted));
    // Packages that count as installed without their files being at hand are taken too.
    let known = |name: &String| packages.iter().any(|package| package.name == *name);
    let rest: Vec<String> = wanted.iter().filter(|name| !known(name)).cloned().collect();
    let rest: Vec<String> =
        rest.into_iter().chain(set.alone.iter().map(|name| (*name).to_owned())).collect();
    packages.extend(apt.alone(&rest)?);
    Ok(packages)
}

/// Whether a package's files are of use without being installed: what was asked for, and libraries.
fn needed(name: &str, wanted: &[String]) -> bool {
    let unused = ["llvm", "perl", "gconv", "-common"];
    wanted.iter().any(|one| one == name)
        || name.contains("lib") && !unused.iter().any(|part| name.contains(part))
}

/// Replaces the `*` in `name` by the highest number for which there is a package.
fn numbered(apt: &Apt, name: &str) -> Result<String, String> {
    let Some(prefix) = name.strip_suffix('*') else {
        return Ok(name.into());
    };
    let names = apt.names(prefix)?;
    let number = |name: &String| name.strip_prefix(prefix)?.parse::<u32>().ok();
    names
        .iter()
        .filter_map(number)
        .filter(|number| has_candidate(apt, &format!("{prefix}{number}")))
        .max()
        .map(|number| format!("{prefix}{number}"))
        .ok_or_else(|| format!("apt knows no package {name}"))
}

/// Some names stand only in the relations of others.
fn has_candidate(apt: &Apt, name: &str) -> bool {
    apt.alone(&[name.to_owned()]).is_ok_and(|found| !found.is_empty())
}

/// Says what is about to be fetched.
pub(super) fn announce(what: &str, packages: &[Package]) {
    let bytes: u64 = packages.iter().map(|package| package.bytes).sum();
    let list: Vec<String> = packages
        .iter()
        .map(|package| format!("{} {} ({})", package.name, package.version, size(package.bytes)))
        .collect();
    eprintln!("{what}: fetching {} packages, {}: {}", list.len(), size(bytes), list.join(", "));
}

fn size(bytes: u64) -> String {
    match bytes {
        0..100_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn download(apt: &Apt, packages: &[Package], debs: &Path) -> Result<(), String> {
    fs::create_dir_all(debs).map_err(|error| format!("{}: {error}", debs.display()))?;
    let names = packages.iter().map(|package| format!("{}={}", package.name, package.version));
    let mut command = apt.get();
    command.args(["download", "-q"]).args(names).current_dir(debs).stdout(stderr());
    finish(&mut command).map(drop)
}

fn lay_out(name: &str, debs: &Path) -> Result<(), String> {
    let tree = tree(name)?;
    let new = tree.with_extension("new");
    let failed = |error: std::io::Error| format!("{}: {error}", new.display());
    if new.exists() {
        fs::remove_dir_all(&new).map_err(failed)?;
    }
    fs::create_dir_all(&new).map_err(failed)?;
    let files = entries(debs);
    for (number, file) in files.iter().enumerate() {
        finish(Command::new("dpkg-deb").arg("-x").arg(file).arg(&new))?;
        if number % 10 == 9 || number + 1 == files.len() {
            eprintln!("{name}: unpacked {} of {}", number + 1, files.len());
        }
    }
    if tree.exists() {
        fs::remove_dir_all(&tree).map_err(failed)?;
    }
    // A tree that is there is complete.
    fs::rename(&new, &tree).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_come_along_and_what_only_an_installation_needs_does_not() {
        let wanted = ["postgresql-15".to_owned()];
        for name in ["postgresql-15", "libpq5", "zlib1g", "libc6"] {
            assert!(needed(name, &wanted), "{name}");
        }
        for name in ["libllvm14", "libjson-perl", "postgresql-common", "ssl-cert", "perl-base"] {
            assert!(!needed(name, &wanted), "{name}");
        }
    }

    #[test]
    fn sizes_are_read_at_a_glance() {
        assert_eq!(size(999), "1 kB");
        assert_eq!(size(26_124_236), "26.1 MB");
    }
}
