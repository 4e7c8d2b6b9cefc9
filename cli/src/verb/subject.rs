//! What a verb is asked about: a URL, the name of a dialect, or a file.

use std::ffi::OsStr;
use std::path::Path;

use aludel::plugin::Scheme;
use aludel::{Result, Url};

/// What a verb is asked about.
pub(super) enum Subject<'a> {
    /// Text with `://`.
    Url(Url),
    /// Letters, digits, `_`, `-` and `+`: what could be a scheme.
    Name(Url),
    /// Anything else.
    File(&'a Path),
}

impl Subject<'_> {
    /// # Errors
    /// `Url` when text with `://` is no URL.
    pub(super) fn of(given: &OsStr) -> Result<Subject<'_>> {
        let Some(text) = given.to_str() else { return Ok(Subject::File(given.as_ref())) };
        if text.contains("://") {
            return Ok(Subject::Url(text.parse()?));
        }
        match Scheme::parse(text) {
            Ok(scheme) => Ok(Subject::Name(format!("{}://", scheme.as_str()).parse()?)),
            Err(_) => Ok(Subject::File(given.as_ref())),
        }
    }
}

#[cfg(test)]
mod tests {
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
            ("libaludel_x.so", "file"),
            ("./sqlite", "file"),
            ("/usr/lib/aludel/libaludel_x.so", "file"),
            ("a b", "file"),
            ("", "file"),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
        assert!(Subject::of("a b://".as_ref()).is_err());
    }
}
