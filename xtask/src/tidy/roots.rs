//! Rule: `lib.rs` and `mod.rs` hold docs, modules and re-exports, and no function with a body.
//!
//! Procedural macros must stand in the root of their crate and are let through.

use super::regions::block;
use super::source::Source;
use super::violation::Violation;

const RULE: &str = "module roots";

/// Checks a Rust file, if it is the root of a crate or of a module.
pub(crate) fn check(path: &str, source: &Source<'_>) -> Vec<Violation> {
    let file = path.rsplit('/').next().unwrap_or(path);
    if file != "lib.rs" && file != "mod.rs" {
        return Vec::new();
    }
    let macros: Vec<_> = source
        .words("macro_rules")
        .into_iter()
        .filter_map(|at| block(&source.code, at + source.code[at..].find(['{', '('])?))
        .collect();
    source
        .words("fn")
        .into_iter()
        .filter(|at| !macros.iter().any(|region| region.contains(at)))
        .filter(|at| has_body(&source.code[at + "fn".len()..]))
        .filter(|at| !is_procedural_macro(&source.code[..*at]))
        .map(|at| {
            let message =
                format!("{file} holds no logic: move this function into a file of its own");
            Violation::new(path, source.line(at), RULE, message)
        })
        .collect()
}

/// Whether what follows `fn` is a named function with a body, and not a type or a declaration.
fn has_body(rest: &str) -> bool {
    let named = rest.trim_start().starts_with(|c: char| c.is_alphabetic() || c == '_');
    named && rest.find(['{', ';']).is_some_and(|at| rest[at..].starts_with('{'))
}

/// Whether what stands before `fn` ends with the attribute of a procedural macro.
fn is_procedural_macro(before: &str) -> bool {
    let attribute = before.trim_end().strip_suffix("pub").map(str::trim_end);
    let attribute = attribute.and_then(|before| before.rsplit_once("#[")).map(|(_, last)| last);
    attribute.is_some_and(|attribute| attribute.starts_with("proc_macro"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(path, &Source::new(text)).iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn a_function_with_a_body_is_found_in_a_root_only() {
        let text = "//! Docs.\nmod a;\nimpl A {\n    fn f() {}\n}\n";
        assert_eq!(lines("core/src/a/mod.rs", text), [4]);
        assert_eq!(lines("core/src/lib.rs", text), [4]);
        assert_eq!(lines("core/src/a.rs", text), NONE);
    }

    #[test]
    fn procedural_macros_are_clean_and_their_neighbours_are_not() {
        let text = "#[proc_macro_derive(A, attributes(b))]\npub fn a(i: T) -> T {\n}\nfn b() {}\n";
        assert_eq!(lines("lib.rs", text), [4]);
    }

    #[test]
    fn docs_modules_aliases_and_macros_are_clean() {
        let text = "//! fn f() {}\nmod a;\npub use a::B;\npub type F = fn(u8) -> u8;\n\
                    macro_rules! m { () => { fn g() {} } }\npub trait T { fn h(&self); }\n";
        assert_eq!(lines("lib.rs", text), NONE);
    }
}
