//! Why a database could not be opened, which SQLite tells as one code.

use std::fs::{File, metadata};
use std::io::ErrorKind as IoKind;
use std::path::Path;

use aludel::error::Error;
use rusqlite::ffi;

use crate::classify::class;
use crate::error::Failure;
use crate::location::Location;

/// The error of a connect, with the file and what is the matter with it.
pub(crate) fn explain(location: &Location, failure: Failure) -> Error {
    let Some(path) = &location.path else { return failure.into_error() };
    let (reason, help) = match failure.code & 0xff {
        ffi::SQLITE_CANTOPEN | ffi::SQLITE_PERM => look_at(Path::new(path), location.may_create()),
        ffi::SQLITE_NOTADB => (
            Some("file is not a database".to_owned()),
            Some("check the path; encrypted databases cannot be read either"),
        ),
        _ => (None, None),
    };
    let reason = reason.unwrap_or_else(|| failure.message.clone());
    let error = Error::new(
        class(failure.code, &failure.message),
        format!("cannot open SQLite database `{path}`: {reason}"),
    )
    .with_native_code(i64::from(failure.code));
    match help {
        Some(help) => error.with_help(help),
        None => error,
    }
}

fn look_at(path: &Path, may_create: bool) -> (Option<String>, Option<&'static str>) {
    match metadata(path) {
        Ok(found) if found.is_dir() => {
            (Some("it is a directory".to_owned()), Some("add the name of a file to the path"))
        }
        Ok(_) => match File::open(path) {
            Ok(_) => (None, None),
            Err(error) => (
                Some(error.to_string()),
                Some("check that it is a regular file and that you may read it"),
            ),
        },
        Err(error) if error.kind() == IoKind::NotFound => missing(path, may_create),
        Err(error) => (
            Some(error.to_string()),
            Some("check the permissions of the directories on the way to it"),
        ),
    }
}

fn missing(path: &Path, may_create: bool) -> (Option<String>, Option<&'static str>) {
    let parent = path.parent().unwrap_or(path);
    if !parent.is_dir() {
        let reason = format!("directory `{}` does not exist", parent.display());
        return (Some(reason), Some("create the directory first; SQLite creates only the file"));
    }
    if may_create {
        return (
            Some("the file cannot be created".to_owned()),
            Some("check the permissions of its directory"),
        );
    }
    let help = "check the path, or write mode=rwc to create the file";
    (Some("the file does not exist".to_owned()), Some(help))
}
