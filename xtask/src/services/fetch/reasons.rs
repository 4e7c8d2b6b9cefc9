//! Why packages could not be fetched, remembered for the keeper, which is another process.

use super::sets::Set;
use crate::services::place;
use crate::services::report::Why;
use std::fs;
use std::path::PathBuf;

/// Remembers what came of `set`.
pub(super) fn note(set: &Set, result: &Result<(), String>) -> Result<(), String> {
    let path = file(set.name)?;
    match result {
        Ok(()) if path.exists() => fs::remove_file(&path),
        Ok(()) => Ok(()),
        Err(message) => {
            eprintln!("{}: {message}", set.name);
            fs::create_dir_all(path.parent().unwrap_or(&path))
                .and_then(|()| fs::write(&path, message))
        }
    }
    .map_err(|error| format!("{}: {error}", path.display()))
}

/// Says that `what` is not there, and why the packages of `set` could not be fetched.
pub(crate) fn missing(what: &str, set: &str) -> Why {
    let why = file(set).ok().and_then(|path| fs::read_to_string(path).ok());
    Why::Missing(match why {
        Some(why) => format!("{what} is not installed and cannot be fetched: {why}"),
        None => format!("{what} is not installed"),
    })
}

fn file(set: &str) -> Result<PathBuf, String> {
    Ok(place::cache()?.join("failed").join(set))
}
