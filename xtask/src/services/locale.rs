//! A second language for messages, compiled into a folder of its own.

use super::place;
use super::program;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The locale in which PostgreSQL answers the user of translated messages.
pub(crate) const NAME: &str = "de_DE.UTF-8";

/// Where the C library looks for locales; `None` when [`NAME`] could not be compiled.
pub(crate) fn search_path() -> Option<OsString> {
    let own = folder().ok()?;
    let found = own.join(NAME).join("LC_MESSAGES").is_dir();
    // The system's own folder has C.UTF-8.
    let folders = [own, PathBuf::from("/usr/lib/locale")];
    found.then(|| env::join_paths(folders).ok()).flatten()
}

/// Compiles the locale, if it is not there yet.
pub(crate) fn compile() -> Result<(), String> {
    if search_path().is_some() {
        return Ok(());
    }
    let compiler = program::on_path("localedef").ok_or("localedef is not installed")?;
    let sources = sources().ok_or("the sources of locales are not installed")?;
    let folder = folder()?;
    let path = folder.join(NAME);
    fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let output = Command::new(compiler.path())
        .stdin(Stdio::null())
        .args(["--no-archive", "-i", "de_DE", "-f", "UTF-8"])
        .arg(&path)
        .env("I18NPATH", &sources)
        .output()
        .map_err(|error| format!("cannot run localedef: {error}"))?;
    if search_path().is_some() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("localedef made no {NAME} from {}: {said}", sources.display()))
}

/// The folder with the sources of locales.
pub(crate) fn sources() -> Option<PathBuf> {
    program::roots("locale").map(|root| root.join("usr/share/i18n")).find(|folder| complete(folder))
}

fn complete(folder: &Path) -> bool {
    let charmap = ["charmaps/UTF-8.gz", "charmaps/UTF-8"];
    folder.join("locales/de_DE").is_file() && charmap.iter().any(|name| folder.join(name).is_file())
}

fn folder() -> Result<PathBuf, String> {
    Ok(place::cache()?.join("locale"))
}
