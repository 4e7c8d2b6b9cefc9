//! What a verb is asked about: a URL, the name of a dialect, or a file.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use aludel::plugin::Scheme;
use aludel::{Error, ErrorKind, Result, Url};

/// What a verb is asked about.
pub(super) enum Subject {
    /// Text with `://`.
    Url(Url),
    /// Letters, digits, `_`, `-` and `+`: what could be a scheme.
    Name(Url),
    /// Anything else, as an absolute path.
    File(PathBuf),
}

impl Subject {
    /// # Errors
    /// `Url` when text with `://` is no URL, `Io` for a file that is not there.
    pub(super) fn of(given: &OsStr) -> Result<Subject> {
        let Some(text) = given.to_str() else { return Ok(Subject::File(file(given.as_ref())?)) };
        if text.contains("://") {
            return Ok(Subject::Url(text.parse()?));
        }
        match Scheme::parse(text) {
            Ok(scheme) => Ok(Subject::Name(format!("{}://", scheme.as_str()).parse()?)),
            Err(_) => Ok(Subject::File(file(given.as_ref())?)),
        }
    }
}

/// The absolute path of a file that is given as an argument.
///
/// # Errors
/// `Io` when nothing is there: nothing was refused then.
pub(super) fn file(given: &Path) -> Result<PathBuf> {
    use io::ErrorKind::{InvalidInput, NotADirectory, NotFound};
    let is_missing = |fault: &io::Error| matches!(fault.kind(), NotFound | NotADirectory);
    let path = std::path::absolute(given);
    match path.as_ref().map(|path| path.symlink_metadata()) {
        Ok(Err(fault)) if is_missing(&fault) => {}
        // Text that is empty.
        Err(fault) if fault.kind() == InvalidInput => {}
        _ => return Ok(path.unwrap_or_else(|_| given.to_owned())),
    }
    let message = format!("there is no file `{}`", given.display());
    Err(Error::new(ErrorKind::Io, message)
        .with_help("check its path; `aludel plugins` lists the plugins that are found"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use aludel::ErrorKind;

    use super::Subject;

    fn kind(text: &str) -> &'static str {
        match Subject::of(text.as_ref()).unwrap() {
            Subject::Url(_) => "url",
            Subject::Name(_) => "name",
            Subject::File(_) => "file",
        }
    }

    #[test]
    fn urls_names_and_files_are_told_apart() {
        for (text, expected) in [
            ("sqlite:///a/b.db", "url"),
            ("sqlite", "name"),
            ("postgresql+psycopg", "name"),
            ("My-SQL", "name"),
            ("Cargo.toml", "file"),
            ("./src", "file"),
            (env!("CARGO_MANIFEST_DIR"), "file"),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
        assert!(Subject::of("a b://".as_ref()).is_err());
    }

    #[test]
    fn a_file_is_there_and_its_path_absolute() {
        for text in ["", "a b", "./sqlite", "Cargo.toml/x", "/usr/lib/aludel/libaludel_?.so"] {
            let error = Subject::of(text.as_ref()).err().expect("it is not there");
            assert_eq!((error.kind(), error.code()), (ErrorKind::Io, None), "{text}");
            assert!(error.help().is_some());
        }
        let Ok(Subject::File(path)) = Subject::of("Cargo.toml".as_ref()) else { panic!("a file") };
        assert_eq!(path, Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
    }
}
