//! Rule: no code in core names a dialect; what differs between them is an answer of the dialect.

use super::regions::test_regions;
use super::source::Source;
use super::violation::Violation;

const RULE: &str = "dialect names";

const NAMES: [&str; 6] = ["sqlite", "postgresql", "postgres", "mysql", "mariadb", "odbc"];

/// Checks a Rust file of core; the alias table is data, and tests may name what they use.
pub(crate) fn check(path: &str, source: &Source<'_>) -> Vec<Violation> {
    let exempt = path == "core/src/plugin/find/alias.rs" || path.ends_with("/tests.rs");
    if !path.starts_with("core/src/") || exempt {
        return Vec::new();
    }
    let tests = test_regions(source);
    source
        .literals
        .iter()
        .filter(|literal| NAMES.contains(&literal.content))
        .filter(|literal| !tests.iter().any(|region| region.contains(&literal.range.start)))
        .map(|literal| {
            let message = format!(
                "core does not know {:?}: ask the dialect, or move data to plugin/alias.rs",
                literal.content
            );
            Violation::new(path, source.line(literal.range.start), RULE, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(path, &Source::new(text)).iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn a_branch_on_a_name_is_found() {
        let text = "fn f(name: &str) {\n    if name == \"sqlite\" || name == r\"mysql\" {}\n}";
        assert_eq!(lines("core/src/engine/a.rs", text), [2, 2]);
        assert_eq!(lines("core/src/plugin/find/alias.rs", text), NONE);
        assert_eq!(lines("cli/src/main.rs", text), NONE);
    }

    #[test]
    fn docs_longer_texts_and_tests_are_clean() {
        let text = "/// Such as \"sqlite\".\nconst HELP: &str = \"try sqlite:///x\";\n\
                    #[cfg(test)]\nmod tests {\n    const N: &str = \"sqlite\";\n}\n";
        assert_eq!(lines("core/src/url/mod.rs", text), NONE);
        assert_eq!(lines("core/src/url/tests.rs", "const N: &str = \"odbc\";"), NONE);
    }
}
