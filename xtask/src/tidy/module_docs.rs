//! Rule: every Rust file begins with `//!` and one sentence.

use super::violation::Violation;

const RULE: &str = "module docs";

/// Checks the first line of a Rust file.
pub(crate) fn check(path: &str, text: &str) -> Vec<Violation> {
    let first = text.lines().next().unwrap_or_default();
    let Some(sentence) = first.strip_prefix("//! ").map(str::trim) else {
        return vec![Violation::new(path, 1, RULE, "the first line is not `//! One sentence.`")];
    };
    if sentence.len() < 4 || !sentence.ends_with(['.', '!', '?']) {
        return vec![Violation::new(path, 1, RULE, "the first line is not a whole sentence")];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_begins_with_a_sentence_is_clean() {
        assert_eq!(check("a.rs", "//! Names and quotes.\n\nmod a;\n"), []);
    }

    #[test]
    fn a_file_without_a_sentence_on_its_first_line_is_not() {
        for text in ["", "mod a;\n", "\n//! Late.\n", "//!\n", "//! No full stop\n", "// Plain.\n"]
        {
            assert_eq!(check("a.rs", text).len(), 1, "{text:?}");
        }
    }
}
