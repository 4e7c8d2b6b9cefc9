//! Brings what is missing, once, and remembers why it could not.

use super::apt::Apt;
use super::install::install;
use super::sets::{self, Set};
use super::unpack::unpack;
use crate::services::kind::Kind;
use crate::services::report::Why;
use crate::services::{locale, place, program};
use std::env;
use std::fs::{self, File};
use std::path::PathBuf;
use std::thread;

/// Set to `1`, nothing is fetched.
const OFFLINE: &str = "ALUDEL_SERVICES_OFFLINE";

/// Fetches what `kinds` need and do not find. What cannot be had is told by [`missing`].
pub(crate) fn ensure(kinds: &[Kind]) -> Result<(), String> {
    if sets::lacking(kinds).is_empty() {
        compile_locale(kinds);
        return Ok(());
    }
    let path = place::cache()?.join("lock");
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let lock = File::create(&path).map_err(failed)?;
    if lock.try_lock().is_err() {
        eprintln!("waiting for another start that fetches packages");
        lock.lock().map_err(failed)?;
    }
    // The other start may have brought everything.
    let lacking = sets::lacking(kinds);
    if !lacking.is_empty() {
        fetch(&lacking)?;
    }
    compile_locale(kinds);
    Ok(())
}

fn compile_locale(kinds: &[Kind]) {
    if !kinds.iter().any(|kind| [Kind::Pg, Kind::PgHa].contains(kind)) {
        return;
    }
    if let Err(message) = locale::compile() {
        eprintln!("no translated messages: {message}");
    }
}

fn fetch(lacking: &[&Set]) -> Result<(), String> {
    if env::var_os(OFFLINE).is_some_and(|value| value == "1") {
        return note(lacking, &Err(format!("{OFFLINE} forbids fetching")));
    }
    if program::on_path("apt-get").is_none() {
        return note(lacking, &Err("this system has no apt to fetch it with".into()));
    }
    let root = place::effective_uid()? == 0;
    let (installed, unpacked): (Vec<&Set>, Vec<&Set>) =
        lacking.iter().partition(|set| root && set.installable);
    let (newer, release): (Vec<&Set>, Vec<&Set>) = unpacked.iter().partition(|set| set.newer);
    thread::scope(|scope| {
        let other = scope.spawn(|| unpack_all(&newer, true));
        // One after the other: what is missing depends on what gets installed.
        let installed = match installed.is_empty() {
            true => Ok(()),
            false => note(&installed, &install(&installed)),
        };
        let release = unpack_all(&release, false);
        let other = other.join().map_err(|_| "a fetching thread panicked".to_owned())?;
        installed.and(release).and(other)
    })
}

fn unpack_all(sets: &[&Set], newer: bool) -> Result<(), String> {
    if sets.is_empty() {
        return Ok(());
    }
    let apt = match Apt::private(newer).and_then(|apt| apt.update(false).map(|()| apt)) {
        Ok(apt) => apt,
        Err(message) => return note(sets, &Err(message)),
    };
    for set in sets {
        // Lists that are a day old may name packages that are gone.
        let result =
            unpack(set, &apt).or_else(|_| apt.update(true).and_then(|()| unpack(set, &apt)));
        note(&[set], &result)?;
    }
    Ok(())
}

/// Remembers what came of `sets`, for the keeper, which is another process.
fn note(sets: &[&Set], result: &Result<(), String>) -> Result<(), String> {
    for set in sets {
        let path = reason(set.name)?;
        match result {
            Ok(()) if path.exists() => fs::remove_file(&path),
            Ok(()) => Ok(()),
            Err(message) => {
                eprintln!("{}: {message}", set.name);
                fs::create_dir_all(path.parent().unwrap_or(&path))
                    .and_then(|()| fs::write(&path, message))
            }
        }
        .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn reason(set: &str) -> Result<PathBuf, String> {
    Ok(place::cache()?.join("failed").join(set))
}

/// Says that `what` is not there, and why the packages of `set` could not be fetched.
pub(crate) fn missing(what: &str, set: &str) -> Why {
    let why = reason(set).ok().and_then(|path| fs::read_to_string(path).ok());
    Why::Missing(match why {
        Some(why) => format!("{what} is not installed and cannot be fetched: {why}"),
        None => format!("{what} is not installed"),
    })
}
