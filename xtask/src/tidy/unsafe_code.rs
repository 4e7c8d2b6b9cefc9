//! Rule: `unsafe` stands only where a C interface is met, and says why it is sound.

use super::source::{Comment, Source};
use super::violation::Violation;

const RULE: &str = "unsafe";

/// Where the keyword may stand; in tests and benches only where a C interface is called.
const ALLOWED: [&str; 9] = [
    "core/src/abi/",
    "core/src/plugin/load.rs",
    // One compare-and-swap out, one in: what lies in a slot is owned by a number in a word.
    "core/src/pool/gate/packed.rs",
    "core/src/pool/gate/seat.rs",
    // Reads a place of the source code that another thread stored as a pointer.
    "core/src/pool/place.rs",
    "dialects/sqlite/",
    "dialects/odbc/",
    "tests/",
    "benches/",
];

/// Crates without unsafe code, which must say so to the compiler.
const SAFE_ROOTS: [&str; 6] = [
    "cli/src/main.rs",
    "cli/src/lib.rs",
    "core/derive/src/lib.rs",
    "fuzz/src/lib.rs",
    "xtask/src/main.rs",
    "dialects/",
];

/// Lines that may stand between the comment and the keyword: the head of a long statement.
const REACH: usize = 4;

/// Checks a Rust file.
pub(crate) fn check(path: &str, source: &Source<'_>) -> Vec<Violation> {
    let allowed = ALLOWED.iter().any(|prefix| path.starts_with(prefix));
    let mut violations = Vec::from_iter(forbids(path, source, allowed));
    for at in source.words("unsafe") {
        let line = source.line(at);
        if !allowed {
            let message = "unsafe code is confined to the ABI, the loader, the pool's queue and the C dialects";
            violations.push(Violation::new(path, line, RULE, message));
            continue;
        }
        if let Some(message) = undocumented(source, at, line) {
            violations.push(Violation::new(path, line, RULE, message));
        }
    }
    violations
}

/// Crate roots where unsafe code has no place carry the attribute that the compiler enforces.
fn forbids(path: &str, source: &Source<'_>, allowed: bool) -> Option<Violation> {
    let is_root = SAFE_ROOTS.iter().any(|root| match root.strip_suffix('/') {
        Some(_) => path.starts_with(root) && path.ends_with("/src/lib.rs"),
        None => path == *root,
    });
    let missing = is_root && !allowed && !source.code.contains("#![forbid(unsafe_code)]");
    missing.then(|| Violation::new(path, 1, RULE, "`#![forbid(unsafe_code)]` is missing"))
}

/// What is missing above the keyword at `at`, if anything is.
fn undocumented(source: &Source<'_>, at: usize, line: usize) -> Option<&'static str> {
    let rest = source.code[at + "unsafe".len()..].trim_start();
    let block = match rest.strip_prefix("extern") {
        Some(foreign) => foreign.trim_start_matches([' ', '\n', '"']).starts_with('{'),
        None => rest.starts_with('{') || starts_with_word(rest, "impl") || rest.starts_with('('),
    };
    if block {
        return (!has_safety_comment(source, line))
            .then_some("no `// SAFETY:` comment directly above");
    }
    let before = source.code[..at].trim_end();
    let public = before.ends_with("pub");
    (public && declares_fn(rest) && !has_safety_docs(source, line))
        .then_some("a public unsafe function needs a `# Safety` section in its docs")
}

fn starts_with_word(rest: &str, word: &str) -> bool {
    rest.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '<', '\n']))
}

/// Whether a function is declared here; a function type has no name.
fn declares_fn(rest: &str) -> bool {
    let rest = rest.strip_prefix("extern").unwrap_or(rest).trim_start_matches([' ', '"', '\n']);
    rest.strip_prefix("fn ").is_some_and(|name| !name.trim_start().starts_with('('))
}

/// Comments on consecutive lines count as one; it has to end on the line or a few lines above.
fn has_safety_comment(source: &Source<'_>, line: usize) -> bool {
    runs(&source.comments).iter().any(|run| {
        let last = run.last().map_or(0, |comment| comment.last_line);
        let said = run
            .iter()
            .any(|comment| comment.first_line <= line && comment.text.contains("SAFETY:"));
        said && last + REACH >= line && run[0].first_line <= line
    })
}

fn runs<'c, 't>(comments: &'c [Comment<'t>]) -> Vec<&'c [Comment<'t>]> {
    comments.chunk_by(|one, next| one.last_line + 1 == next.first_line).collect()
}

/// Docs stand above the attributes, so the nearest run of docs above the line is the item's.
fn has_safety_docs(source: &Source<'_>, line: usize) -> bool {
    let docs: Vec<&Comment<'_>> = source
        .comments
        .iter()
        .filter(|comment| comment.text.starts_with("///") || comment.text.starts_with("/**"))
        .filter(|comment| comment.last_line < line)
        .collect();
    let Some(last) = docs.last() else {
        return false;
    };
    let near = last.last_line + REACH >= line;
    let mut expected = last.last_line;
    let own = docs.iter().rev().take_while(|comment| {
        let joined = comment.last_line == expected;
        expected = comment.first_line.saturating_sub(1);
        joined
    });
    near && own.into_iter().any(|comment| comment.text.contains("# Safety"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn found(path: &str, text: &str) -> Vec<usize> {
        check(path, &Source::new(text)).iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn the_keyword_is_confined_to_the_listed_folders() {
        let text = "// SAFETY: alive.\nunsafe { f() }";
        assert_eq!(found("core/src/engine/a.rs", text), [2]);
        assert_eq!(found("core/src/plugin/check/verify.rs", text), [2]);
        for path in ["core/src/abi/a.rs", "core/src/plugin/load.rs", "tests/tests/c.rs"] {
            assert_eq!(found(path, text), NONE, "{path}");
        }
        assert_eq!(found("core/src/engine/a.rs", "// unsafe\nlet s = \"unsafe {\";"), NONE);
    }

    #[test]
    fn blocks_impls_and_foreign_blocks_need_a_safety_comment() {
        let path = "core/src/abi/a.rs";
        assert_eq!(found(path, "let x = unsafe { f() };"), [1]);
        assert_eq!(found(path, "unsafe impl Send for A {}"), [1]);
        assert_eq!(found(path, "unsafe impl<T> Send for A<T> {}"), [1]);
        assert_eq!(found(path, "unsafe extern \"C\" {\n fn f();\n}"), [1]);
        assert_eq!(found(path, "let s = \"// SAFETY: no\";\nunsafe { f() }"), [2]);
        assert_eq!(found(path, "// SAFETY: far away.\n\n\n\n\n\nunsafe { f() }"), [7]);
        assert_eq!(found(path, "unsafe { f() }\n// SAFETY: below."), [1]);
    }

    #[test]
    fn a_safety_comment_may_run_over_lines_and_stand_above_a_long_statement() {
        let path = "core/src/abi/a.rs";
        assert_eq!(found(path, "// SAFETY: a\n// b\n// c\nlet x =\n    unsafe { f() };"), NONE);
        assert_eq!(found(path, "f(unsafe { g() }); // SAFETY: the handle is open."), NONE);
        assert_eq!(found(path, "// SAFETY: no state.\nunsafe impl Send for A {}"), NONE);
    }

    #[test]
    fn declarations_and_types_need_no_safety_comment() {
        let path = "core/src/abi/a.rs";
        assert_eq!(found(path, "unsafe fn f() {}\ntype F = unsafe extern \"C\" fn(u8);"), NONE);
        assert_eq!(found(path, "pub f: unsafe extern \"C\" fn(u8),"), NONE);
    }

    #[test]
    fn a_public_unsafe_function_documents_what_it_asks_for() {
        let path = "core/src/abi/a.rs";
        let with = "/// Reads.\n///\n/// # Safety\n/// Alive.\n#[inline]\npub unsafe fn f() {}";
        assert_eq!(found(path, with), NONE);
        assert_eq!(found(path, "/// Reads.\npub unsafe extern \"C\" fn f() {}"), [2]);
        assert_eq!(
            found(path, "/// # Safety\n/// A.\npub fn a() {}\n/// B.\npub unsafe fn f() {}"),
            [5]
        );
        assert_eq!(found(path, "pub(crate) unsafe fn f() {}"), NONE);
    }

    #[test]
    fn roots_of_safe_crates_forbid_unsafe_code() {
        assert_eq!(found("cli/src/main.rs", "//! A.\nfn main() {}"), [1]);
        assert_eq!(found("dialects/mysql/src/lib.rs", "//! A."), [1]);
        assert_eq!(found("dialects/mysql/src/lib.rs", "//! A.\n#![forbid(unsafe_code)]"), NONE);
        assert_eq!(found("dialects/sqlite/src/lib.rs", "//! A."), NONE);
    }
}
