//! What the bytes of a plugin file say of it, for any machine.

use std::path::Path;

use super::image::elf_dynamic::Needs;
use super::image::kind::Kind;
use super::image::read::Image;
use super::image::start::Start;
use super::note;
use super::note_json::{self, Head};
use crate::error::Result;
use crate::plugin::error;

/// What a plugin file says of itself; see [`inspect_bytes`].
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection<'a> {
    kind: Kind,
    note: &'a str,
    head: Head,
    needs: Needs,
}

/// Reads what a plugin file in memory says of itself, whatever machine and ABI it is for.
///
/// The file is a shared library in the format ELF, Mach-O or PE with a note in it, as
/// [`export_dialect!`](crate::export_dialect) writes it. Of a universal Mach-O file, the image for
/// the machine of this program is read, or else the first. Nothing is run, nothing is checked beyond
/// the form: that this program may load the file is told by [`verify`](crate::plugin::verify).
///
/// ```
/// use aludel::plugin::{code, inspect_bytes};
///
/// let error = inspect_bytes(b"\x7fELF").unwrap_err();
/// assert_eq!(error.code(), Some(code::TRUNCATED));
/// ```
///
/// # Errors
/// Of kind `Plugin`: [`NOT_A_PLUGIN`](crate::plugin::code::NOT_A_PLUGIN) when the bytes are no shared
/// library or its note cannot be read, [`TRUNCATED`](crate::plugin::code::TRUNCATED) when they end
/// before the library does.
pub fn inspect_bytes(bytes: &[u8]) -> Result<Inspection<'_>> {
    let path = Path::new("the file");
    let start = Start::of(bytes, path)?;
    let image = Image::parse(bytes, &start, path)?;
    let note = note::without_end(image.note(bytes, path)?);
    let head = note_json::head(note).map_err(|why| error::not_a_plugin(path, why))?;
    let needs = image.needs(bytes, path)?;
    let note = std::str::from_utf8(note).map_err(|why| error::not_a_plugin(path, why))?;
    Ok(Inspection { kind: image.kind, note, head, needs })
}

impl<'a> Inspection<'a> {
    /// The dialect's name.
    pub fn name(&self) -> &str {
        &self.head.name
    }

    /// The dialect's version.
    pub fn version(&self) -> &str {
        &self.head.version
    }

    /// Major and minor version of the ABI that it was built for.
    pub fn abi(&self) -> (u16, u16) {
        self.head.abi
    }

    /// The target that the note names: `aarch64-apple-darwin`.
    pub fn target(&self) -> &str {
        &self.head.target
    }

    /// The format of the file: `ELF`, `Mach-O`, `PE`.
    pub fn format(&self) -> &'static str {
        self.kind.format.name()
    }

    /// The machine in the file's header as Rust names it, `x86_64`, or `machine` and a number.
    pub fn machine(&self) -> String {
        self.kind.arch()
    }

    /// The bits of an address: 32 or 64.
    pub fn bits(&self) -> u32 {
        self.kind.bits
    }

    /// True when the first byte of a number is its most significant one.
    pub fn is_big_endian(&self) -> bool {
        self.kind.is_big_endian
    }

    /// The note: JSON, at most 64 KiB, as it stands in the file.
    pub fn note(&self) -> &'a str {
        self.note
    }

    /// The libraries that an ELF file needs, in its order; none for the other formats.
    pub fn needed_libraries(&self) -> &[String] {
        &self.needs.libraries
    }

    /// The newest version of glibc that an ELF file asks for: `2.34`.
    pub fn needed_glibc(&self) -> Option<String> {
        self.needs.glibc.map(|version| version.to_string())
    }

    /// True when an ELF file looks for libraries beside itself, by `$ORIGIN`.
    pub fn uses_origin(&self) -> bool {
        self.needs.uses_origin()
    }
}
