//! Universal binaries of Apple's systems: a table of Mach-O images, one for each machine.

use std::path::Path;

use object::macho::{CPU_ARCH_ABI64, FAT_MAGIC, FAT_MAGIC_64, FatArch32, FatArch64, FatHeader};
use object::read::ReadRef;
use object::read::macho::FatArch;

use super::kind::{Format, Kind};
use super::place::Place;
use super::start::Slice;
use crate::error::Result;
use crate::plugin::error;

/// Most images. The magic number is also that of Java's classes, which have a version of 45 or more
/// where this count stands.
const MAX_SLICES: u32 = 30;

/// True for the magic number of a universal binary.
pub(super) fn is_universal(start: &[u8]) -> bool {
    magic(start).is_some_and(|magic| magic == FAT_MAGIC || magic == FAT_MAGIC_64)
}

fn magic(start: &[u8]) -> Option<u32> {
    start.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// The images of the table, each of which lies inside the file.
///
/// # Errors
/// `TRUNCATED` and `NOT_A_PLUGIN`.
pub(super) fn slices<'data, R: ReadRef<'data>>(
    data: R,
    file: Place,
    path: &Path,
) -> Result<Vec<Slice>> {
    let header_size = size_of::<FatHeader>() as u64;
    file.check(Place::new(0_u64, header_size), "the header", path)?;
    let refuse = || error::not_a_plugin(path, "its table of images is malformed");
    let header: &FatHeader = data.read_at(0).map_err(|()| refuse())?;
    let count = header.nfat_arch.get(object::BigEndian);
    if count == 0 || count > MAX_SLICES {
        return Err(refuse());
    }
    if header.magic.get(object::BigEndian) == FAT_MAGIC_64 {
        read::<FatArch64, R>(data, count, file, path)
    } else {
        read::<FatArch32, R>(data, count, file, path)
    }
}

fn read<'data, A: FatArch, R: ReadRef<'data>>(
    data: R,
    count: u32,
    file: Place,
    path: &Path,
) -> Result<Vec<Slice>> {
    let header_size = size_of::<FatHeader>() as u64;
    let table = Place::new(header_size, u64::from(count) * size_of::<A>() as u64);
    file.check(table, "the table of images", path)?;
    let arches: &[A] = data
        .read_slice_at(table.offset, count as usize)
        .map_err(|()| error::not_a_plugin(path, "its table of images cannot be read"))?;
    arches
        .iter()
        .map(|arch| {
            let (offset, size) = arch.file_range();
            let machine = arch.cputype().0;
            let bits = if machine & CPU_ARCH_ABI64 == 0 { 32 } else { 64 };
            // Machines of the other byte order left before there were 64 bits.
            let kind = Kind { format: Format::MachO, machine, bits, is_big_endian: false };
            let what = format_args!("the image for {}", kind.machine_name());
            let place = file.check(Place::new(offset, size), what, path)?;
            Ok(Slice { kind, place })
        })
        .collect()
}
