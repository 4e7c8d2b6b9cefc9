//! Rules for every text: no trailing white space, and nothing that lies outside the repository.

use super::source::Source;
use super::violation::Violation;

/// A folder beside a developer's checkout; assembled, so that this file does not mention it.
const OUTSIDE: &str = concat!("..", "/shared");

/// Checks that no line ends in white space; inside a Rust string it is data.
pub(crate) fn trailing_whitespace(
    path: &str,
    text: &str,
    source: Option<&Source<'_>>,
) -> Vec<Violation> {
    let literals = source.map_or(&[][..], |source| &source.literals);
    let mut violations = Vec::new();
    let mut end = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        end += line.len();
        let line = line.strip_suffix('\n').unwrap_or(line);
        let break_at = end - 1;
        if line.ends_with([' ', '\t', '\r'])
            && !literals.iter().any(|literal| literal.range.contains(&break_at))
        {
            let message = "the line ends in white space";
            violations.push(Violation::new(path, index + 1, "white space", message));
        }
    }
    violations
}

/// Checks that a clone is enough to follow every path.
pub(crate) fn outside(path: &str, text: &str) -> Vec<Violation> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.contains(OUTSIDE))
        .map(|(index, _)| {
            let message = format!("{OUTSIDE} is not part of the repository: copy what is needed");
            Violation::new(path, index + 1, "outside the repository", message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_at_the_end_of_a_line_is_found() {
        let found = trailing_whitespace("a.md", "a\nb \n\nc\t", None);
        assert_eq!(found.iter().map(|violation| violation.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(trailing_whitespace("a.md", "a b\n\n  c\n", None), []);
    }

    #[test]
    fn white_space_in_a_rust_string_is_data() {
        let text = "let s = \"a \nb\"; \n";
        let source = Source::new(text);
        let found = trailing_whitespace("a.rs", text, Some(&source));
        assert_eq!(found.iter().map(|violation| violation.line).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn a_path_outside_the_repository_is_found_in_any_text() {
        let text = format!("fine\nsee {OUTSIDE}/x\n");
        assert_eq!(outside("a.md", &text)[0].line, 2);
        assert_eq!(outside("a.md", "see ../share and shared/x\n"), []);
    }
}
