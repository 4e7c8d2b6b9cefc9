//! `cargo xtask tidy`: the invariants of docs/architecture.md that a reader of files can check.
//!
//! Each rule is a function from a file's path and text to its violations, and knows nothing of the
//! disk; [`run()`] reads the repository and puts the rules together.

mod dialect_names;
mod error_codes;
mod file_names;
mod layers;
mod leftovers;
mod links;
mod manifest;
mod manifests;
mod module_docs;
mod regions;
mod roots;
mod run;
mod size;
mod source;
mod text;
mod tree;
mod unsafe_code;
mod use_tree;
mod violation;

pub(crate) use run::run;
