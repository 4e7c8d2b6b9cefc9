//! What an ELF library asks of the system: libraries, where to look for them, a version of glibc.
//!
//! The dynamic section names addresses in memory; they are traced back to the file through the
//! segments, as the system's loader maps them.

use object::Endianness;
use object::elf::{self, DynamicTag};
use object::pod::Pod;
use object::read::ReadRef;
use object::read::elf::Dyn;

use super::elf_versions::{self, Version};
use super::kind::Kind;
use super::place::Place;

/// Most entries of a dynamic section; linkers write about thirty.
const MAX_ENTRIES: u64 = 4096;
/// Most libraries that one asks for.
const MAX_LIBRARIES: usize = 512;
/// Longest name or list of directories in bytes: as long as a path can be.
const MAX_TEXT: u64 = 64 * 1024;

/// What a library asks of the system. Names that are not UTF-8 hold replacement characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::plugin) struct Needs {
    /// The name that other libraries need it by.
    pub(in crate::plugin) soname: Option<String>,
    /// The libraries that it needs, in their order.
    pub(in crate::plugin) libraries: Vec<String>,
    /// Directories for its own needs and those of what it loads; without effect beside `runpath`.
    pub(in crate::plugin) rpath: Vec<String>,
    /// Directories for its own needs.
    pub(in crate::plugin) runpath: Vec<String>,
    /// The system's directories are not searched.
    pub(in crate::plugin) no_default_dirs: bool,
    /// The newest version of glibc that it asks for.
    pub(in crate::plugin) glibc: Option<Version>,
}

impl Needs {
    /// True when libraries are looked for beside the file, which therefore has to be opened by its
    /// own path.
    pub(in crate::plugin) fn uses_origin(&self) -> bool {
        let mut texts = self.libraries.iter().chain(&self.rpath).chain(&self.runpath);
        texts.any(|text| text.contains("$ORIGIN") || text.contains("${ORIGIN}"))
    }
}

/// How the file lies in memory.
#[derive(Debug, Default)]
pub(super) struct Mapped {
    /// Address of each loaded segment, and its place in the file.
    pub(super) segments: Vec<(u64, Place)>,
    /// Address and length of the dynamic section.
    pub(super) dynamic: Option<Place>,
}

impl Mapped {
    /// The place in the file of what lies in memory at these addresses.
    pub(super) fn locate(&self, memory: Place) -> Option<Place> {
        self.segments.iter().find_map(|(address, place)| {
            let offset = memory.offset.checked_sub(*address)?;
            place.within(Place { offset, ..memory })
        })
    }
}

/// The table of texts that names are offsets into.
#[derive(Clone, Copy)]
pub(super) struct Texts<R> {
    pub(super) data: R,
    pub(super) place: Place,
}

impl<'data, R: ReadRef<'data>> Texts<R> {
    /// The text at an offset, without the NUL that ends it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn get(self, offset: u64) -> Result<&'data [u8], &'static str> {
        let rest = self.place.len.checked_sub(offset).ok_or("names a text outside its table")?;
        let start = self.place.offset.saturating_add(offset);
        let text = self.data.read_bytes_at_until(start..start + rest.min(MAX_TEXT), 0);
        text.map_err(|()| "names a text that does not end, or is longer than 64 KiB")
    }
}

/// The entries that matter here.
#[derive(Default)]
struct Entries {
    soname: Option<u64>,
    needed: Vec<u64>,
    rpath: Option<u64>,
    runpath: Option<u64>,
    texts: Place,
    symbols: Option<u64>,
    versions: Option<u64>,
    version_count: u64,
    has_packed_relocations: bool,
    flags: u64,
}

/// Reads what a library asks for; nothing where it has no dynamic section.
///
/// # Errors
/// What is wrong with the section.
pub(super) fn read<'data, R: ReadRef<'data>>(
    data: R,
    kind: Kind,
    mapped: &Mapped,
) -> Result<Needs, &'static str> {
    let Some(dynamic) = mapped.dynamic else { return Ok(Needs::default()) };
    let place = mapped.locate(dynamic).ok_or("lies outside the file")?;
    let endian = if kind.is_big_endian { Endianness::Big } else { Endianness::Little };
    let entries = match kind.bits {
        64 => entries::<elf::Dyn64<Endianness>, R>(data, place, endian)?,
        _ => entries::<elf::Dyn32<Endianness>, R>(data, place, endian)?,
    };
    // What the loader takes for granted; all of it is missing where a copy was not finished.
    let symbols = entries.symbols.map(|offset| Place { offset, len: 1 });
    if entries.texts.len == 0 || symbols.and_then(|place| mapped.locate(place)).is_none() {
        return Err("has no symbols");
    }
    let texts = mapped.locate(entries.texts).ok_or("has its texts outside the file")?;
    let texts = Texts { data, place: texts };
    let text = |offset| texts.get(offset).map(|text| String::from_utf8_lossy(text).into_owned());
    let dirs = |offset: Option<u64>| -> Result<Vec<String>, &'static str> {
        let list = offset.map(text).transpose()?.unwrap_or_default();
        let dirs = list.split(':').filter(|_| !list.is_empty());
        // The loader reads an empty one as the working directory.
        Ok(dirs.map(|dir| if dir.is_empty() { "." } else { dir }.to_owned()).collect())
    };
    let glibc = match entries.versions {
        Some(address) => {
            elf_versions::glibc(texts, endian, mapped, address, entries.version_count)?
        }
        None => None,
    };
    // Not every linker names a version for them. Without any need of glibc, it is another libc's.
    let glibc = glibc.map(|version| match entries.has_packed_relocations {
        true => version.max(Version::OF_RELR),
        false => version,
    });
    Ok(Needs {
        soname: entries.soname.map(text).transpose()?,
        libraries: entries.needed.iter().map(|offset| text(*offset)).collect::<Result<_, _>>()?,
        rpath: dirs(entries.rpath.filter(|_| entries.runpath.is_none()))?,
        runpath: dirs(entries.runpath)?,
        no_default_dirs: entries.flags & elf::DF_1_NODEFLIB.0 != 0,
        glibc,
    })
}

fn entries<'data, D, R>(data: R, place: Place, endian: Endianness) -> Result<Entries, &'static str>
where
    D: Dyn<Endian = Endianness> + Pod + 'data,
    R: ReadRef<'data>,
{
    let count = (place.len / size_of::<D>() as u64).min(MAX_ENTRIES);
    let all: &[D] =
        data.read_slice_at(place.offset, count as usize).map_err(|()| "cannot be read")?;
    let mut entries = Entries::default();
    for entry in all {
        let value = entry.val(endian);
        match entry.tag(endian) {
            elf::DT_NULL => break,
            elf::DT_NEEDED if entries.needed.len() == MAX_LIBRARIES => {
                return Err("names more than 512 libraries");
            }
            elf::DT_NEEDED => entries.needed.push(value),
            elf::DT_SONAME => entries.soname = Some(value),
            elf::DT_RPATH => entries.rpath = Some(value),
            elf::DT_RUNPATH => entries.runpath = Some(value),
            elf::DT_STRTAB => entries.texts.offset = value,
            elf::DT_STRSZ => entries.texts.len = value,
            elf::DT_SYMTAB => entries.symbols = Some(value),
            elf::DT_VERNEED => entries.versions = Some(value),
            elf::DT_VERNEEDNUM => entries.version_count = value,
            elf::DT_RELR => entries.has_packed_relocations = true,
            DynamicTag(tag) if tag == elf::DT_FLAGS_1.0 => entries.flags = value,
            _ => {}
        }
    }
    Ok(entries)
}
