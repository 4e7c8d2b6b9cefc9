//! Notes: any text behind the header of a note, in the smallest file that can hold one.

use aludel::plugin::{code, inspect_bytes};

use super::image::check_found;

const HEADER: usize = 64;
const SEGMENT: usize = 56;
const PT_NOTE: u32 = 4;

/// Checks bytes as the text of a note.
///
/// # Panics
/// When what must hold does not.
pub fn note(data: &[u8]) {
    let file = library(data);
    match inspect_bytes(&file) {
        Ok(found) => {
            let text = data.strip_suffix(b"\0").unwrap_or(data);
            assert_eq!(found.note().as_bytes(), text);
            check_found(&file, &found);
        }
        Err(error) => {
            assert_eq!(error.code(), Some(code::NOT_A_PLUGIN), "{error}");
            // Whatever the note holds, a message can be printed.
            let is_hostile = |c: char| c.is_control() && c != '\n';
            assert!(!error.to_string().contains(is_hostile), "{error:?}");
        }
    }
}

/// An ELF library whose only content is this note.
fn library(text: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
    bytes.resize(16, 0);
    bytes.extend([3_u16, 62].map(u16::to_le_bytes).concat());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend([0_u64, HEADER as u64, 0].map(u64::to_le_bytes).concat());
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend([HEADER as u16, SEGMENT as u16, 1, 0, 0, 0].map(u16::to_le_bytes).concat());
    let (at, len) = ((HEADER + SEGMENT) as u64, 20 + text.len() as u64);
    bytes.extend([PT_NOTE, 4].map(u32::to_le_bytes).concat());
    bytes.extend([at, at, at, len, len, 4].map(u64::to_le_bytes).concat());
    bytes.extend([7, text.len() as u32, 1].map(u32::to_le_bytes).concat());
    bytes.extend(b"ALUDEL\0\0");
    bytes.extend(text);
    bytes
}
