//! Text that cannot disturb a line of a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with characters escaped that move the cursor, change colours or reorder what is shown:
/// `\n`, `\r`, `\t`, others as `\u{1b}`.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push(&mut safe, character);
    }
    Cow::Owned(safe)
}

/// The same for SQL: tabs become spaces, so that it can be copied back.
pub(crate) fn in_line(text: &str) -> String {
    escaped(&text.replace('\t', " ")).into_owned()
}

/// The text of a JSON document with what is unsafe in its strings escaped as JSON does.
pub(crate) fn json(document: &str) -> String {
    let mut safe = String::with_capacity(document.len());
    for character in document.chars() {
        match character {
            '\n' => safe.push('\n'),
            character if is_unsafe(character) => {
                // Writing to a String cannot fail; all that is unsafe has four digits at most.
                let _ = write!(safe, "\\u{:04x}", u32::from(character));
            }
            character => safe.push(character),
        }
    }
    safe
}

fn push(to: &mut String, character: char) {
    match character {
        '\n' => to.push_str("\\n"),
        '\r' => to.push_str("\\r"),
        '\t' => to.push_str("\\t"),
        character if is_unsafe(character) => {
            // Writing to a String cannot fail.
            let _ = write!(to, "\\u{{{:x}}}", u32::from(character));
        }
        character => to.push(character),
    }
}

/// Control characters, line and paragraph separators, and those that change the direction of text.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text in at most this many columns of a terminal; what is left out is shown as `…`.
pub(crate) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    // A column takes at least one byte, so that short text need not be measured.
    if text.len() <= columns || text.width() <= columns {
        return Cow::Borrowed(text);
    }
    let mut taken = 0;
    let end = text.char_indices().find(|(_, character)| {
        taken += character.width().unwrap_or(0);
        taken >= columns
    });
    Cow::Owned(match columns {
        0 => String::new(),
        _ => format!("{}…", &text[..end.map_or(text.len(), |(byte, _)| byte)]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_disturbs_a_terminal_is_escaped() {
        assert_eq!(escaped("a\nb\r\tc\u{1b}[31m\u{9b}\0"), "a\\nb\\r\\tc\\u{1b}[31m\\u{9b}\\u{0}");
        assert_eq!(escaped("x\u{202e}y\u{2028}z"), "x\\u{202e}y\\u{2028}z");
        assert_eq!(escaped("naïve 漢字 👩‍🚀"), "naïve 漢字 👩‍🚀");
    }

    #[test]
    fn a_json_document_stays_what_it_is() {
        let value = serde_json::json!({"a\u{1b}": ["\u{9b}31m\u{7f}", "\u{202e}\n漢"]});
        let document = json(&format!("{value:#}\n"));
        assert_eq!(document.parse::<serde_json::Value>().unwrap(), value);
        assert!(document.contains("\\u009b31m\\u007f") && document.contains("\\u202e\\n漢"));
        assert!(!document.chars().any(|c| c != '\n' && is_unsafe(c)), "{document}");
    }

    #[test]
    fn cut_text_fits_whatever_its_characters_take() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 5), "abcd…");
        assert_eq!(cut("漢字漢字", 8), "漢字漢字");
        assert_eq!(cut("漢字漢字", 7), "漢字漢…");
        assert_eq!(cut("漢字漢字", 6), "漢字…");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(cut("abc", 1), "…");
        assert_eq!(cut("abc", 0), "");
        assert_eq!(cut("", 0), "");
    }
}
