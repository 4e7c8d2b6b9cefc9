//! Rule: every code of a plugin's error has an entry in docs/errors.md, and no other code has one.

use super::violation::Violation;

const RULE: &str = "error codes";
/// Where the codes are defined.
pub(crate) const CODES: &str = "core/src/plugin/code.rs";
/// Where they are explained.
pub(crate) const ENTRIES: &str = "docs/errors.md";

/// Compares the two files.
pub(crate) fn check(codes: &str, entries: &str) -> Vec<Violation> {
    let defined: Vec<(usize, &str, &str)> = numbered(codes).filter_map(definition).collect();
    let explained: Vec<(usize, &str)> = numbered(entries).filter_map(heading).collect();
    let missing = defined.iter().filter_map(|(line, name, code)| {
        let row = format!("| [{code}](#{}) | `{name}` |", code.to_lowercase());
        let has_entry = explained.iter().any(|(_, explained)| explained == code);
        let message = format!("{code} {name} has no entry or row in {ENTRIES}");
        (!has_entry || !entries.contains(&row)).then(|| Violation::new(CODES, *line, RULE, message))
    });
    let unknown = explained.iter().filter_map(|(line, code)| {
        let is_defined = defined.iter().any(|(_, _, defined)| defined == code);
        let message = format!("{code} is no code of {CODES}");
        (!is_defined).then(|| Violation::new(ENTRIES, *line, RULE, message))
    });
    missing.chain(unknown).collect()
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// `pub const NAME: &str = "P01";`
fn definition((line, text): (usize, &str)) -> Option<(usize, &str, &str)> {
    let (name, rest) = text.strip_prefix("pub const ")?.split_once(": &str = \"")?;
    Some((line, name, rest.strip_suffix("\";")?))
}

/// `## P01`
fn heading((line, text): (usize, &str)) -> Option<(usize, &str)> {
    let code = text.strip_prefix("## P")?;
    let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then(|| (line, &text["## ".len()..]))
}

#[cfg(test)]
mod tests {
    use super::check;

    const CODES: &str = "/// Doc.\npub const LOST: &str = \"P01\";\n";

    fn lines(entries: &str) -> Vec<String> {
        check(CODES, entries).into_iter().map(|found| found.to_string()).collect()
    }

    #[test]
    fn a_code_needs_its_entry_and_its_row() {
        assert_eq!(lines("| [P01](#p01) | `LOST` | x |\n## P01\n"), Vec::<String>::new());
        assert_eq!(lines("## P01\n").len(), 1);
        assert_eq!(lines("| [P01](#p01) | `LOST` | x |\n").len(), 1);
    }

    #[test]
    fn an_entry_needs_its_code() {
        let found = lines("| [P01](#p01) | `LOST` | x |\n## P01\n## P02\n## Phases\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("docs/errors.md:3"), "{found:?}");
    }
}
