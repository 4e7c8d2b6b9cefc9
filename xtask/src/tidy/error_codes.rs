//! Rule: every code of an error has an entry in docs/errors.md, and no other code has one.

use super::violation::Violation;

const RULE: &str = "error codes";
/// Where the codes are defined: those of the engine, and those of plugins.
pub(crate) const CODES: [&str; 2] = ["core/src/error/code.rs", "core/src/plugin/code.rs"];
/// Where they are explained.
pub(crate) const ENTRIES: &str = "docs/errors.md";

/// Compares the files that define codes, each with its path, with the entries.
pub(crate) fn check(codes: [(&str, &str); 2], entries: &str) -> Vec<Violation> {
    let defined: Vec<Defined<'_>> = codes
        .into_iter()
        .flat_map(|(path, text)| {
            let lines = numbered(text).filter_map(definition);
            lines.map(move |(line, name, code)| Defined { path, line, name, code })
        })
        .collect();
    let explained: Vec<(usize, &str)> = numbered(entries).filter_map(heading).collect();
    let missing = defined.iter().filter_map(|Defined { path, line, name, code }| {
        let row = format!("| [{code}](#{}) | `{name}` |", code.to_lowercase());
        let has_entry = explained.iter().any(|(_, explained)| explained == code);
        let message = format!("{code} {name} has no entry or row in {ENTRIES}");
        (!has_entry || !entries.contains(&row)).then(|| Violation::new(path, *line, RULE, message))
    });
    let unknown = explained.iter().filter_map(|(line, code)| {
        let is_defined = defined.iter().any(|defined| defined.code == *code);
        let message = format!("{code} is no code of {}", CODES.join(" or of "));
        (!is_defined).then(|| Violation::new(ENTRIES, *line, RULE, message))
    });
    missing.chain(unknown).collect()
}

/// A code where it is defined.
struct Defined<'t> {
    path: &'t str,
    line: usize,
    name: &'t str,
    code: &'t str,
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// `pub const NAME: &str = "P01";`
fn definition((line, text): (usize, &str)) -> Option<(usize, &str, &str)> {
    let (name, rest) = text.strip_prefix("pub const ")?.split_once(": &str = \"")?;
    Some((line, name, rest.strip_suffix("\";")?))
}

/// `## P01` or `## E01`
fn heading((line, text): (usize, &str)) -> Option<(usize, &str)> {
    let code = text.strip_prefix("## ")?;
    let digits = code.strip_prefix(['E', 'P'])?;
    let is_code = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some((line, code))
}

#[cfg(test)]
mod tests {
    use super::check;

    const ENGINE: &str = "/// Doc.\npub const GONE: &str = \"E01\";\n";
    const PLUGIN: &str = "/// Doc.\npub const LOST: &str = \"P01\";\n";
    const ENGINES_ENTRY: &str = "| [E01](#e01) | `GONE` | x |\n## E01\n";

    fn lines(entries: &str) -> Vec<String> {
        let entries = format!("{ENGINES_ENTRY}{entries}");
        let codes = [("engine", ENGINE), ("plugin", PLUGIN)];
        check(codes, &entries).into_iter().map(|found| found.to_string()).collect()
    }

    #[test]
    fn a_code_needs_its_entry_and_its_row() {
        assert_eq!(lines("| [P01](#p01) | `LOST` | x |\n## P01\n"), Vec::<String>::new());
        assert_eq!(lines("## P01\n").len(), 1);
        assert_eq!(lines("| [P01](#p01) | `LOST` | x |\n").len(), 1);
    }

    #[test]
    fn a_code_of_either_file_needs_its_entry() {
        let codes = [("engine", ENGINE), ("plugin", PLUGIN)];
        let found: Vec<String> =
            check(codes, "").into_iter().map(|found| found.to_string()).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("engine:2") && found[1].starts_with("plugin:2"), "{found:?}");
    }

    #[test]
    fn an_entry_needs_its_code() {
        let found = lines("| [P01](#p01) | `LOST` | x |\n## P01\n## P02\n## Phases\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("docs/errors.md:5"), "{found:?}");
    }
}
