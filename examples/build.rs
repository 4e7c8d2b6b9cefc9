//! Makes tests of the Rust in the pages of the documentation.

use std::path::{Path, PathBuf};
use std::{env, fs};

use aludel_test_markdown::{Page, tests_of};

const PAGES: [&str; 5] = [
    "README.md",
    "docs/guide/1-engine.md",
    "docs/guide/2-transactions.md",
    "docs/from-sqlalchemy.md",
    "docs/from-sqlx.md",
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let pages: Vec<Page> = PAGES.into_iter().map(read).collect();
    let out = env::var_os("OUT_DIR").map(PathBuf::from).expect("cargo sets it");
    fs::write(out.join("pages.rs"), tests_of(&pages)).expect("cargo's directory can be written");
}

fn read(path: &str) -> Page {
    let file = Path::new("..").join(path);
    println!("cargo:rerun-if-changed={}", file.display());
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"));
    let page = Page::parse(path, &text).unwrap_or_else(|reason| panic!("{reason}"));
    assert!(!page.pieces.is_empty(), "{path} has no Rust that could be tested");
    page
}
