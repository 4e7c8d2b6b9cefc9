//! What serde reports, before it is an error of aludel.

use std::fmt;

use serde_core::de;

use crate::error::Error;
use crate::value::ConversionError;

/// An error that a type or a value reports.
#[derive(Debug)]
pub(super) enum Failure {
    /// The type asks for a column that is not there.
    Missing(&'static str),
    /// A value, or the whole row, does not fit.
    Unfit(String),
    /// What the row itself reports.
    Reported(Error),
}

impl Failure {
    /// The failure is that of the value in this column.
    pub(super) fn in_column(self, index: usize, name: &str) -> Self {
        match self {
            Failure::Missing(field) => {
                Failure::Unfit(format!("column {index} (`{name}`): the field `{field}` is missing"))
            }
            Failure::Unfit(message) => {
                Failure::Unfit(format!("column {index} (`{name}`): {message}"))
            }
            reported => reported,
        }
    }
}

impl From<ConversionError> for Failure {
    fn from(error: ConversionError) -> Self {
        Failure::Unfit(error.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure::Unfit(format!("in its JSON: {error}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Reported(error)
    }
}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Failure::Unfit(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Failure::Missing(field)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Missing(field) => write!(f, "no column `{field}`"),
            Failure::Unfit(message) => f.write_str(message),
            Failure::Reported(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}
