//! Whether a Mach-O image is a shared library with all its segments inside the file.

use std::path::Path;

use object::Endianness;
use object::macho;
use object::read::ReadRef;
use object::read::macho::{LoadCommandIterator, MachHeader, Section, Segment};

use super::kind::{Format, Kind};
use super::place::Place;
use super::read::{Image, MAX_NOTE_PLACES};
use super::start::Slice;
use crate::error::Result;
use crate::plugin::error;

/// Most bytes of load commands; linkers write a few thousand.
const MAX_COMMANDS: u32 = 1024 * 1024;
/// The section that holds the note. Linkers may rename its segment, `__DATA_CONST`.
const SECTION: &[u8] = b"__aludel";

/// True for the magic number of an image, in any byte order and class.
pub(super) fn is_macho(start: &[u8]) -> bool {
    class(start).is_some()
}

/// Address bits and whether the bytes are in big-endian order, from the magic number.
fn class(start: &[u8]) -> Option<(u32, bool)> {
    let magic: [u8; 4] = *start.first_chunk()?;
    let classes = [(macho::MH_MAGIC, 32), (macho::MH_MAGIC_64, 64)];
    classes.into_iter().find_map(|(known, bits)| match magic {
        _ if magic == known.to_be_bytes() => Some((bits, true)),
        _ if magic == known.to_le_bytes() => Some((bits, false)),
        _ => None,
    })
}

/// Class, byte order and machine of an image that lies at `place` and begins with `start`.
///
/// # Errors
/// `TRUNCATED`, and `NOT_A_PLUGIN` when it is no image.
pub(super) fn kind(start: &[u8], place: Place, path: &Path) -> Result<Kind> {
    let (bits, is_big_endian) =
        class(start).ok_or_else(|| error::not_a_plugin(path, "it holds no Mach-O image"))?;
    let header_size = match bits {
        64 => size_of::<macho::MachHeader64<Endianness>>(),
        _ => size_of::<macho::MachHeader32<Endianness>>(),
    };
    place.check(Place::new(0_u64, header_size as u64), "the header", path)?;
    let word = [start[4], start[5], start[6], start[7]];
    let machine = if is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) };
    Ok(Kind { format: Format::MachO, machine, bits, is_big_endian })
}

/// Reads the load commands and checks them; `path` is for messages.
///
/// # Errors
/// `NOT_A_PLUGIN` and `TRUNCATED`.
pub(super) fn parse<'data, R: ReadRef<'data>>(
    data: R,
    slice: &Slice,
    path: &Path,
) -> Result<Image> {
    let magic_len = 8.min(slice.place.len);
    let start = data
        .read_bytes_at(slice.place.offset, magic_len)
        .map_err(|()| error::not_a_plugin(path, "it cannot be read"))?;
    let kind = kind(start, slice.place, path)?;
    if kind.machine != slice.kind.machine {
        let names = (kind.machine_name(), slice.kind.machine_name());
        let why = format_args!("its image for {1} is one for {0}", names.0, names.1);
        return Err(error::not_a_plugin(path, why));
    }
    if kind.bits == 64 {
        parse_class::<macho::MachHeader64<Endianness>, R>(data, kind, slice.place, path)
    } else {
        parse_class::<macho::MachHeader32<Endianness>, R>(data, kind, slice.place, path)
    }
}

fn parse_class<'data, H, R>(data: R, kind: Kind, place: Place, path: &Path) -> Result<Image>
where
    H: MachHeader<Endian = Endianness>,
    R: ReadRef<'data>,
{
    let refuse = |fault| error::not_a_plugin(path, fault);
    let header = H::parse(data, place.offset).map_err(refuse)?;
    let endian = header.endian().map_err(refuse)?;
    if ![macho::MH_DYLIB, macho::MH_BUNDLE].contains(&header.filetype(endian)) {
        return Err(error::not_a_plugin(path, "it is no shared library"));
    }
    let size = header.sizeofcmds(endian);
    if size > MAX_COMMANDS {
        return Err(error::not_a_plugin(path, format_args!("it has {size} bytes of commands")));
    }
    let table = Place::new(size_of::<H>() as u64, size);
    place.check(table, "the table of load commands", path)?;
    let commands = header.load_commands(endian, data, place.offset).map_err(refuse)?;
    Reading { image: Image::new(kind), endian, place, path }.read::<H>(commands)
}

/// An image on the way from its load commands.
struct Reading<'p> {
    image: Image,
    endian: Endianness,
    place: Place,
    path: &'p Path,
}

impl Reading<'_> {
    fn read<H: MachHeader<Endian = Endianness>>(
        mut self,
        mut commands: LoadCommandIterator<'_, Endianness>,
    ) -> Result<Image> {
        let path = self.path;
        let refuse = |fault| error::not_a_plugin(path, fault);
        while let Some(command) = commands.next().map_err(refuse)? {
            if let Some((segment, sections)) = H::Segment::from_command(command).map_err(refuse)? {
                self.segment(segment, sections)?;
            }
        }
        Ok(self.image)
    }

    fn segment<S: Segment<Endian = Endianness>>(
        &mut self,
        segment: &S,
        sections: &[u8],
    ) -> Result<()> {
        let (offset, size) = segment.file_range(self.endian);
        let what = format_args!("segment {}", segment.name().escape_ascii());
        self.place.check(Place::new(offset, size), what, self.path)?;
        let sections = segment
            .sections(self.endian, sections)
            .map_err(|fault| error::not_a_plugin(self.path, fault))?;
        for section in sections.iter().filter(|section| section.name() == SECTION) {
            let Some(size) = section.file_size(self.endian) else { continue };
            let inside = Place::new(section.offset(self.endian), size);
            let place = self.place.check(inside, "section __aludel", self.path)?;
            if self.image.note_places.len() < MAX_NOTE_PLACES {
                self.image.note_places.push(place);
            }
        }
        Ok(())
    }
}
