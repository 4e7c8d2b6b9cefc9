//! Which packages a set comes down to on this machine.

use super::apt::{Apt, Package};
use super::sets::Set;

/// The packages of a set, as apt has them now.
pub(super) struct Plan {
    pub(super) set: &'static Set,
    pub(super) packages: Vec<Package>,
}

impl Plan {
    /// What the system lacks, when the set is to be installed.
    pub(super) fn to_install(set: &'static Set, apt: &Apt) -> Result<Self, String> {
        let names: Vec<String> = set.wanted.iter().map(|name| (*name).to_owned()).collect();
        Ok(Self { set, packages: apt.missing(&names)? })
    }

    /// What has to be unpacked for the set's programs to run.
    pub(super) fn to_unpack(set: &'static Set, apt: &Apt) -> Result<Self, String> {
        let wanted: Vec<String> =
            set.wanted.iter().map(|name| numbered(apt, name)).collect::<Result<_, _>>()?;
        let mut packages = if wanted.is_empty() { Vec::new() } else { apt.missing(&wanted)? };
        packages.retain(|package| needed(&package.name, &wanted));
        // Packages that count as installed without their files being at hand are taken too.
        let known = |name: &String| packages.iter().any(|package| package.name == *name);
        let rest = wanted.iter().filter(|name| !known(name)).cloned();
        let rest: Vec<String> =
            rest.chain(set.alone.iter().map(|name| (*name).to_owned())).collect();
        packages.extend(apt.alone(&rest)?);
        Ok(Self { set, packages })
    }

    /// Says what is about to be fetched.
    pub(super) fn announce(&self) {
        let list: Vec<String> = self
            .packages
            .iter()
            .map(|package| {
                format!("{} {} ({})", package.name, package.version, size(package.bytes))
            })
            .collect();
        eprintln!(
            "{}: {} packages, {}: {}",
            self.set.name,
            list.len(),
            size(self.bytes()),
            list.join(", ")
        );
    }

    /// What is to be fetched.
    pub(super) fn bytes(&self) -> u64 {
        self.packages.iter().map(|package| package.bytes).sum()
    }
}

/// Whether a package's files are of use without being installed: what was asked for, and libraries.
fn needed(name: &str, wanted: &[String]) -> bool {
    let unused = ["llvm", "perl", "gconv", "-common", "-dev"];
    wanted.iter().any(|one| one == name)
        || name.contains("lib") && !unused.iter().any(|part| name.contains(part))
}

/// Replaces the `*` in `name` by the highest number for which there is a package.
fn numbered(apt: &Apt, name: &str) -> Result<String, String> {
    let Some(prefix) = name.strip_suffix('*') else {
        return Ok(name.into());
    };
    let names = apt.names(prefix)?;
    let mut numbers: Vec<u32> =
        names.iter().filter_map(|name| name.strip_prefix(prefix)?.parse().ok()).collect();
    numbers.sort_unstable();
    // Some names stand only in the relations of others.
    let found = numbers.into_iter().rev().map(|number| format!("{prefix}{number}"));
    let mut found = found.filter(|name| apt.alone(std::slice::from_ref(name)).is_ok());
    found.next().ok_or_else(|| format!("apt knows no package {name}"))
}

/// A number of bytes as people read it.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..100_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
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
        for name in ["libllvm14", "libjson-perl", "postgresql-common", "ssl-cert", "libpq-dev"] {
            assert!(!needed(name, &wanted), "{name}");
        }
    }

    #[test]
    fn sizes_are_read_at_a_glance() {
        assert_eq!(size(999), "1 kB");
        assert_eq!(size(26_124_236), "26.1 MB");
    }
}
