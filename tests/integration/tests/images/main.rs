//! Plugin files as images: for other systems, and with needs that this one does or does not meet.

#[cfg(target_os = "linux")]
mod foreign;
mod inspect;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod needs;

use std::path::{Path, PathBuf};

/// The folder of libraries that were made for several systems.
fn fixtures() -> PathBuf {
    aludel_tests::c::root().join("tests/data/images")
}

/// The libraries there.
fn fixture_files() -> Vec<PathBuf> {
    let is_library = |path: &Path| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        matches!(extension, Some("so" | "dylib" | "dll"))
    };
    let entries = std::fs::read_dir(fixtures()).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| is_library(path))
        .collect();
    files.sort();
    assert_eq!(files.len(), 12, "{files:?}");
    files
}
