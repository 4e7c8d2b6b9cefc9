//! The note inside a plugin file: found through the headers, bounded, without running the file.

use std::fs::File;
use std::path::Path;

use object::read::{ReadCache, ReadRef};

use super::image::elf_dynamic::Needs;
use super::image::read::Image;
use super::image::start::Start;
use super::note_json;
use crate::error::Result;
use crate::plugin::error::{self, TARGET};

/// What a plugin file for this program says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plugin) struct Contents {
    /// The text of the note.
    pub(in crate::plugin) note: Vec<u8>,
    /// What the file asks of the system.
    pub(in crate::plugin) needs: Needs,
}

/// Checks the headers of an open file and reads its note and its needs; `path` is for messages.
///
/// # Errors
/// `NOT_A_PLUGIN`, `WRONG_TARGET` and `TRUNCATED`.
pub(in crate::plugin) fn read(file: &File, path: &Path) -> Result<Contents> {
    let cache = ReadCache::new(file);
    let image = open(&cache, path)?;
    let note = without_end(image.note(&cache, path)?).to_vec();
    Ok(Contents { note, needs: image.needs(&cache, path)? })
}

/// Checks the headers of an open file and reads its note alone, for searches among many files.
///
/// # Errors
/// `NOT_A_PLUGIN`, `WRONG_TARGET` and `TRUNCATED`.
pub(in crate::plugin) fn glance(file: &File, path: &Path) -> Result<Vec<u8>> {
    let cache = ReadCache::new(file);
    let image = open(&cache, path)?;
    Ok(without_end(image.note(&cache, path)?).to_vec())
}

/// The image in a file, if it is for this program.
fn open<'data, R: ReadRef<'data>>(data: R, path: &Path) -> Result<Image> {
    let start = Start::of(data, path)?;
    if start.is_native() {
        return Image::parse(data, &start, path);
    }
    match foreign_target(data, &start, path) {
        Some(target) => Err(error::wrong_target(path, target)),
        None => Err(error::wrong_target(path, start)),
    }
}

/// The target in the note of a file for another machine, where it can be read and is not a lie.
fn foreign_target<'data, R: ReadRef<'data>>(data: R, start: &Start, path: &Path) -> Option<String> {
    if start.is_universal() {
        return None;
    }
    let image = Image::parse(data, start, path).ok()?;
    let note = image.note(data, path).ok()?;
    note_json::target(without_end(note)).filter(|target| target != TARGET)
}

/// The text without the NUL that ends it when a C compiler wrote it.
pub(in crate::plugin) fn without_end(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\0").unwrap_or(text)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::File;

    use crate::plugin::sample;

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
             help: a plugin is built with export_dialect! (Rust) or ALUDEL_NOTE (C)"
        );
    }

    #[test]
    fn the_longest_note_has_64_kib() {
        let dir = tempfile::tempdir().unwrap();
        let read = |len: usize| {
            let mut note = sample::note("toy", &[]);
            note["description"] = "".into();
            note["description"] = "x".repeat(len - note.to_string().len()).into();
            let path = sample::write(dir.path(), "toy", &note);
            let file = File::open(&path).unwrap();
            assert_eq!(super::glance(&file, "x.so".as_ref()).is_ok(), len <= 65_536);
            super::read(&file, "x.so".as_ref())
        };
        assert_eq!(read(65_536).unwrap().note.len(), 65_536);
        for len in [65_537, 100_000] {
            assert_eq!(
                read(len).unwrap_err().to_string(),
                "error[P06]: x.so is not an aludel plugin (its ALUDEL note is longer than 64 KiB)\n  \
                 help: a plugin is built with export_dialect! (Rust) or ALUDEL_NOTE (C)"
            );
        }
    }
}
