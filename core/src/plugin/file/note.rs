//! The note inside a plugin file: found through the segments, bounded, without running the file.

use std::fs::File;
use std::path::Path;

use object::read::{ReadCache, ReadRef};

use super::image::elf::Image;
use crate::error::Result;
use crate::plugin::error;

/// Longest note in bytes.
const MAX_NOTE: u64 = 64 * 1024;
/// Other notes that the linker puts into the same segment (build id, ABI tag) come on top.
const MAX_SEGMENT: u64 = MAX_NOTE + 8 * 1024;
const OWNER: &[u8] = b"ALUDEL";
const KIND: u32 = 1;

/// Checks the ELF headers of an open file and reads its note; `path` is for messages.
///
/// # Errors
/// `NOT_A_PLUGIN`, `WRONG_TARGET` and `TRUNCATED`.
pub(in crate::plugin) fn read(file: &File, path: &Path) -> Result<Vec<u8>> {
    let cache = ReadCache::new(file);
    find(&cache, path).map(<[u8]>::to_vec)
}

fn find<'data, R: ReadRef<'data>>(data: R, path: &Path) -> Result<&'data [u8]> {
    let image = Image::parse(data, path)?;
    for mut notes in image.notes(MAX_SEGMENT) {
        while let Ok(Some(note)) = notes.next() {
            if note.name() != OWNER || note.n_type(image.endian()).0 != KIND {
                continue;
            }
            let text = note.desc();
            if text.len() as u64 > MAX_NOTE {
                return Err(error::not_a_plugin(path, "its ALUDEL note is longer than 64 KiB"));
            }
            return Ok(without_end(text));
        }
    }
    Err(error::not_a_plugin(path, "no ALUDEL note"))
}

/// The text without the NUL that ends it when a C compiler wrote it.
pub(in crate::plugin) fn without_end(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\0").unwrap_or(text)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::File;

    #[test]
    fn the_nul_of_a_c_string_is_no_part_of_the_note() {
        assert_eq!(super::without_end(b"{}\0"), b"{}");
        assert_eq!(super::without_end(b"{}"), b"{}");
        assert_eq!(super::without_end(b"{}\0\0"), b"{}\0");
    }

    #[test]
    fn a_file_without_a_note_is_told_apart() {
        let path = std::env::current_exe().unwrap();
        let error = super::read(&File::open(&path).unwrap(), "x.so".as_ref()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "error[P06]: x.so is not an aludel plugin (no ALUDEL note)\n  \
             help: remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)"
        );
    }
}
