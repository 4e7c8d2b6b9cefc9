//! Rule: nothing is left over from debugging, nothing is unfinished, no test is switched off.

use super::source::Source;
use super::violation::Violation;

const RULE: &str = "left-overs";

/// Macros that mark debugging or unfinished code.
const MACROS: [&str; 3] = ["dbg", "todo", "unimplemented"];

/// Checks a Rust file.
pub(crate) fn check(path: &str, source: &Source<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for name in MACROS {
        for at in source.words(name) {
            if source.code[at + name.len()..].trim_start().starts_with('!') {
                let message = format!("`{name}!` must not be committed");
                violations.push(Violation::new(path, source.line(at), RULE, message));
            }
        }
    }
    for at in source.words("ignore") {
        let before = source.code[..at].trim_end();
        let attribute = before.rsplit("#[").next().unwrap_or_default();
        let conditional = attribute.starts_with("cfg_attr(") && !attribute.contains(']');
        if before.ends_with("#[") || (conditional && before.ends_with(',')) {
            let message = "a test that never runs shows nothing: repair or remove it";
            violations.push(Violation::new(path, source.line(at), RULE, message));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn lines(text: &str) -> Vec<usize> {
        check("a.rs", &Source::new(text)).iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn each_left_over_is_found_in_code() {
        assert_eq!(lines("fn f() {\n    dbg!(1);\n    todo !()\n}\n"), [2, 3]);
        assert_eq!(lines("fn f() { unimplemented!() }"), [1]);
        assert_eq!(lines("#[test]\n#[ignore = \"slow\"]\nfn f() {}"), [2]);
        assert_eq!(lines("#[cfg_attr(miri, ignore)]\nfn f() {}"), [1]);
    }

    #[test]
    fn words_in_comments_strings_and_names_are_clean() {
        assert_eq!(lines("// todo!()\nlet s = \"dbg!(x) #[ignore]\"; let todo = !ignore;"), NONE);
        assert_eq!(lines("#[cfg_attr(a, b)]\nfn f(a: u8, ignore: u8) {}"), NONE);
    }
}
