//! Whether a PE file is a DLL with all its sections inside the file.

use std::path::Path;

use object::pe::{self, ImageFileHeader, ImageSectionHeader};
use object::read::ReadRef;
use object::{LittleEndian, U32};

use super::kind::{Format, Kind};
use super::place::Place;
use super::read::{Image, MAX_NOTE_PLACES};
use super::start::Slice;
use crate::error::Result;
use crate::plugin::error;

/// Most sections; Windows' own loader has a lower limit.
const MAX_SECTIONS: u16 = 256;
/// Where the offset of the PE header stands.
const E_LFANEW: u64 = 0x3c;
const DOS_HEADER: u64 = 64;
const SIGNATURE: &[u8] = b"PE\0\0";
/// The section that holds the note, padded as in the table.
const SECTION: [u8; 8] = *b".aludel\0";

/// The header of the file, and where it begins.
fn header<'data, R: ReadRef<'data>>(
    data: R,
    file: Place,
    path: &Path,
) -> Result<(&'data ImageFileHeader, u64)> {
    file.check(Place::new(0_u64, DOS_HEADER), "the header", path)?;
    let refuse = || error::not_a_plugin(path, "it is no PE file");
    let offset: &U32<LittleEndian> = data.read_at(E_LFANEW).map_err(|()| refuse())?;
    let signature = Place::new(offset.get(LittleEndian), SIGNATURE.len() as u64);
    let header = Place::new(signature.end(), size_of::<ImageFileHeader>() as u64);
    file.check(Place::new(signature.offset, signature.len + header.len), "the header", path)?;
    if data.read_bytes_at(signature.offset, signature.len) != Ok(SIGNATURE) {
        return Err(refuse());
    }
    Ok((data.read_at(header.offset).map_err(|()| refuse())?, header.offset))
}

/// The machine of a file that begins with a DOS header.
///
/// # Errors
/// `TRUNCATED`, and `NOT_A_PLUGIN` when it is a program of DOS alone.
pub(super) fn kind<'data, R: ReadRef<'data>>(data: R, file: Place, path: &Path) -> Result<Kind> {
    let (header, _) = header(data, file, path)?;
    let machine = u32::from(header.machine.get(LittleEndian).0);
    let bits = Kind::bits_of(Format::Pe, machine);
    Ok(Kind { format: Format::Pe, machine, bits, is_big_endian: false })
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
    let file = slice.place;
    let (header, offset) = header(data, file, path)?;
    if !header.characteristics.get(LittleEndian).contains(pe::IMAGE_FILE_DLL) {
        return Err(error::not_a_plugin(path, "it is no shared library"));
    }
    let count = header.number_of_sections.get(LittleEndian);
    if count > MAX_SECTIONS {
        return Err(error::not_a_plugin(path, format_args!("it has {count} sections")));
    }
    let skipped = u64::from(header.size_of_optional_header.get(LittleEndian));
    let size = u64::from(count) * size_of::<ImageSectionHeader>() as u64;
    let table = Place::new(offset + size_of::<ImageFileHeader>() as u64 + skipped, size);
    file.check(table, "the table of sections", path)?;
    let sections: &[ImageSectionHeader] = data
        .read_slice_at(table.offset, usize::from(count))
        .map_err(|()| error::not_a_plugin(path, "its table of sections cannot be read"))?;

    let mut image = Image::new(slice.kind);
    for section in sections {
        let offset = section.pointer_to_raw_data.get(LittleEndian);
        let place = Place::new(offset, section.size_of_raw_data.get(LittleEndian));
        // Memory that begins as zeros has no bytes in the file.
        if offset == 0 || place.len == 0 {
            continue;
        }
        let name = section.name.split(|byte| *byte == 0).next().unwrap_or_default();
        file.check(place, format_args!("section {}", name.escape_ascii()), path)?;
        if section.name == SECTION && image.note_places.len() < MAX_NOTE_PLACES {
            image.note_places.push(place);
        }
    }
    Ok(image)
}
