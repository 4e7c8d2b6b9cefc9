//! Rule: a file or a folder has the name of its idea, not of its having none.

use super::violation::Violation;

const RULE: &str = "file name";

/// Names under which anything could stand, and in time does.
const REFUSED: [&str; 7] = ["common", "helper", "helpers", "misc", "util", "utilities", "utils"];

/// Checks the path of any file.
pub(crate) fn check(path: &str) -> Option<Violation> {
    let stems = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    let refused = stems.into_iter().find(|stem| REFUSED.contains(stem))?;
    let message = format!("`{refused}` says nothing of what is inside: name the idea");
    Some(Violation::new(path, 1, RULE, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_nothing_are_refused_of_files_and_of_folders() {
        for path in ["core/src/utils.rs", "tests/common/mod.rs", "benches/src/misc.rs"] {
            assert!(check(path).is_some(), "{path}");
        }
        let message = check("cli/src/helpers.rs").unwrap().to_string();
        let expected = "cli/src/helpers.rs:1: file name: `helpers` says nothing of what is inside: name the idea";
        assert_eq!(message, expected);
    }

    #[test]
    fn names_that_only_contain_such_a_word_pass() {
        for path in ["core/src/common_table.rs", "docs/utility.md", "core/src/error/mod.rs"] {
            assert_eq!(check(path), None, "{path}");
        }
    }
}
