//! Lays out the files of the tarball, with their modes whatever the umask is.

use super::build::Built;
use super::links::outward;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is documentation, from the repository's root.
const DOCUMENTS: [&str; 5] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "docs"];

/// Makes the tree anew and returns the program and the plugins in it.
pub(crate) fn lay_out(root: &Path, built: &Built, tree: &Path) -> Result<Vec<PathBuf>, String> {
    let made = make(root, built, tree);
    let binaries = made.map_err(|fault| format!("cannot make {}: {fault}", tree.display()))?;
    binaries.iter().try_for_each(|binary| strip(binary))?;
    set_modes(tree, &binaries).map_err(|fault| format!("cannot set modes: {fault}"))?;
    Ok(binaries)
}

fn make(root: &Path, built: &Built, tree: &Path) -> io::Result<Vec<PathBuf>> {
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    let mut binaries = vec![copy_into(&built.program, &tree.join("bin"))?];
    for plugin in &built.plugins {
        binaries.push(copy_into(plugin, &tree.join("lib/aludel"))?);
    }
    copy_into(&root.join("core/include/aludel.h"), &tree.join("include"))?;
    fs::create_dir_all(tree.join("share/doc/aludel"))?;
    for document in DOCUMENTS {
        copy_document(root, Path::new(document), &tree.join("share/doc/aludel"))?;
    }
    Ok(binaries)
}

fn copy_into(file: &Path, folder: &Path) -> io::Result<PathBuf> {
    let copy = folder.join(file.file_name().unwrap_or_default());
    fs::create_dir_all(folder)?;
    fs::copy(file, &copy).map_err(|fault| named(file, &fault))?;
    Ok(copy)
}

/// Copies a document, or a folder of them; links that lead out of the tarball are made to lead into
/// the repository.
fn copy_document(root: &Path, document: &Path, folder: &Path) -> io::Result<()> {
    let (source, copy) = (root.join(document), folder.join(document));
    if source.is_dir() {
        fs::create_dir_all(&copy)?;
        for entry in fs::read_dir(&source).map_err(|fault| named(&source, &fault))? {
            copy_document(root, &document.join(entry?.file_name()), folder)?;
        }
        return Ok(());
    }
    if document.extension().is_some_and(|extension| extension == "md") {
        let text = fs::read_to_string(&source).map_err(|fault| named(&source, &fault))?;
        let is_packed = |path: &Path| DOCUMENTS.iter().any(|packed| path.starts_with(packed));
        return fs::write(&copy, outward(&text, document, is_packed));
    }
    fs::copy(&source, &copy).map(drop).map_err(|fault| named(&source, &fault))
}

fn named(path: &Path, fault: &io::Error) -> io::Error {
    io::Error::new(fault.kind(), format!("{}: {fault}", path.display()))
}

/// Takes symbols and debugging information out; what the loader needs stays, and the note too.
fn strip(binary: &Path) -> Result<(), String> {
    let status = Command::new("strip").arg("--strip-all").arg(binary).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("strip {} ended with {status}", binary.display())),
        Err(fault) => Err(format!("cannot start strip: {fault}")),
    }
}

#[cfg(unix)]
fn set_modes(path: &Path, binaries: &[PathBuf]) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            set_modes(&entry?.path(), binaries)?;
        }
    }
    let is_open = path.is_dir() || binaries.iter().any(|binary| binary == path);
    fs::set_permissions(path, fs::Permissions::from_mode(if is_open { 0o755 } else { 0o644 }))
}

#[cfg(not(unix))]
fn set_modes(_: &Path, _: &[PathBuf]) -> io::Result<()> {
    Ok(())
}
