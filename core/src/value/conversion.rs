//! Why a value does not fit the type that was asked for, or cannot be sent.

use std::fmt;

/// A value did not fit: what was wanted, what was there, and why it does not go.
///
/// Without a column; the row that it came from adds name and number of the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversionError {
    wanted: &'static str,
    found: &'static str,
    problem: Problem,
    /// Places in arrays, the innermost first.
    elements: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Type,
    Null,
    Range,
    Inexact,
    Malformed,
    NotUtf8 { at: usize },
    Because(Box<str>),
    Unsendable(Box<str>),
}

impl ConversionError {
    #[cold]
    fn new(wanted: &'static str, found: &'static str, problem: Problem) -> Self {
        ConversionError { wanted, found, problem, elements: Vec::new() }
    }

    /// The kinds do not go together.
    #[cold]
    pub fn wrong_type(wanted: &'static str, found: &'static str) -> Self {
        Self::new(wanted, found, Problem::Type)
    }

    /// The value is NULL and the type has no place for it.
    #[cold]
    pub fn null(wanted: &'static str) -> Self {
        Self::new(wanted, "NULL", Problem::Null)
    }

    /// The number is too small or too large.
    #[cold]
    pub fn out_of_range(wanted: &'static str, found: &'static str) -> Self {
        Self::new(wanted, found, Problem::Range)
    }

    /// The number would lose digits.
    #[cold]
    pub fn inexact(wanted: &'static str, found: &'static str) -> Self {
        Self::new(wanted, found, Problem::Inexact)
    }

    /// The text is not in the form of the type.
    #[cold]
    pub fn malformed(wanted: &'static str, found: &'static str) -> Self {
        Self::new(wanted, found, Problem::Malformed)
    }

    /// The bytes are not UTF-8 from this byte on.
    #[cold]
    pub fn not_utf8(found: &'static str, at: usize) -> Self {
        Self::new("&str", found, Problem::NotUtf8 { at })
    }

    /// The value does not go for a reason of the type's own, which follows the kinds.
    #[cold]
    pub fn because(wanted: &'static str, found: &'static str, reason: impl fmt::Display) -> Self {
        Self::new(wanted, found, Problem::Because(reason.to_string().into()))
    }

    /// A value of the Rust type `from` has no form in which it can be sent, for this reason.
    #[cold]
    pub fn unsendable(from: &'static str, reason: impl fmt::Display) -> Self {
        Self::new("a value that can be sent", from, Problem::Unsendable(reason.to_string().into()))
    }

    /// The error is that of an element of an array, at this place from 0.
    #[must_use]
    pub fn at_element(mut self, index: usize) -> Self {
        self.elements.push(index);
        self
    }

    /// The same problem for another type that was asked for, for types that are read as others.
    #[must_use]
    pub fn for_type(mut self, wanted: &'static str) -> Self {
        self.wanted = wanted;
        self
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
            Problem::Type | Problem::Malformed | Problem::Because(_) => {
                "ask for a type that holds it, or for Value, which holds any".into()
            }
            Problem::Unsendable(_) => {
                "send another value, or a type that says what is to become of this one".into()
            }
        }
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ConversionError { wanted, found, elements, .. } = self;
        if !elements.is_empty() {
            let places: Vec<String> = elements.iter().rev().map(usize::to_string).collect();
            write!(f, "element {}: ", places.join("."))?;
        }
        match &self.problem {
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
            Problem::Because(reason) => write!(f, "wanted {wanted}, found {found}: {reason}"),
            Problem::Unsendable(reason) => {
                write!(f, "a value of {found} cannot be sent: {reason}")
            }
        }
    }
}

impl std::error::Error for ConversionError {}
