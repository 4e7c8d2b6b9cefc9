//! Schemes: whatever passes fits the grammar, and can stand in a file name.

use aludel::plugin::{Scheme, code};

/// Checks a text as a scheme.
///
/// # Panics
/// When what must hold does not.
pub fn scheme(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let scheme = match Scheme::parse(text) {
        Ok(scheme) => scheme,
        Err(error) => {
            assert_eq!(error.code(), Some(code::BAD_SCHEME));
            assert!(!fits(&text.to_ascii_lowercase().replace('-', "_")), "{text:?} was refused");
            return;
        }
    };
    let read = scheme.as_str();
    assert!(fits(read), "{text:?} is read as {read:?}");
    assert_eq!(read, text.to_ascii_lowercase().replace('-', "_"));
    assert_eq!(Scheme::parse(read).as_ref().ok(), Some(&scheme), "{text:?}");
    let joined = match scheme.driver() {
        Some(driver) => format!("{}+{driver}", scheme.dialect()),
        None => scheme.dialect().to_owned(),
    };
    assert_eq!(joined, read);
}

/// `^[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)?$`, at most 64 bytes; written apart from what is checked.
fn fits(text: &str) -> bool {
    let mut after_letter = false;
    let mut pluses = 0;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' => after_letter = true,
            b'0'..=b'9' | b'_' if after_letter => {}
            b'+' if after_letter && pluses == 0 => (after_letter, pluses) = (false, 1),
            _ => return false,
        }
    }
    after_letter && text.len() <= 64
}
