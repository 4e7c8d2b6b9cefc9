//! From the text before `://` to a scheme: `dialect["+" driver]`, and nothing else.
//!
//! Pure functions: whatever passes can stand in a file name, because no dot, slash, backslash,
//! colon, percent sign or NUL does.

use super::alias::{self, Known};
use crate::error::Result;
use crate::plugin::error;

/// Longest scheme in bytes.
const MAX_LEN: usize = 64;

/// The scheme of a URL: a dialect, and a driver where one is named.
///
/// Lower case; a `-` is read as `_`.
///
/// ```
/// use aludel::plugin::Scheme;
///
/// let scheme = Scheme::parse("PostgreSQL+psycopg")?;
/// assert_eq!((scheme.dialect(), scheme.driver()), ("postgresql", Some("psycopg")));
/// assert!(Scheme::parse("../evil").is_err());
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scheme {
    text: String,
    plus: Option<usize>,
}

impl Scheme {
    /// Reads a scheme: `^[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)?$` after lower-casing, at most 64 bytes.
    ///
    /// # Errors
    /// Code [`BAD_SCHEME`](crate::plugin::code::BAD_SCHEME) for any other text. The message names the
    /// character and not the text, which may be a mistyped URL with a password.
    pub fn parse(text: &str) -> Result<Scheme> {
        if text.is_empty() {
            return Err(error::bad_scheme("a scheme is empty"));
        }
        if text.len() > MAX_LEN {
            let long = format!("a scheme of {} bytes is too long: at most {MAX_LEN}", text.len());
            return Err(error::bad_scheme(long));
        }
        let foreign = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '+');
        if let Some((at, character)) = text.char_indices().find(|(_, c)| foreign(*c)) {
            return Err(error::bad_scheme(format!("a scheme holds {character:?} at byte {at}")));
        }
        let text = text.to_ascii_lowercase().replace('-', "_");
        let plus = text.find('+');
        let mut parts = text.splitn(2, '+');
        if text.matches('+').count() > 1 {
            return Err(error::bad_scheme("a scheme has more than one `+`"));
        }
        if !parts.all(is_name) {
            return Err(error::bad_scheme("a scheme has a part that does not begin with a letter"));
        }
        Ok(Scheme { text, plus })
    }

    /// The whole scheme, normalised.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands left of the `+`.
    pub fn dialect(&self) -> &str {
        &self.text[..self.plus.unwrap_or(self.text.len())]
    }

    /// The dialect that serves it by the built-in table, which a plugin that declares the scheme
    /// precedes.
    pub(crate) fn known_dialect(&self) -> Option<&'static str> {
        match alias::lookup(self) {
            Some(Known::Served(dialect)) => Some(dialect),
            _ => None,
        }
    }

    /// What stands right of the `+`.
    pub fn driver(&self) -> Option<&str> {
        self.plus.map(|plus| &self.text[plus + 1..])
    }
}

/// True for the name of a dialect: `^[a-z][a-z0-9_]*$`, at most 64 bytes.
pub(in crate::plugin) fn is_name(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.len() <= MAX_LEN
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(rest)
}

#[cfg(test)]
mod tests {
    use super::Scheme;

    fn refusal(text: &str) -> String {
        Scheme::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn a_scheme_is_lower_cased_and_a_hyphen_is_an_underscore() {
        let scheme = Scheme::parse("My-SQL+PyMySQL").unwrap();
        assert_eq!(scheme.as_str(), "my_sql+pymysql");
        assert_eq!((scheme.dialect(), scheme.driver()), ("my_sql", Some("pymysql")));
        assert_eq!(Scheme::parse("a2_").unwrap().driver(), None);
    }

    #[test]
    fn nothing_that_could_leave_a_directory_passes() {
        let hostile = ["../x", "a/b", "a\\b", "a.b", "a:b", "a%2fb", "a\0b", "a b", "ä", "a\n"];
        for text in hostile {
            assert!(Scheme::parse(text).is_err(), "{text:?} passed");
        }
        assert_eq!(
            refusal("a/../b"),
            "error[P11]: a scheme holds '/' at byte 1\n  \
             help: a scheme is letters, digits and `_`, with `+driver` after it where needed"
        );
    }

    #[test]
    fn parts_begin_with_a_letter_and_there_is_one_plus() {
        for text in ["", "+", "a+", "+a", "1a", "_a", "-a", "a+1b", "a+b+c"] {
            assert!(Scheme::parse(text).is_err(), "{text:?} passed");
        }
    }

    #[test]
    fn sixty_four_bytes_are_the_limit() {
        assert!(Scheme::parse(&"a".repeat(64)).is_ok());
        assert!(refusal(&"a".repeat(65)).contains("a scheme of 65 bytes is too long: at most 64"));
    }
}
