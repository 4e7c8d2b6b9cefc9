//! Images: what is found lies within the file, and depends on nothing but its bytes.

use aludel::plugin::{Inspection, Scheme, code, inspect_bytes};

/// Longest note in bytes.
const MAX_NOTE: usize = 64 * 1024;

/// Checks bytes as an ELF file.
///
/// # Panics
/// When what must hold does not.
pub fn elf(data: &[u8]) {
    check("ELF", &[b"\x7fELF"], data);
}

/// Checks bytes as a Mach-O file.
///
/// # Panics
/// When what must hold does not.
pub fn macho(data: &[u8]) {
    let magics: [&[u8]; 6] = [
        b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe",
        b"\xfe\xed\xfa\xcf",
        b"\xfe\xed\xfa\xce",
        b"\xca\xfe\xba\xbe",
        b"\xca\xfe\xba\xbf",
    ];
    check("Mach-O", &magics, data);
}

/// Checks bytes as a PE file.
///
/// # Panics
/// When what must hold does not.
pub fn pe(data: &[u8]) {
    check("PE", &[b"MZ"], data);
}

/// Checks the bytes as they are when they begin as the format does, or else with such a beginning.
fn check(format: &str, magics: &[&[u8]], data: &[u8]) {
    let mut bytes = data.to_vec();
    if !magics.iter().any(|magic| bytes.starts_with(magic)) {
        let magic = magics[usize::from(data.first().copied().unwrap_or(0)) % magics.len()];
        let len = magic.len().min(bytes.len());
        bytes[..len].copy_from_slice(&magic[..len]);
    }
    match inspect_bytes(&bytes) {
        Ok(found) => {
            assert_eq!(found.format(), format);
            check_found(&bytes, &found);
        }
        Err(error) => {
            let code = error.code();
            assert!(matches!(code, Some(code::NOT_A_PLUGIN | code::TRUNCATED)), "{error}");
        }
    }
}

/// Checks what was found in these bytes.
pub(super) fn check_found(bytes: &[u8], found: &Inspection<'_>) {
    let note = found.note().as_bytes().as_ptr_range();
    let file = bytes.as_ptr_range();
    assert!(file.start <= note.start && note.end <= file.end, "the note lies outside the file");
    assert!(found.note().len() <= MAX_NOTE);
    let scheme = Scheme::parse(found.name()).expect("a name of a dialect is a scheme");
    assert_eq!((scheme.as_str(), scheme.driver()), (found.name(), None));
    for text in [found.version(), found.target()] {
        assert!(text.len() <= 100 && !text.chars().any(char::is_control), "{text:?}");
    }
    assert!(matches!(found.bits(), 32 | 64));
    // At an odd address, and in a file with something behind the library.
    let longer = [b"\0", bytes, b"\0\xff"].concat();
    let again = inspect_bytes(&longer[1..]).expect("the same bytes are read the same");
    assert_eq!(&again, found);
}
