//! Values written into SQL text, for the places where a database takes no parameter.

use crate::dialect::SqlRules;
use crate::error::{Error, Result};
use crate::value::ValueRef;

/// The value as a literal.
///
/// # Errors
/// `Argument` for values that have no literal which every database reads alike.
pub(super) fn literal(value: ValueRef<'_>, rules: &SqlRules) -> Result<String> {
    match value {
        ValueRef::Null => Ok("NULL".into()),
        ValueRef::Bool(value) => Ok(if value { "TRUE" } else { "FALSE" }.into()),
        ValueRef::I64(value) => Ok(value.to_string()),
        ValueRef::U64(value) => Ok(value.to_string()),
        ValueRef::F32(value) if value.is_finite() => Ok(format!("{value:?}")),
        ValueRef::F64(value) if value.is_finite() => Ok(format!("{value:?}")),
        ValueRef::Decimal(text) if is_number(text) => Ok(text.into()),
        ValueRef::Text(text) if !text.contains('\0') => Ok(quoted(text, rules)),
        _ => Err(Error::argument(format!(
            "a value of the kind {} cannot stand in a statement as a literal",
            value.kind_name()
        ))
        .with_help("bind it as a parameter, or give it as text that the statement casts")),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Quotes inside are doubled; so are backslashes, where they escape. Where a server's setting says
/// whether they do, an `E` does.
fn quoted(text: &str, rules: &SqlRules) -> String {
    let mut quoted = text.replace('\'', "''");
    let by_letter = rules.escape_strings && text.contains('\\');
    if rules.backslash_escapes || by_letter {
        quoted = quoted.replace('\\', "\\\\");
    }
    format!("{}'{quoted}'", if by_letter { "E" } else { "" })
}
