//! The glibc that a built program or plugin needs, which the tarball is announced with.
//!
//! The library `aludel` reads the same of plugins; it is not used here because the project's own
//! commands have to run, and say what is wrong, while that library does not compile.

use object::read::elf::{Dyn, FileHeader};
use object::{Endianness, FileKind, elf};
use std::fmt;
use std::path::Path;

/// A version of glibc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Glibc(u32, u32, u32);

/// The first one whose loader applies relocations that are packed into `DT_RELR`.
const OF_RELR: Glibc = Glibc(2, 36, 0);

impl Glibc {
    /// Reads `GLIBC_2.34`; other names of versions, as `GLIBC_PRIVATE`, are none.
    fn parse(name: &str) -> Option<Glibc> {
        let mut parts = name.strip_prefix("GLIBC_")?.split('.').map(|part| part.parse().ok());
        let (major, minor) = (parts.next()??, parts.next()??);
        Some(Glibc(major, minor, parts.next().flatten().unwrap_or(0)))
    }
}

impl fmt::Display for Glibc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)?;
        if self.2 > 0 { write!(f, ".{}", self.2) } else { Ok(()) }
    }
}

/// The newest version of glibc that a file needs, if any: below it the system refuses the file.
pub(crate) fn floor(path: &Path) -> Result<Option<Glibc>, String> {
    let data = std::fs::read(path);
    let data = data.map_err(|fault| format!("cannot read {}: {fault}", path.display()))?;
    floor_of(&data).map_err(|fault| format!("{}: {fault}", path.display()))
}

fn floor_of(data: &[u8]) -> Result<Option<Glibc>, String> {
    let floor = match FileKind::parse(data) {
        Ok(FileKind::Elf64) => floor_of_class::<elf::FileHeader64<Endianness>>(data),
        Ok(FileKind::Elf32) => floor_of_class::<elf::FileHeader32<Endianness>>(data),
        Ok(_) | Err(_) => return Err("it is no ELF file".into()),
    };
    floor.map_err(|fault| fault.to_string())
}

fn floor_of_class<Elf>(data: &[u8]) -> object::Result<Option<Glibc>>
where
    Elf: FileHeader<Endian = Endianness>,
{
    let header = Elf::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    let Some((mut libraries, strings)) = sections.gnu_verneed(endian, data)? else {
        return Ok(None);
    };
    let strings = sections.strings(endian, data, strings)?;
    let mut floor = None;
    while let Some((_, mut versions)) = libraries.next()? {
        while let Some(version) = versions.next()? {
            // A weak need is of symbols that the program can do without.
            if version.vna_flags.get(endian).contains(elf::VER_FLG_WEAK) {
                continue;
            }
            let name = String::from_utf8_lossy(version.name(endian, strings)?);
            floor = floor.max(Glibc::parse(&name));
        }
    }
    let dynamic = sections.dynamic(endian, data)?.map_or(&[][..], |(entries, _)| entries);
    let is_packed = dynamic.iter().any(|entry| entry.tag(endian) == elf::DT_RELR);
    // Not every linker names a version for it. Without any need of glibc, it is another libc's.
    Ok(floor.map(|floor| if is_packed { floor.max(OF_RELR) } else { floor }))
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::{Glibc, floor, floor_of};
    use std::path::Path;

    #[test]
    fn versions_compare_by_number_and_not_by_text() {
        let [old, new] = ["GLIBC_2.4", "GLIBC_2.34"].map(|name| Glibc::parse(name).unwrap());
        assert!(old < new && Glibc::parse("GLIBC_2.2.5").unwrap() < old);
        assert_eq!(new.to_string(), "2.34");
        assert_eq!(Glibc::parse("GLIBC_2.2.5").unwrap().to_string(), "2.2.5");
        for name in ["GLIBC_PRIVATE", "GLIBC_ABI_DT_RELR", "GCC_3.0", "GLIBC_2"] {
            assert_eq!(Glibc::parse(name), None, "{name}");
        }
    }

    #[test]
    fn this_program_needs_a_glibc() {
        let program = std::env::current_exe().unwrap();
        assert!(floor(&program).unwrap() >= Glibc::parse("GLIBC_2.2.5"));
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(floor(&manifest).unwrap_err().ends_with(": it is no ELF file"));
    }

    #[test]
    fn packed_relocations_count_as_the_glibc_that_unpacks_them() {
        let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/images");
        let mut bytes = std::fs::read(images.join("elf-needs.so")).unwrap();
        let place = |bytes: &[u8], wanted: &[u8]| {
            bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
        };
        let version = place(&bytes, b"GLIBC_2.99\0");
        bytes[version..version + 10].copy_from_slice(b"GLIBC_2.09");
        assert_eq!(floor_of(&bytes).unwrap(), Some(Glibc(2, 9, 0)));
        // The entry of the dynamic section for the table of hashes becomes DT_RELR.
        let hash = place(&bytes, &0x6fff_fef5_u64.to_le_bytes());
        bytes[hash..hash + 8].copy_from_slice(&36_u64.to_le_bytes());
        assert_eq!(floor_of(&bytes).unwrap(), Some(Glibc(2, 36, 0)));
    }
}
