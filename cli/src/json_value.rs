//! The JSON of a value.

use aludel::ValueRef;
use aludel::dbapi::SqlType;
use aludel::value::{ArrayRef, CompositeRef};

use crate::cell;

/// The JSON of a value, in one line. Its type names the fields of composites.
pub(crate) fn text(value: &ValueRef<'_>, sql_type: &SqlType) -> String {
    let mut json = String::new();
    push(&mut json, value, Some(sql_type));
    json
}

/// Adds the JSON of a value.
pub(crate) fn push(to: &mut String, value: &ValueRef<'_>, sql_type: Option<&SqlType>) {
    match *value {
        ValueRef::Null => to.push_str("null"),
        ValueRef::F64(number) if number.is_finite() => to.push_str(&cell::float(number, number)),
        ValueRef::F32(number) if number.is_finite() => {
            to.push_str(&cell::float(number.into(), number));
        }
        ValueRef::Json(text) => match one_line(text) {
            Some(json) => to.push_str(&json),
            None => push_string(to, text),
        },
        ValueRef::Array(array) => push_array(to, array, sql_type),
        ValueRef::Struct(fields) => push_struct(to, fields, sql_type),
        ValueRef::Map(entries) => push_map(to, entries, sql_type),
        _ => {
            let shown = cell::text(value, sql_type.unwrap_or(&SqlType::default()));
            let shown = shown.as_deref().unwrap_or_default();
            match value {
                ValueRef::Bool(_)
                | ValueRef::I64(_)
                | ValueRef::U64(_)
                | ValueRef::I128(_)
                | ValueRef::U128(_) => to.push_str(shown),
                _ => push_string(to, shown),
            }
        }
    }
}

/// Adds a JSON string.
pub(crate) fn push_string(to: &mut String, text: &str) {
    let quoted = serde_json::to_string(text).expect("invariant: every str has a JSON form");
    to.push_str(&quoted);
}

fn push_array(to: &mut String, array: ArrayRef<'_>, sql_type: Option<&SqlType>) {
    let lengths: Vec<usize> = array.dimensions().map(|dimension| dimension.len as usize).collect();
    let element = sql_type.and_then(|array| array.element.as_deref());
    push_dimension(to, &array, &lengths, 0, element);
}

/// Adds the elements of the outermost of these dimensions; `first` is the place of the first one.
fn push_dimension(
    to: &mut String,
    array: &ArrayRef<'_>,
    lengths: &[usize],
    first: usize,
    element: Option<&SqlType>,
) {
    let Some((length, inner)) = lengths.split_first() else { return to.push_str("[]") };
    let step: usize = inner.iter().product();
    list(to, '[', ']', *length, |to, index| match inner {
        [] => push(to, &array.get(first + index), element),
        _ => push_dimension(to, array, inner, first + index * step, element),
    });
}

/// An object when the names of all fields are known and different, else an array.
fn push_struct(to: &mut String, fields: CompositeRef<'_>, sql_type: Option<&SqlType>) {
    let types = sql_type.map_or(&[][..], |composite| &composite.fields);
    let different = (1..types.len()).all(|at| types[..at].iter().all(|t| t.0 != types[at].0));
    if types.len() != fields.len() || types.is_empty() || !different {
        return list(to, '[', ']', fields.len(), |to, index| {
            push(to, &fields.get(index), types.get(index).map(|(_, field)| field));
        });
    }
    list(to, '{', '}', fields.len(), |to, index| {
        let (name, field) = &types[index];
        push_string(to, name);
        to.push(':');
        push(to, &fields.get(index), Some(field));
    });
}

/// An array of pairs: keys need not be text, and JSON's must be.
fn push_map(to: &mut String, entries: CompositeRef<'_>, sql_type: Option<&SqlType>) {
    let value = sql_type.and_then(|map| map.element.as_deref());
    list(to, '[', ']', entries.len() / 2, |to, index| {
        list(to, '[', ']', 2, |to, side| {
            push(to, &entries.get(2 * index + side), value.filter(|_| side == 1));
        });
    });
}

fn list(
    to: &mut String,
    open: char,
    close: char,
    length: usize,
    mut item: impl FnMut(&mut String, usize),
) {
    to.push(open);
    for index in 0..length {
        if index > 0 {
            to.push(',');
        }
        item(to, index);
    }
    to.push(close);
}

/// JSON without the white space between its parts; `None` for text that is no JSON. Digits and the
/// order of keys stay as the database wrote them.
fn one_line(text: &str) -> Option<String> {
    serde_json::from_str::<serde_json::Value>(text).ok()?;
    let (mut in_string, mut escaped) = (false, false);
    let kept = text.chars().filter(|character| {
        let keep = in_string || !character.is_ascii_whitespace();
        in_string ^= *character == '"' && !escaped;
        escaped = in_string && *character == '\\' && !escaped;
        keep
    });
    Some(kept.collect())
}

#[cfg(test)]
mod tests {
    use aludel::Value;
    use aludel::dbapi::TypeKind;
    use aludel::value::{Array, Dimension};

    use super::*;

    fn json(value: &Value) -> String {
        text(&value.as_ref(), &SqlType::default())
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(json(&Value::I64(i64::MIN)), "-9223372036854775808");
        assert_eq!(json(&Value::U128(u128::MAX)), "340282366920938463463374607431768211455");
        assert_eq!(json(&Value::F64(0.1)), "0.1");
        assert_eq!(json(&Value::F64(1e300)), "1e300");
        assert_eq!(json(&Value::F32(0.1)), "0.1");
        assert_eq!(json(&Value::Decimal("12.50".into())), "\"12.50\"");
    }

    #[test]
    fn what_json_has_no_number_for_is_a_string() {
        assert_eq!(json(&Value::F64(f64::NAN)), "\"NaN\"");
        assert_eq!(json(&Value::F64(f64::INFINITY)), "\"Infinity\"");
        assert_eq!(json(&Value::F32(f32::NEG_INFINITY)), "\"-Infinity\"");
    }

    #[test]
    fn text_and_bytes_are_strings() {
        assert_eq!(json(&Value::from("a\"\\\n\u{1}ü")), "\"a\\\"\\\\\\n\\u0001ü\"");
        assert_eq!(json(&Value::Bytes(vec![1, 0xfe])), "\"\\\\x01fe\"");
    }

    #[test]
    fn json_stays_json_in_one_line() {
        let pretty = "{\n  \"b\": [1.50, \"x \\\" \\\\\"],\n  \"a\": 12345678901234567890123\n}";
        assert_eq!(
            json(&Value::Json(pretty.into())),
            "{\"b\":[1.50,\"x \\\" \\\\\"],\"a\":12345678901234567890123}"
        );
        assert_eq!(json(&Value::Json("{oops".into())), "\"{oops\"");
    }

    #[test]
    fn arrays_are_nested_by_their_dimensions() {
        let dimensions = [2, 3].map(|len| Dimension { len, lower_bound: 1 }).to_vec();
        let elements = (1..=5).map(Value::I64).chain([Value::Null]).collect();
        let array = Array::with_dimensions(dimensions, elements).unwrap();
        assert_eq!(json(&Value::Array(array)), "[[1,2,3],[4,5,null]]");
        assert_eq!(json(&Value::Array(Array::default())), "[]");
    }

    #[test]
    fn composites_are_objects_where_their_fields_have_names() {
        let value = Value::Struct(vec![Value::I64(1), Value::from("x")]);
        assert_eq!(json(&value), "[1,\"x\"]");
        let mut named = SqlType::new(TypeKind::Struct, "pair");
        named.fields = vec![("a".into(), SqlType::default()), ("b".into(), SqlType::default())];
        assert_eq!(text(&value.as_ref(), &named), "{\"a\":1,\"b\":\"x\"}");
        named.fields[1].0 = "a".into();
        assert_eq!(text(&value.as_ref(), &named), "[1,\"x\"]");
        let map = Value::Map(vec![(Value::I64(1), Value::from("x"))]);
        assert_eq!(json(&map), "[[1,\"x\"]]");
    }
}
