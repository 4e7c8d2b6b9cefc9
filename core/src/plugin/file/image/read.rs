//! What the headers of a shared library say, whatever its format.

use std::path::Path;

use object::read::ReadRef;

use super::elf_dynamic::{self, Mapped, Needs};
use super::kind::{Format, Kind};
use super::payload::{self, MAX_PLACE};
use super::place::Place;
use super::start::Start;
use super::{elf, macho, pe};
use crate::error::Result;
use crate::plugin::error;

/// Most segments or sections in which a note is looked for; linkers make one to three.
pub(super) const MAX_NOTE_PLACES: usize = 16;

/// The checked headers of a shared library for any machine.
#[derive(Debug)]
pub(in crate::plugin) struct Image {
    pub(in crate::plugin) kind: Kind,
    /// Where the note can stand; inside the file.
    pub(super) note_places: Vec<Place>,
    /// How an ELF file lies in memory; the system's loaders of the other formats need no help.
    pub(super) mapped: Option<Mapped>,
}

impl Image {
    pub(super) fn new(kind: Kind) -> Image {
        Image { kind, note_places: Vec::new(), mapped: None }
    }

    /// Reads the headers of the image for this machine, or of the only one, and checks them.
    ///
    /// # Errors
    /// `NOT_A_PLUGIN` when it is no shared library, `TRUNCATED` when a part of it lies outside the
    /// file.
    pub(in crate::plugin) fn parse<'data, R: ReadRef<'data>>(
        data: R,
        start: &Start,
        path: &Path,
    ) -> Result<Image> {
        let slice = start.slice();
        match slice.kind.format {
            Format::Elf => elf::parse(data, slice, path),
            Format::MachO => macho::parse(data, slice, path),
            Format::Pe => pe::parse(data, slice, path),
        }
    }

    /// The text of the ALUDEL note, at most 64 KiB.
    ///
    /// # Errors
    /// `NOT_A_PLUGIN` when there is none or its sizes cannot be.
    pub(in crate::plugin) fn note<'data, R: ReadRef<'data>>(
        &self,
        data: R,
        path: &Path,
    ) -> Result<&'data [u8]> {
        for place in &self.note_places {
            let bytes = data
                .read_bytes_at(place.offset, place.len.min(MAX_PLACE))
                .map_err(|()| error::not_a_plugin(path, "its notes cannot be read"))?;
            let text = payload::find(bytes, self.kind.is_big_endian)
                .map_err(|why| error::not_a_plugin(path, why))?;
            if let Some(text) = text {
                return Ok(&bytes[text]);
            }
        }
        Err(error::not_a_plugin(path, "no ALUDEL note"))
    }

    /// What the library asks of the system; nothing where the format is not ELF.
    ///
    /// # Errors
    /// `NOT_A_PLUGIN` when its dynamic section is malformed.
    pub(in crate::plugin) fn needs<'data, R: ReadRef<'data>>(
        &self,
        data: R,
        path: &Path,
    ) -> Result<Needs> {
        let Some(mapped) = &self.mapped else { return Ok(Needs::default()) };
        let needs = elf_dynamic::read(data, self.kind, mapped);
        needs.map_err(|why| error::not_a_plugin(path, format_args!("its dynamic section {why}")))
    }
}
