//! Whether an ELF file is a shared library with all its segments inside the file.
//!
//! A library that is cut short passes `dlopen`'s own checks and kills the process when a page
//! beyond its end is touched, so the bounds are checked before it is opened.

use std::path::Path;

use object::Endianness;
use object::elf;
use object::read::ReadRef;
use object::read::elf::{FileHeader, ProgramHeader};

use super::elf_dynamic::Mapped;
use super::kind::{Format, Kind};
use super::place::Place;
use super::read::{Image, MAX_NOTE_PLACES};
use super::start::Slice;
use crate::error::Result;
use crate::plugin::error;

/// Most segments; linkers make about a dozen.
const MAX_SEGMENTS: u16 = 256;

/// Class, byte order and machine, which stand at the same place in all ELF files.
///
/// # Errors
/// `TRUNCATED`, and `NOT_A_PLUGIN` for a class or byte order that there is not.
pub(super) fn kind(start: &[u8], file: Place, path: &Path) -> Result<Kind> {
    let is_small = start.get(4) == Some(&elf::ELFCLASS32.0);
    let header_size = if is_small {
        size_of::<elf::FileHeader32<Endianness>>()
    } else {
        size_of::<elf::FileHeader64<Endianness>>()
    };
    file.check(Place::new(0_u64, header_size as u64), "the header", path)?;
    let refuse = |what| Err(error::not_a_plugin(path, format_args!("its ELF {what} is unknown")));
    let is_big_endian = match elf::DataEncoding(start[5]) {
        elf::ELFDATA2LSB => false,
        elf::ELFDATA2MSB => true,
        _ => return refuse("byte order"),
    };
    let bits = match elf::FileClass(start[4]) {
        elf::ELFCLASS32 => 32,
        elf::ELFCLASS64 => 64,
        _ => return refuse("class"),
    };
    let word = [start[18], start[19]];
    let machine = if is_big_endian { u16::from_be_bytes(word) } else { u16::from_le_bytes(word) };
    Ok(Kind { format: Format::Elf, machine: machine.into(), bits, is_big_endian })
}

/// Reads the headers and checks them; `path` is for messages. Reads a few hundred bytes.
///
/// # Errors
/// `NOT_A_PLUGIN` and `TRUNCATED`.
pub(super) fn parse<'data, R: ReadRef<'data>>(
    data: R,
    slice: &Slice,
    path: &Path,
) -> Result<Image> {
    if slice.kind.bits == 64 {
        parse_class::<elf::FileHeader64<Endianness>, R>(data, slice, path)
    } else {
        parse_class::<elf::FileHeader32<Endianness>, R>(data, slice, path)
    }
}

fn parse_class<'data, H, R>(data: R, slice: &Slice, path: &Path) -> Result<Image>
where
    H: FileHeader<Endian = Endianness>,
    R: ReadRef<'data>,
{
    let refuse = |fault| error::not_a_plugin(path, fault);
    let header = H::parse(data).map_err(refuse)?;
    let endian = header.endian().map_err(refuse)?;
    if header.e_type(endian) != elf::ET_DYN {
        return Err(error::not_a_plugin(path, "it is no shared library"));
    }
    let count = header.e_phnum(endian);
    if count > MAX_SEGMENTS {
        return Err(error::not_a_plugin(path, format_args!("it has {count} segments")));
    }
    let size = u64::from(count) * size_of::<H::ProgramHeader>() as u64;
    let table = Place::new(header.e_phoff(endian), size);
    slice.place.check(table, "the table of segments", path)?;
    let segments = header.program_headers(endian, data).map_err(refuse)?;

    let mut image = Image::new(slice.kind);
    let mut mapped = Mapped::default();
    for (index, segment) in segments.iter().enumerate() {
        let (offset, size) = segment.file_range(endian);
        let place = Place::new(offset, size);
        let address = segment.p_vaddr(endian).into();
        match segment.p_type(endian) {
            elf::PT_LOAD => {
                slice.place.check(place, format_args!("segment {index}"), path)?;
                mapped.segments.push((address, place));
            }
            elf::PT_DYNAMIC if mapped.dynamic.is_some() => {
                return Err(error::not_a_plugin(path, "it has two dynamic sections"));
            }
            elf::PT_DYNAMIC => mapped.dynamic = Some(Place::new(address, size)),
            elf::PT_NOTE => {
                let is_inside = slice.place.within(place).is_some();
                if is_inside && image.note_places.len() < MAX_NOTE_PLACES {
                    image.note_places.push(place);
                }
            }
            _ => {}
        }
    }
    image.mapped = Some(mapped);
    Ok(image)
}
