//! The text form of a value, for people and for CSV.

use std::borrow::Cow;
use std::fmt::Write;

use aludel::ValueRef;
use aludel::dbapi::SqlType;

use crate::json_value;

/// The text of a value; `None` for NULL. Arrays, composites and maps are JSON.
pub(crate) fn text<'a>(value: &ValueRef<'a>, sql_type: &SqlType) -> Option<Cow<'a, str>> {
    Some(match *value {
        ValueRef::Null => return None,
        ValueRef::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        ValueRef::I64(value) => value.to_string().into(),
        ValueRef::U64(value) => value.to_string().into(),
        ValueRef::I128(value) => value.to_string().into(),
        ValueRef::U128(value) => value.to_string().into(),
        ValueRef::F64(value) => float(value, value).into(),
        ValueRef::F32(value) => float(value.into(), value).into(),
        ValueRef::Decimal(text) | ValueRef::Text(text) | ValueRef::Json(text) => text.into(),
        ValueRef::Bytes(bytes) => hexadecimal(bytes).into(),
        ValueRef::Date(value) => value.to_string().into(),
        ValueRef::Time(value) => value.to_string().into(),
        ValueRef::Timestamp(value) => value.to_string().into(),
        ValueRef::TimestampTz(value) => value.to_string().into(),
        ValueRef::Interval(value) => value.to_string().into(),
        ValueRef::Uuid(value) => value.to_string().into(),
        ValueRef::Other { text, .. } => text.into(),
        _ => json_value::text(value, sql_type).into(),
    })
}

/// True for values that stand on the right of their column.
pub(crate) fn is_number(value: &ValueRef<'_>) -> bool {
    use ValueRef::{Decimal, F32, F64, I64, I128, U64, U128};
    matches!(value, I64(_) | U64(_) | I128(_) | U128(_) | F64(_) | F32(_) | Decimal(_))
}

/// The shortest text that reads back as the same number, in PostgreSQL's words where it is none.
pub(crate) fn float(value: f64, shown: impl std::fmt::Debug) -> String {
    match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        // Also `NaN`.
        _ => format!("{shown:?}"),
    }
}

/// `\x` and two digits a byte, as PostgreSQL writes bytes.
fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("\\x");
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use aludel::Value;
    use aludel::value::{Array, Date, Uuid};

    use super::*;

    fn shown(value: Value) -> Option<String> {
        text(&value.as_ref(), &SqlType::default()).map(Cow::into_owned)
    }

    #[test]
    fn every_kind_of_value_has_a_text() {
        for (value, expected) in [
            (Value::Bool(true), "true"),
            (Value::I64(i64::MIN), "-9223372036854775808"),
            (Value::U64(u64::MAX), "18446744073709551615"),
            (Value::I128(-1), "-1"),
            (Value::U128(u128::MAX), "340282366920938463463374607431768211455"),
            (Value::F64(1.0), "1.0"),
            (Value::F64(1e300), "1e300"),
            (Value::F64(f64::NAN), "NaN"),
            (Value::F64(f64::NEG_INFINITY), "-Infinity"),
            (Value::F32(0.1), "0.1"),
            (Value::Decimal("1.50".into()), "1.50"),
            (Value::from("a\nb"), "a\nb"),
            (Value::Bytes(vec![0, 255]), "\\x00ff"),
            (Value::Bytes(vec![]), "\\x"),
            (Value::Date(Date::from_days(0)), "1970-01-01"),
            (Value::Uuid(Uuid([1; 16])), "01010101-0101-0101-0101-010101010101"),
            (Value::Json("{ }".into()), "{ }"),
            (Value::Array(Array::from_iter([1, 2])), "[1,2]"),
            (Value::Other { type_name: "point".into(), text: "(1,2)".into() }, "(1,2)"),
        ] {
            assert_eq!(shown(value).as_deref(), Some(expected));
        }
        assert_eq!(shown(Value::Null), None);
    }
}
