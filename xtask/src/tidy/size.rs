//! Rule: a file that is long holds more than one idea.

use super::violation::Violation;

const RULE: &str = "file size";

/// A file above this is asked about.
const ASK: usize = 400;
/// A file above this fails.
const FAIL: usize = 600;
/// Tests and benches may be longer, since they are lists.
const FAIL_TESTS: usize = 1000;

/// Counts the lines of a source file; generated ones say `@generated` near their beginning.
pub(crate) fn check(path: &str, text: &str) -> Vec<Violation> {
    if text.lines().take(5).any(|line| line.contains("@generated")) {
        return Vec::new();
    }
    let in_tests = path.split('/').any(|part| matches!(part, "tests" | "benches" | "tests.rs"));
    let limit = if in_tests { FAIL_TESTS } else { FAIL };
    let lines = text.lines().count();
    if lines > limit {
        let message = format!("{lines} lines, at most {limit}: split it");
        return vec![Violation::new(path, limit + 1, RULE, message)];
    }
    if lines > ASK && !in_tests {
        let message = format!("{lines} lines: does it hold one idea? ({FAIL} fail)");
        return vec![Violation { warning: true, ..Violation::new(path, ASK + 1, RULE, message) }];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [bool; 0] = [];

    fn warnings(path: &str, lines: usize) -> Vec<bool> {
        check(path, &"x\n".repeat(lines)).iter().map(|violation| violation.warning).collect()
    }

    #[test]
    fn a_file_is_asked_about_first_and_fails_later() {
        assert_eq!(warnings("core/src/a.rs", 400), NONE);
        assert_eq!(warnings("core/src/a.rs", 401), [true]);
        assert_eq!(warnings("core/src/a.rs", 600), [true]);
        assert_eq!(warnings("core/src/a.rs", 601), [false]);
    }

    #[test]
    fn tests_may_be_longer() {
        assert_eq!(warnings("tests/tests/a.rs", 1000), NONE);
        assert_eq!(warnings("core/src/url/tests.rs", 1001), [false]);
        assert_eq!(warnings("benches/benches/rows.rs", 1001), [false]);
    }

    #[test]
    fn generated_files_are_exempt() {
        let text = format!("//! Codes.\n// @generated\n{}", "x\n".repeat(2000));
        assert_eq!(check("core/src/a.rs", &text), []);
    }
}
