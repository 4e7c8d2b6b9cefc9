//! An error of aludel's own, for people and for programs.

use std::fmt::Write;

use aludel::Error;
use serde_json::{Map, Value, json};

use crate::escape::escaped;

/// As the error prints itself, with everything escaped that could disturb a terminal: paths and
/// what a file says of itself come from others.
pub(crate) fn text(error: &Error) -> String {
    text_with(error, None)
}

/// The same with other help than the error's own, where there is some.
pub(crate) fn text_with(error: &Error, advice: Option<&str>) -> String {
    let help = advice.or(error.help());
    let mut text = escaped(&format!("{error:#}")).into_owned();
    let own = [("detail", error.detail()), ("hint", error.hint()), ("help", help)];
    let own = own.into_iter().filter_map(|(label, said)| Some((label, said?)));
    for (label, said) in own.chain(error.notes()) {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {label}: {}", escaped(said));
    }
    text
}

/// Kind, code, message, help, and all notes by their labels, each a list.
pub(crate) fn json(error: &Error) -> Value {
    let mut notes: Map<String, Value> = Map::new();
    for (label, said) in error.notes() {
        let said_so_far = notes.entry(label).or_insert_with(|| json!([]));
        if let Value::Array(said_so_far) = said_so_far {
            said_so_far.push(said.into());
        }
    }
    json!({
        "kind": error.kind().name(),
        "code": error.code(),
        "message": error.message(),
        "help": error.help(),
        "notes": notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error() -> Error {
        Error::plugin("refusing /a\u{1b}[2J\nb")
            .with_code("P03")
            .with_help("chmod go-w /a\u{1b}")
            .with_note("rejected", "one")
            .with_note("url", "x://")
            .with_note("rejected", "two\u{9b}")
    }

    #[test]
    fn nothing_of_an_error_reaches_the_terminal_unescaped() {
        assert_eq!(
            text(&error()),
            "error[P03]: refusing /a\\u{1b}[2J\\nb\n  help: chmod go-w /a\\u{1b}\n  \
             rejected: one\n  url: x://\n  rejected: two\\u{9b}"
        );
        assert_eq!(text(&Error::url("no")), Error::url("no").to_string());
    }

    #[test]
    fn notes_of_one_label_are_a_list() {
        assert_eq!(
            json(&error()),
            json!({
                "kind": "PluginError",
                "code": "P03",
                "message": "refusing /a\u{1b}[2J\nb",
                "help": "chmod go-w /a\u{1b}",
                "notes": {"rejected": ["one", "two\u{9b}"], "url": ["x://"]},
            })
        );
        assert_eq!(json(&Error::url("no"))["code"], Value::Null);
    }
}
