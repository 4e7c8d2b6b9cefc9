//! What an ELF file says of itself: the versions of glibc that it needs, and an aludel note.

use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, FileKind, elf};
use serde_json::Value;
use std::fmt;
use std::path::Path;

/// A version of glibc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Glibc(u32, u32, u32);

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
pub(crate) fn glibc_floor(path: &Path) -> Result<Option<Glibc>, String> {
    let data = read(path)?;
    let floor = match FileKind::parse(&*data) {
        Ok(FileKind::Elf64) => floor::<elf::FileHeader64<Endianness>>(&data),
        Ok(FileKind::Elf32) => floor::<elf::FileHeader32<Endianness>>(&data),
        Ok(_) | Err(_) => return Err(format!("{} is no ELF file", path.display())),
    };
    floor.map_err(|fault| format!("{}: {fault}", path.display()))
}

fn floor<Elf: FileHeader<Endian = Endianness>>(data: &[u8]) -> object::Result<Option<Glibc>> {
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
    Ok(floor)
}

/// The note of a plugin.
pub(crate) fn note(path: &Path) -> Result<Value, String> {
    let data = read(path)?;
    let note = match FileKind::parse(&*data) {
        Ok(FileKind::Elf64) => find_note::<elf::FileHeader64<Endianness>>(&data),
        Ok(FileKind::Elf32) => find_note::<elf::FileHeader32<Endianness>>(&data),
        Ok(_) | Err(_) => return Err(format!("{} is no ELF file", path.display())),
    };
    let note = note.ok().flatten();
    let note = note.and_then(|note| serde_json::from_slice(note.trim_ascii_end()).ok());
    note.ok_or_else(|| format!("{} has no ALUDEL note", path.display()))
}

fn find_note<Elf: FileHeader<Endian = Endianness>>(data: &[u8]) -> object::Result<Option<&[u8]>> {
    let header = Elf::parse(data)?;
    let endian = header.endian()?;
    for segment in header.program_headers(endian, data)? {
        let Some(mut notes) = segment.notes(endian, data)? else { continue };
        while let Some(note) = notes.next()? {
            if note.name() == b"ALUDEL" {
                return Ok(Some(note.desc()));
            }
        }
    }
    Ok(None)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|fault| format!("cannot read {}: {fault}", path.display()))
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::{Glibc, glibc_floor, note};
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
    fn this_program_needs_a_glibc_and_has_no_note() {
        let program = std::env::current_exe().unwrap();
        assert!(glibc_floor(&program).unwrap() >= Glibc::parse("GLIBC_2.2.5"));
        assert!(note(&program).unwrap_err().ends_with("has no ALUDEL note"));
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(glibc_floor(&manifest).unwrap_err().ends_with("is no ELF file"));
    }
}
