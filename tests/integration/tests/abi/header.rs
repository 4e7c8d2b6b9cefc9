//! The C header: up to date, and clean in both languages.

use std::fs;

use aludel_tests::c::{Language, root};
use aludel_tests::header::generate;

#[test]
fn the_header_is_the_one_that_the_definitions_make() {
    let path = root().join("core/include/aludel.h");
    let made = generate();
    if std::env::var_os("ALUDEL_UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, &made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differing = committed.lines().zip(made.lines()).position(|(old, new)| old != new);
    assert!(
        committed == made,
        "core/include/aludel.h is out of date from line {} on: run `cargo xtask header`",
        differing.unwrap_or_else(|| committed.lines().count().min(made.lines().count())) + 1
    );
}

#[test]
fn the_header_compiles_as_c11_without_a_warning() {
    compiles(Language::C, "header.c");
}

#[test]
#[allow(clippy::print_stdout)] // the reason belongs into the output of the test
fn the_header_compiles_as_cpp17_without_a_warning() {
    if !Language::Cpp.is_there() {
        println!("skipped: there is no C++ compiler (CXX names one)");
        return;
    }
    compiles(Language::Cpp, "header.cpp");
}

/// Includes the header twice, and uses its macros as a plugin does.
fn compiles(language: Language, file: &str) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("aludel.h"), generate()).unwrap();
    let source = directory.path().join(file);
    fs::write(
        &source,
        "#include \"aludel.h\"\n#include \"aludel.h\"\n\
         ALUDEL_NOTE(\"{\" ALUDEL_NOTE_HEAD \",\\\"name\\\":\\\"x\\\"}\");\n\
         static const aludel_dialect_vt table = { sizeof(table), NULL, NULL };\n\
         const aludel_descriptor ALUDEL_PLUGIN = { ALUDEL_MAGIC, sizeof(aludel_descriptor), \
         ALUDEL_ABI_MAJOR, ALUDEL_ABI_MINOR, ALUDEL_LAYOUT_HASH, \
         ALUDEL_DESCRIPTOR_PANIC_UNWIND, ALUDEL_TEXT(\"{}\"), &table, NULL, { 0, 0, 0, 0 } };\n",
    )
    .unwrap();
    let object = directory.path().join("header.o");
    language.compile(&["-c", "-o", &object.to_string_lossy(), &source.to_string_lossy()]);
}
