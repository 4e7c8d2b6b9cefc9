//! The ALUDEL note among the bytes of a segment or section.
//!
//! In every format it is the struct of an ELF note: three words with the size of the name, the size
//! of the text, and the kind, then the name and the text. Linkers and sanitizers put other notes and
//! padding before and behind it, so it is looked for by its name.

use std::ops::Range;

/// Longest text in bytes.
pub(super) const MAX_NOTE: u32 = 64 * 1024;
/// Most bytes that are looked through; other notes and padding come on top of the text.
pub(super) const MAX_PLACE: u64 = MAX_NOTE as u64 + 8 * 1024;

const NAME: &[u8; 8] = b"ALUDEL\0\0";
const NAME_SIZE: u32 = 7;
const KIND: u32 = 1;
/// Three words.
const HEADER: usize = 12;

/// Where the text of the note stands, if there is a note.
///
/// # Errors
/// What is wrong with the note.
pub(super) fn find(
    bytes: &[u8],
    is_big_endian: bool,
) -> Result<Option<Range<usize>>, &'static str> {
    let word = |at: usize| -> Option<u32> {
        let word = *bytes.get(at..)?.first_chunk()?;
        Some(if is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) })
    };
    for (at, _) in bytes.windows(NAME.len()).enumerate().filter(|(_, name)| *name == NAME) {
        let Some(header) = at.checked_sub(HEADER) else { continue };
        if word(header) != Some(NAME_SIZE) || word(header + 8) != Some(KIND) {
            continue;
        }
        let Some(size) = word(header + 4) else { continue };
        if size > MAX_NOTE {
            return Err("its ALUDEL note is longer than 64 KiB");
        }
        let start = at + NAME.len();
        let text = start..start + size as usize;
        if bytes.get(text.clone()).is_none() {
            return Err("its ALUDEL note ends outside its segment");
        }
        return Ok(Some(text));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::find;

    fn note(size: u32, text: &[u8]) -> Vec<u8> {
        let mut bytes = [7, size, 1].map(u32::to_le_bytes).concat();
        bytes.extend(b"ALUDEL\0\0");
        bytes.extend(text);
        bytes
    }

    #[test]
    fn a_note_is_found_behind_whatever_stands_before_it() {
        for padding in [0, 1, 4, 20, 32, 511] {
            let mut bytes = vec![0; padding];
            bytes.extend(b"ALUDEL\0\0 by chance");
            bytes.extend(note(2, b"{}\0\0\0\0\0\0"));
            let text = find(&bytes, false).unwrap().unwrap();
            assert_eq!(&bytes[text], b"{}");
        }
    }

    #[test]
    fn words_are_read_in_the_order_of_the_machine() {
        let mut bytes = [7_u32, 2, 1].map(u32::to_be_bytes).concat();
        bytes.extend(b"ALUDEL\0\0{}");
        assert_eq!(find(&bytes, true), Ok(Some(20..22)));
        assert_eq!(find(&bytes, false), Ok(None));
    }

    #[test]
    fn of_two_notes_the_first_counts() {
        let bytes = [note(1, b"1"), note(1, b"2")].concat();
        assert_eq!(find(&bytes, false), Ok(Some(20..21)));
    }

    #[test]
    fn sizes_that_cannot_be_are_told() {
        assert_eq!(find(&note(65_537, b""), false), Err("its ALUDEL note is longer than 64 KiB"));
        assert_eq!(find(&note(u32::MAX, b""), false), Err("its ALUDEL note is longer than 64 KiB"));
        assert_eq!(find(&note(1, b""), false), Err("its ALUDEL note ends outside its segment"));
        assert_eq!(find(&note(0, b""), false), Ok(Some(20..20)));
    }

    #[test]
    fn there_is_none_in_fewer_bytes_than_it_has() {
        let whole = note(0, b"");
        for len in 0..whole.len() {
            assert_eq!(find(&whole[..len], false), Ok(None));
        }
    }
}
