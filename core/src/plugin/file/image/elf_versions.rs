//! The versions of glibc's interface, as the symbols of a library ask for them.

use std::fmt;

use object::Endianness;
use object::elf::{self, Vernaux, Verneed};
use object::pod::Pod;
use object::read::ReadRef;

use super::elf_dynamic::{Mapped, Texts};
use super::place::Place;

/// Most versions that are read, of all libraries together; large programs ask for a few dozen.
const MAX_VERSIONS: u32 = 4096;

/// A version of glibc: `2.36`, `2.2.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plugin) struct Version([u32; 3]);

impl Version {
    /// Reads up to three numbers with dots between them; what follows, as in a version that is still
    /// being developed, is left out.
    pub(in crate::plugin) fn parse(text: &str) -> Option<Version> {
        let mut numbers = [0; 3];
        let parts = text.split('.').take(3);
        for (number, part) in numbers.iter_mut().zip(parts) {
            *number = part.parse().ok()?;
        }
        Some(Version(numbers))
    }

    /// The first one whose loader applies relocations that are packed into `DT_RELR`.
    pub(super) const OF_RELR: Version = Version([2, 36, 0]);

    /// The version that a symbol's version names: `GLIBC_2.36`. Linkers write `GLIBC_ABI_DT_RELR`
    /// where they pack relocations, to have older loaders refuse the file.
    pub(in crate::plugin) fn of_symbol(name: &str) -> Option<Version> {
        match name.strip_prefix("GLIBC_")? {
            "ABI_DT_RELR" => Some(Version::OF_RELR),
            number => Version::parse(number),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Version([major, minor, patch]) = self;
        write!(f, "{major}.{minor}")?;
        if *patch == 0 { Ok(()) } else { write!(f, ".{patch}") }
    }
}

/// The newest version that is asked for; those that may be missing do not count.
///
/// # Errors
/// What is wrong with the table.
pub(super) fn glibc<'data, R: ReadRef<'data>>(
    texts: Texts<R>,
    endian: Endianness,
    mapped: &Mapped,
    address: u64,
    count: u64,
) -> Result<Option<Version>, &'static str> {
    let table = Table { texts, endian, mapped };
    let (mut newest, mut left) = (None, MAX_VERSIONS);
    let mut at = address;
    for _ in 0..count {
        let library: &Verneed<Endianness> = table.get(at)?;
        let mut version_at = at.saturating_add(library.vn_aux.get(endian).into());
        for _ in 0..library.vn_cnt.get(endian) {
            left = left.checked_sub(1).ok_or("asks for more than 4,096 versions")?;
            let version: &Vernaux<Endianness> = table.get(version_at)?;
            newest = newest.max(table.version(version)?);
            match version.vna_next.get(endian) {
                0 => break,
                next => version_at = version_at.saturating_add(next.into()),
            }
        }
        left = left.checked_sub(1).ok_or("asks for more than 4,096 versions")?;
        match library.vn_next.get(endian) {
            0 => break,
            next => at = at.saturating_add(next.into()),
        }
    }
    Ok(newest)
}

struct Table<'m, R> {
    texts: Texts<R>,
    endian: Endianness,
    mapped: &'m Mapped,
}

impl<'data, R: ReadRef<'data>> Table<'_, R> {
    fn get<T: Pod>(&self, address: u64) -> Result<&'data T, &'static str> {
        let memory = Place::new(address, size_of::<T>() as u64);
        let place = self.mapped.locate(memory).ok_or("has its versions outside the file")?;
        self.texts.data.read_at(place.offset).map_err(|()| "has versions that cannot be read")
    }

    fn version(&self, version: &Vernaux<Endianness>) -> Result<Option<Version>, &'static str> {
        if version.vna_flags.get(self.endian).contains(elf::VER_FLG_WEAK) {
            return Ok(None);
        }
        let name = self.texts.get(version.vna_name.get(self.endian).into())?;
        Ok(std::str::from_utf8(name).ok().and_then(Version::of_symbol))
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_compared_as_numbers() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("2.9") < version("2.36"));
        assert!(version("2.2.5") < version("2.3"));
        assert!(version("2.36") == version("2.36.0"));
        assert_eq!(version("2.36.9000.1").to_string(), "2.36.9000");
        assert_eq!(version("2.36").to_string(), "2.36");
    }

    #[test]
    fn only_numbers_are_versions() {
        for name in ["GLIBC_PRIVATE", "GLIBC_ABI_OTHER", "GLIBCXX_3.4", "GLIBC_", "GLIBC_2.x"] {
            assert_eq!(Version::of_symbol(name), None, "{name}");
        }
        assert_eq!(Version::of_symbol("GLIBC_2.2.5"), Version::parse("2.2.5"));
        assert_eq!(Version::of_symbol("GLIBC_ABI_DT_RELR"), Version::parse("2.36"));
    }
}
