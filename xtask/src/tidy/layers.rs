//! Rule: inside core a file mentions only modules of its own layer or of a lower one.

use super::regions::block;
use super::source::Source;
use super::use_tree::unfold;
use super::violation::Violation;
use std::collections::HashMap;

const RULE: &str = "layers";

/// The layers of core from the lowest to the highest.
const LAYERS: [&[&str]; 5] = [
    &["error", "url", "value", "dbapi", "dialect", "abi"],
    &["plugin", "pool", "echo", "text"],
    &["engine"],
    &["result"],
    &["inspect"],
];

/// Names that core's root re-exports, with the module that each comes from.
///
/// Without it `crate::Engine` would pass where `crate::engine::Engine` does not.
pub(crate) struct Reexports(HashMap<String, String>);

impl Reexports {
    /// Reads core/src/lib.rs.
    pub(crate) fn read(lib: &Source<'_>) -> Self {
        let mut names = HashMap::new();
        for at in lib.words("use") {
            let Some(end) = lib.code[at..].find(';') else {
                continue;
            };
            for path in unfold(&lib.code[at + "use".len()..at + end]) {
                let local = ["crate", "self"].contains(&path.segments[0].as_str());
                if let Some(module) = path.segments.get(usize::from(local)) {
                    names.insert(path.name, module.clone());
                }
            }
        }
        Self(names)
    }

    fn module<'a>(&'a self, name: &'a str) -> &'a str {
        if layer(name).is_some() { name } else { self.0.get(name).map_or(name, String::as_str) }
    }
}

/// Checks a Rust file of core.
pub(crate) fn check(path: &str, source: &Source<'_>, reexports: &Reexports) -> Vec<Violation> {
    let Some(inside) = path.strip_prefix("core/src/") else {
        return Vec::new();
    };
    let own = inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs");
    let Some(own_layer) = layer(own) else {
        return Vec::new();
    };
    mentions(inside, source)
        .into_iter()
        .filter_map(|(at, name)| {
            let module = reexports.module(&name);
            let above = layer(module).is_some_and(|other| other > own_layer);
            let message = format!("`{own}` stands below `{module}` and must not mention it");
            above.then(|| Violation::new(path, source.line(at), RULE, message))
        })
        .collect()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// What stands behind `crate::` and behind as many `super::` as lead to the root.
fn mentions(inside: &str, source: &Source<'_>) -> Vec<(usize, String)> {
    let code = &source.code;
    let mut found = Vec::new();
    for at in source.words("crate") {
        if let Some(rest) = code[at + "crate".len()..].strip_prefix("::") {
            found.extend(names(code, code.len() - rest.len()).into_iter().map(|name| (at, name)));
        }
    }
    let file = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    let to_root = "super::".repeat(file.split('/').count());
    for (at, _) in code.match_indices(&to_root) {
        found.extend(names(code, at + to_root.len()).into_iter().map(|name| (at, name)));
    }
    found
}

/// The first segments of the path, or of each branch of the group, that begins at `start`.
fn names(code: &str, start: usize) -> Vec<String> {
    let group = block(code, start).filter(|_| code[start..].starts_with('{'));
    let tree = match group {
        Some(range) => &code[range],
        None => {
            code[start..].split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")
        }
    };
    let first = unfold(tree).into_iter().filter_map(|path| path.segments.into_iter().next());
    let mut names: Vec<String> = first.collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: &str = "pub mod engine;\npub use engine::{Engine, Connection as Conn};\n\
                       pub use error::Error;\n";

    fn messages(path: &str, text: &str) -> Vec<String> {
        let reexports = Reexports::read(&Source::new(LIB));
        let found = check(path, &Source::new(text), &reexports);
        found.into_iter().map(|violation| violation.to_string()).collect()
    }

    fn clean(path: &str, text: &str) {
        assert_eq!(messages(path, text), Vec::<String>::new(), "{path}");
    }

    #[test]
    fn a_lower_layer_must_not_mention_a_higher_one() {
        assert_eq!(
            messages("core/src/url/parse.rs", "//! A.\nuse crate::engine::Engine;"),
            [
                "core/src/url/parse.rs:2: layers: `url` stands below `engine` and must not mention it"
            ]
        );
        assert_eq!(messages("core/src/error.rs", "fn f(p: crate::plugin::Note) {}").len(), 1);
        assert_eq!(messages("core/src/plugin/load.rs", "use crate::result::Row;").len(), 1);
        assert_eq!(messages("core/src/engine/a.rs", "use crate::result::Row;").len(), 1);
        assert_eq!(messages("core/src/abi/a.rs", "m!($crate::pool::Pool)").len(), 1);
    }

    #[test]
    fn a_higher_layer_may_mention_a_lower_one_and_its_own() {
        clean("core/src/engine/a.rs", "use crate::{plugin::load, error::Error};");
        clean("core/src/result/a.rs", "use crate::engine::Connection;");
        clean("core/src/abi/a.rs", "use crate::dbapi::Connection;\n// crate::engine is above.");
        clean("core/src/lib.rs", "use crate::engine::Engine;");
        clean("cli/src/main.rs", "use crate::engine::Engine;");
    }

    #[test]
    fn groups_and_paths_through_super_are_seen() {
        let group = "use crate::{\n    error::Error,\n    engine::{Engine, Options},\n};";
        assert_eq!(messages("core/src/value/a.rs", group).len(), 1);
        assert_eq!(messages("core/src/value/a.rs", "use super::super::engine::Engine;").len(), 1);
        assert_eq!(messages("core/src/value/mod.rs", "use super::engine::Engine;").len(), 1);
        clean("core/src/value/a.rs", "use super::engine::Engine;");
    }

    #[test]
    fn names_that_the_root_re_exports_count_as_their_module() {
        assert_eq!(messages("core/src/value/a.rs", "use crate::{Error, Conn};").len(), 1);
        assert_eq!(messages("core/src/value/a.rs", "fn f(e: &crate::Engine) {}").len(), 1);
        clean("core/src/value/a.rs", "use crate::{Error, Result};");
    }
}
