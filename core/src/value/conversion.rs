//! Why a value does not fit the type that was asked for.

use std::fmt;

/// A value did not fit: what was wanted, what was there, and why it does not go.
///
/// Small and without a column; the row that it came from adds name and number of the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConversionError {
    wanted: &'static str,
    found: &'static str,
    problem: Problem,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    Type,
    Null,
    Range,
    Inexact,
    Malformed,
    NotUtf8 { at: usize },
}

impl ConversionError {
    /// The kinds do not go together.
    #[cold]
    pub fn wrong_type(wanted: &'static str, found: &'static str) -> Self {
        ConversionError { wanted, found, problem: Problem::Type }
    }

    /// The value is NULL and the type has no place for it.
    #[cold]
    pub fn null(wanted: &'static str) -> Self {
        ConversionError { wanted, found: "NULL", problem: Problem::Null }
    }

    /// The number is too small or too large.
    #[cold]
    pub fn out_of_range(wanted: &'static str, found: &'static str) -> Self {
        ConversionError { wanted, found, problem: Problem::Range }
    }

    /// The number would lose digits.
    #[cold]
    pub fn inexact(wanted: &'static str, found: &'static str) -> Self {
        ConversionError { wanted, found, problem: Problem::Inexact }
    }

    /// The text is not in the form of the type.
    #[cold]
    pub fn malformed(wanted: &'static str, found: &'static str) -> Self {
        ConversionError { wanted, found, problem: Problem::Malformed }
    }

    /// The bytes are not UTF-8 from this byte on.
    #[cold]
    pub fn not_utf8(found: &'static str, at: usize) -> Self {
        ConversionError { wanted: "&str", found, problem: Problem::NotUtf8 { at } }
    }

    /// The type that was asked for.
    pub fn wanted(&self) -> &'static str {
        self.wanted
    }

    /// The kind of value that was there.
    pub fn found(&self) -> &'static str {
        self.found
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self.problem {
            Problem::Null => format!("ask for Option<{}>", self.wanted),
            Problem::NotUtf8 { .. } => "ask for &[u8] or Vec<u8>".into(),
            Problem::Range | Problem::Inexact => format!("ask for {}", self.found),
            Problem::Type | Problem::Malformed => {
                "ask for a type that holds it, or for Value, which holds any".into()
            }
        }
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ConversionError { wanted, found, .. } = self;
        match self.problem {
            Problem::Type => write!(f, "wanted {wanted}, found {found}"),
            Problem::Null => write!(f, "wanted {wanted}, found NULL"),
            Problem::Range => write!(f, "wanted {wanted}, found {found} out of its range"),
            Problem::Inexact => {
                write!(f, "wanted {wanted}, found {found} that it cannot hold exactly")
            }
            Problem::Malformed => {
                write!(f, "wanted {wanted}, found {found} that is not of its form")
            }
            Problem::NotUtf8 { at } => {
                write!(f, "wanted {wanted}, found {found} that is not UTF-8 from byte {at} on")
            }
        }
    }
}

impl std::error::Error for ConversionError {}
