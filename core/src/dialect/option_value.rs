//! Values of session options, read the same by every dialect.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::value::ValueRef;

/// The value of the session option with this key, as text.
///
/// ```
/// use aludel::ValueRef;
/// use aludel::dialect::{option_key, option_value};
///
/// assert_eq!(option_value::text(option_key::SCHEMA, ValueRef::Text("shop"))?, "shop");
/// let error = option_value::text(option_key::SCHEMA, ValueRef::I64(1)).unwrap_err();
/// assert_eq!(error.message(), "session option `schema` must be text, not i64");
/// # Ok::<_, aludel::Error>(())
/// ```
///
/// # Errors
/// `Argument` for any other value, and for text with a NUL byte, which no database takes.
pub fn text<'v>(key: &str, value: ValueRef<'v>) -> Result<&'v str> {
    match value {
        ValueRef::Text(text) if text.contains('\0') => {
            Err(Error::argument(format!("session option `{key}` cannot hold a NUL byte"))
                .with_help("give text without one"))
        }
        ValueRef::Text(text) => Ok(text),
        _ => Err(wrong(key, "text", value)),
    }
}

/// The value of the session option with this key, as a truth value; 0 and 1 are taken too.
///
/// # Errors
/// `Argument` for any other value.
pub fn truth(key: &str, value: ValueRef<'_>) -> Result<bool> {
    match value {
        ValueRef::Bool(truth) => Ok(truth),
        ValueRef::I64(number @ (0 | 1)) => Ok(number == 1),
        _ => Err(wrong(key, "true or false", value)),
    }
}

/// The value of the session option with this key, as a whole number of milliseconds, `most` at most.
///
/// # Errors
/// `Argument` for any other value, and for a number outside of 0 to `most`.
pub fn milliseconds(key: &str, value: ValueRef<'_>, most: u64) -> Result<Duration> {
    let millis = match value {
        ValueRef::I64(millis) => u64::try_from(millis).ok(),
        ValueRef::U64(millis) => Some(millis),
        _ => return Err(wrong(key, "a number of milliseconds", value)),
    };
    millis.filter(|millis| *millis <= most).map(Duration::from_millis).ok_or_else(|| {
        Error::argument(format!(
            "session option `{key}` must be a number of milliseconds from 0 to {most}"
        ))
    })
}

#[cold]
fn wrong(key: &str, wanted: &str, value: ValueRef<'_>) -> Error {
    Error::argument(format!("session option `{key}` must be {wanted}, not {}", value.kind_name()))
}
