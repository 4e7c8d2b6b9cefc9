//! Whether an ELF file is a shared library for this machine, with all its segments inside the file.
//!
//! A library that is cut short passes `dlopen`'s own checks and kills the process when a page
//! beyond its end is touched, so the bounds are checked before it is opened.

use std::path::Path;

use object::Endianness;
use object::elf;
use object::read::ReadRef;
use object::read::elf::{FileHeader, NoteIterator, ProgramHeader};

use crate::error::Result;
use crate::plugin::error;

#[cfg(target_pointer_width = "64")]
type Word = u64;
#[cfg(target_pointer_width = "32")]
type Word = u32;
#[cfg(target_pointer_width = "64")]
type Header = elf::FileHeader64<Endianness>;
#[cfg(target_pointer_width = "32")]
type Header = elf::FileHeader32<Endianness>;
type Segment = <Header as FileHeader>::ProgramHeader;

/// Bytes that tell class, byte order and machine; the same in all ELF files.
const START: u64 = 20;
/// Most segments; linkers make about a dozen.
const MAX_SEGMENTS: u16 = 256;

const MACHINES: &[(u16, &str, &str)] = &[
    (elf::EM_386.0, "x86", "x86"),
    (elf::EM_ARM.0, "arm", "ARM"),
    (elf::EM_X86_64.0, "x86_64", "x86-64"),
    (elf::EM_AARCH64.0, "aarch64", "AArch64"),
    (elf::EM_RISCV.0, "riscv64", "RISC-V"),
    (elf::EM_PPC64.0, "powerpc64", "PowerPC64"),
    (elf::EM_S390.0, "s390x", "S/390"),
    (elf::EM_LOONGARCH.0, "loongarch64", "LoongArch"),
];

/// The checked headers of a shared library.
#[derive(Debug)]
pub(in crate::plugin) struct Image<'data, R> {
    data: R,
    endian: Endianness,
    segments: &'data [Segment],
}

impl<'data, R: ReadRef<'data>> Image<'data, R> {
    /// Reads the headers and checks them; `path` is for messages. Reads a few hundred bytes.
    pub(in crate::plugin) fn parse(data: R, path: &Path) -> Result<Self> {
        let len = data.len().map_err(|()| error::not_a_plugin(path, "it cannot be read"))?;
        let not_elf = || error::not_a_plugin(path, "it is no ELF file");
        let start = data.read_bytes_at(0, START.min(len)).map_err(|()| not_elf())?;
        if !start.starts_with(&elf::ELFMAG) {
            return Err(not_elf());
        }
        let header_size = size_of::<Header>() as u64;
        if len < header_size {
            return Err(error::truncated(path, "the header", header_size, len));
        }
        check_machine(start, path)?;
        let header = Header::parse(data).map_err(|fault| error::not_a_plugin(path, fault))?;
        let endian = header.endian().map_err(|fault| error::not_a_plugin(path, fault))?;
        if header.e_type(endian) != elf::ET_DYN {
            return Err(error::not_a_plugin(path, "it is no shared library"));
        }
        let count = header.e_phnum(endian);
        if count > MAX_SEGMENTS {
            return Err(error::not_a_plugin(path, format_args!("it has {count} segments")));
        }
        let table = u64::from(count) * size_of::<Segment>() as u64;
        let table_end = wide(header.e_phoff(endian)).saturating_add(table);
        if table_end > len {
            return Err(error::truncated(path, "the table of segments", table_end, len));
        }
        let segments = header
            .program_headers(endian, data)
            .map_err(|fault| error::not_a_plugin(path, fault))?;
        for (index, segment) in segments.iter().enumerate() {
            let (offset, size) = segment.file_range(endian);
            let end = offset.saturating_add(size);
            if segment.p_type(endian) == elf::PT_LOAD && end > len {
                return Err(error::truncated(path, format_args!("segment {index}"), end, len));
            }
        }
        Ok(Image { data, endian, segments })
    }

    /// The notes of every segment that holds some and is no longer than `max` bytes.
    pub(in crate::plugin) fn notes(
        &self,
        max: u64,
    ) -> impl Iterator<Item = NoteIterator<'data, Header>> {
        self.segments
            .iter()
            .filter(|segment| segment.p_type(self.endian) == elf::PT_NOTE)
            .filter(move |segment| segment.file_range(self.endian).1 <= max)
            .filter_map(|segment| {
                let bytes = segment.data(self.endian, self.data).ok()?;
                // Sanitizers align the section to 32 bytes; the notes in it are aligned as ever.
                let align: Word = if wide(segment.p_align(self.endian)) == 8 { 8 } else { 4 };
                NoteIterator::new(self.endian, align, bytes).ok()
            })
    }

    pub(in crate::plugin) fn endian(&self) -> Endianness {
        self.endian
    }
}

/// A word of either class.
fn wide(word: impl Into<u64>) -> u64 {
    word.into()
}

fn check_machine(start: &[u8], path: &Path) -> Result<()> {
    let (class, order) = (start[4], start[5]);
    let word = [start[18], start[19]];
    let is_big = order == elf::ELFDATA2MSB.0;
    let machine = if is_big { u16::from_be_bytes(word) } else { u16::from_le_bytes(word) };
    let bits = if class == elf::ELFCLASS64.0 { 64 } else { 32 };
    let native = MACHINES.iter().find(|(_, arch, _)| *arch == std::env::consts::ARCH);
    // A machine that the table does not know is left to the system's loader.
    let is_native_machine = native.is_none_or(|(number, _, _)| *number == machine);
    if bits == usize::BITS && is_big == cfg!(target_endian = "big") && is_native_machine {
        return Ok(());
    }
    let name = MACHINES.iter().find(|(number, _, _)| *number == machine).map(|(_, _, name)| *name);
    let order = if is_big { "big" } else { "little" };
    let name = name.map_or_else(|| format!("machine {machine}"), str::to_owned);
    Err(error::wrong_target(path, format_args!("{name} ({bits} bits, {order} endian)")))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::Image;
    use crate::plugin::error::TARGET;

    /// The test program itself is position-independent, so an ET_DYN like any library.
    fn program() -> Vec<u8> {
        std::fs::read(std::env::current_exe().unwrap()).unwrap()
    }

    fn refusal(bytes: &[u8]) -> String {
        Image::parse(bytes, Path::new("x.so")).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_file_is_accepted() {
        assert!(Image::parse(program().as_slice(), Path::new("x.so")).is_ok());
    }

    #[test]
    fn no_truncation_is_read_beyond_its_end() {
        let whole = program();
        let (mut refused, mut len) = (0, 0);
        while len < whole.len() {
            let outcome = Image::parse(&whole[..len], Path::new("x.so"));
            refused += usize::from(outcome.is_err());
            len += 4096;
        }
        assert!(refused > 1, "only {refused} truncations were refused");
        let error = refusal(&whole[..4096]);
        assert!(error.starts_with("error[P07]: x.so is cut short (segment "), "{error}");
        assert!(error.contains("the file at 4,096)"), "{error}");
    }

    #[test]
    fn the_first_bytes_are_checked_one_by_one() {
        let whole = program();
        for len in 0..4 {
            assert_eq!(
                refusal(&whole[..len]),
                "error[P06]: x.so is not an aludel plugin (it is no ELF file)\n  \
             help: remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)"
            );
        }
        for len in 4..64 {
            assert_eq!(
                refusal(&whole[..len]),
                format!(
                    "error[P07]: x.so is cut short (the header ends at 64, the file at {len})\n  \
                     help: copy or build the file again"
                )
            );
        }
    }

    #[test]
    fn any_damage_to_the_headers_is_refused_or_harmless() {
        let whole = program();
        let mut bytes = whole[..8192.min(whole.len())].to_vec();
        for at in 0..1024 {
            for value in [0, 1, 0x7f, 0xff] {
                let before = std::mem::replace(&mut bytes[at], value);
                if let Ok(image) = Image::parse(bytes.as_slice(), Path::new("x.so")) {
                    for mut notes in image.notes(65_536) {
                        while let Ok(Some(note)) = notes.next() {
                            std::hint::black_box(note.desc());
                        }
                    }
                }
                bytes[at] = before;
            }
        }
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn a_file_for_another_machine_is_named() {
        let mut bytes = program();
        bytes[18] = 22;
        bytes[19] = 0;
        assert_eq!(
            refusal(&bytes),
            format!(
                "error[P05]: x.so was built for S/390 (64 bits, little endian); this program is \
                 {TARGET}\n  help: install the plugin that was built for this program's target"
            )
        );
        bytes[4] = 1;
        assert!(refusal(&bytes).contains("built for S/390 (32 bits, little endian)"));
    }

    #[test]
    fn a_file_that_is_no_library_is_refused() {
        let mut bytes = program();
        bytes[16] = 1;
        assert_eq!(
            refusal(&bytes),
            "error[P06]: x.so is not an aludel plugin (it is no shared library)\n  \
             help: remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)"
        );
    }
}
