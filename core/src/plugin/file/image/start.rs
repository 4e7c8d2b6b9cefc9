//! The first bytes of a file: its format, and the machine or machines that it is for.

use std::fmt;
use std::path::Path;

use object::elf::ELFMAG;
use object::read::ReadRef;

use super::kind::{Format, Kind};
use super::place::Place;
use super::{elf, macho, pe, universal};
use crate::error::Result;
use crate::plugin::error;

/// As many bytes as are enough to tell the format.
const START: u64 = 64;

/// The images in a file: one, or one for each machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plugin) struct Start {
    /// At least one.
    slices: Vec<Slice>,
    is_universal: bool,
}

/// An image as a part of the file, or as all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) struct Slice {
    pub(in crate::plugin) kind: Kind,
    pub(in crate::plugin) place: Place,
}

impl Start {
    /// Reads the first bytes; `path` is for messages.
    ///
    /// # Errors
    /// `NOT_A_PLUGIN` when they are of no format, `TRUNCATED` when they end too early.
    pub(in crate::plugin) fn of<'data, R: ReadRef<'data>>(data: R, path: &Path) -> Result<Start> {
        let len = data.len().map_err(|()| error::not_a_plugin(path, "it cannot be read"))?;
        let foreign =
            || error::not_a_plugin(path, format_args!("it is no {} file", Format::NATIVE.name()));
        let start = data.read_bytes_at(0, START.min(len)).map_err(|()| foreign())?;
        let file = Place::new(0_u64, len);
        if universal::is_universal(start) {
            let slices = universal::slices(data, file, path)?;
            return Ok(Start { slices, is_universal: true });
        }
        let kind = if start.starts_with(&ELFMAG) {
            elf::kind(start, file, path)?
        } else if macho::is_macho(start) {
            macho::kind(start, file, path)?
        } else if start.starts_with(b"MZ") {
            pe::kind(data, file, path)?
        } else {
            return Err(foreign());
        };
        Ok(Start { slices: vec![Slice { kind, place: file }], is_universal: false })
    }

    /// True when one of the images is for this program.
    pub(in crate::plugin) fn is_native(&self) -> bool {
        self.slices.iter().any(|slice| slice.kind.is_native())
    }

    /// The image for this machine; the first one where there is none.
    pub(in crate::plugin) fn slice(&self) -> &Slice {
        let own = self.slices.iter().find(|slice| slice.kind.is_this_machine());
        own.or(self.slices.first()).expect("invariant: a file has at least one slice")
    }

    pub(in crate::plugin) fn is_universal(&self) -> bool {
        self.is_universal
    }
}

impl fmt::Display for Start {
    /// What the file was built for: `AArch64 Mach-O`, `universal Mach-O (x86-64, AArch64)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_universal {
            return self.slice().kind.fmt(f);
        }
        let names: Vec<String> =
            self.slices.iter().map(|slice| slice.kind.machine_name()).collect();
        write!(f, "universal Mach-O ({})", names.join(", "))
    }
}
