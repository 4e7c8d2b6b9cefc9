//! Puts the rules together and prints what they find.

use super::layers::Reexports;
use super::source::Source;
use super::tree::Tree;
use super::violation::Violation;
use super::{
    dialect_names, error_codes, file_names, layers, leftovers, links, manifests, module_docs,
    roots, size, text, unsafe_code,
};
use crate::steps::{Outcome, Steps};
use std::path::Path;

/// Texts that people write; recorded data keeps the bytes that it was recorded with.
const WRITTEN: [&str; 7] = ["rs", "toml", "md", "c", "h", "sh", "run"];

/// Checks the whole repository as one step.
pub(crate) fn run(steps: &mut Steps) {
    steps.check("tidy", check);
}

fn check(root: &Path) -> Outcome {
    let tree = match Tree::read(root) {
        Ok(tree) => tree,
        Err(error) => return Outcome::Failed(format!("cannot read {}: {error}", root.display())),
    };
    let violations = violations(&tree);
    for violation in &violations {
        println!("{violation}");
    }
    let failed = violations.iter().filter(|violation| !violation.warning).count();
    println!("{} files, {failed} violations", tree.files.len());
    match failed {
        0 => Outcome::Passed,
        count => Outcome::Failed(format!("{count} violations, listed above")),
    }
}

fn violations(tree: &Tree) -> Vec<Violation> {
    let lib = tree.files.iter().find(|(path, _)| path == "core/src/lib.rs");
    let lib = Source::new(lib.map_or("", |(_, text)| text));
    let reexports = Reexports::read(&lib);
    let exists = |path: &str| tree.contains(path);
    let mut found = Vec::new();
    for (path, content) in &tree.files {
        let extension = path.rsplit(['.', '/']).next().unwrap_or_default();
        found.extend(text::outside(path, content));
        found.extend(file_names::check(path));
        match extension {
            "rs" => found.extend(rust(path, content, &reexports)),
            "toml" if path.ends_with("Cargo.toml") => found.extend(manifests::check(path, content)),
            "md" => found.extend(links::check(path, content, &exists)),
            "c" | "h" => found.extend(size::check(path, content)),
            _ => {}
        }
        if WRITTEN.contains(&extension) && extension != "rs" {
            found.extend(text::trailing_whitespace(path, content, None));
        }
    }
    let text = |wanted: &str| {
        let file = tree.files.iter().find(|(path, _)| path == wanted);
        file.map_or("", |(_, text)| text.as_str())
    };
    let codes = error_codes::CODES.map(|path| (path, text(path)));
    found.extend(error_codes::check(codes, text(error_codes::ENTRIES)));
    found
}

fn rust(path: &str, content: &str, reexports: &Reexports) -> Vec<Violation> {
    let source = Source::new(content);
    let mut found = module_docs::check(path, content);
    found.extend(unsafe_code::check(path, &source));
    found.extend(layers::check(path, &source, reexports));
    found.extend(dialect_names::check(path, &source));
    found.extend(leftovers::check(path, &source));
    found.extend(roots::check(path, &source));
    found.extend(size::check(path, content));
    found.extend(text::trailing_whitespace(path, content, Some(&source)));
    found
}
