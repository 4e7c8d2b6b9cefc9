//! A directory with the SQLite plugin, and others that are libraries with a note and no dialect.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The name in the file that is compiled; the others have numbers of the same length.
const TEMPLATE: &str = "crowd_0000";

const SOURCE: &str = r#"
#include "aludel.h"
ALUDEL_NOTE("{" ALUDEL_NOTE_HEAD ",\"name\":\"crowd_0000\",\"version\":\"1.0\"}");
"#;

/// Makes the directory. Its notes are true, so that each has to be read.
pub(crate) fn directory(others: usize) -> TempDir {
    let dir = tempfile::tempdir().expect("there is a place for temporary files");
    let plugin = beside_this_program("sqlite");
    std::fs::copy(&plugin, dir.path().join(file_name("sqlite"))).expect("cargo built the plugin");
    if others > 0 {
        let template = compile(dir.path());
        for number in 0..others {
            let name = format!("crowd_{number:04}");
            std::fs::write(dir.path().join(file_name(&name)), renamed(&template, &name))
                .expect("the directory is our own");
        }
    }
    dir
}

fn file_name(name: &str) -> String {
    format!("{DLL_PREFIX}aludel_{name}{DLL_SUFFIX}")
}

fn beside_this_program(name: &str) -> PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    program.parent().expect("it lies in cargo's deps").join(file_name(name))
}

fn compile(dir: &Path) -> Vec<u8> {
    let (source, library) = (dir.join("crowd.c"), dir.join("crowd.so"));
    std::fs::write(&source, SOURCE).expect("the directory is our own");
    let include = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/include");
    let cc = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let status = Command::new(cc)
        .args(["-shared", "-fPIC", "-I", include, "-o"])
        .args([&library, &source])
        .status();
    assert!(status.is_ok_and(|status| status.success()), "a C compiler is needed");
    std::fs::read(library).expect("the compiler wrote it")
}

fn renamed(template: &[u8], name: &str) -> Vec<u8> {
    let (old, new) = (TEMPLATE.as_bytes(), name.as_bytes());
    let mut bytes = template.to_vec();
    let places: Vec<usize> = (0..bytes.len() - old.len())
        .filter(|at| bytes[*at] == old[0] && bytes[*at..].starts_with(old))
        .collect();
    assert!(!places.is_empty(), "the name stands in the note");
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(new);
    }
    bytes
}
