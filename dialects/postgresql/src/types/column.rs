//! A column of parameters as one array: what `unnest` takes for many rows at once.

use aludel::Result;
use aludel::dbapi::{ParamRows, Params};
use aludel::value::ValueRef;
use bytes::{BufMut, BytesMut};

use super::encode::{Format, encode};
use super::pg_type::{Kind, Oid, PgType};
use super::write_binary;
use super::write_text;

/// The array type that holds a column of parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArrayParameter {
    pub(crate) oid: Oid,
    /// For SQL text, as in `$1::pg_catalog.int4[]`.
    pub(crate) sql_name: String,
}

/// The array type for parameters of this type; `None` when a column of them cannot be sent as one:
/// `unnest` takes arrays of arrays apart, and makes columns of the fields of composites.
pub(crate) fn array_parameter(ty: &PgType) -> Option<ArrayParameter> {
    let is_taken_apart =
        matches!(ty.base().kind, Kind::Array(_) | Kind::Composite(_) | Kind::Record);
    if is_taken_apart || ty.array_oid == 0 {
        return None;
    }
    Some(ArrayParameter { oid: ty.array_oid, sql_name: format!("{}[]", ty.sql_name) })
}

/// The form in which a column of parameters can be sent: binary when each of them has a binary form.
pub(crate) fn column_format(rows: &ParamRows<'_>, column: usize, ty: &PgType) -> Format {
    let is_binary = |row: Params<'_>| write_binary::is_writable(row.get(column), ty);
    if rows.iter().all(is_binary) { Format::Binary } else { Format::Text }
}

/// Appends a length and a column of parameters as an array of this type in the form that
/// [`column_format`] told.
///
/// # Errors
/// As [`encode`], with the failing row's number.
pub(crate) fn append_column(
    rows: &ParamRows<'_>,
    column: usize,
    ty: &PgType,
    format: Format,
    out: &mut BytesMut,
) -> Result<()> {
    let values = rows.iter().map(|row| row.get(column));
    let written = write_binary::with_length(out, |out| match format {
        Format::Binary => binary(values, ty, out),
        Format::Text => text(values, ty, out),
    });
    written.map_err(|error| match error.failing_row() {
        Some(row) => error.with_failing_row(rows.first_row() + row),
        None => error,
    })
}

fn binary<'v>(
    values: impl ExactSizeIterator<Item = ValueRef<'v>>,
    ty: &PgType,
    out: &mut BytesMut,
) -> Result<()> {
    let header = out.len();
    let count = values.len();
    out.put_i32(i32::from(count > 0));
    out.put_i32(0);
    out.put_u32(ty.oid);
    if count == 0 {
        return Ok(());
    }
    // More rows than fit do not fit the message either, which its length then says.
    out.put_i32(i32::try_from(count).unwrap_or(i32::MAX));
    out.put_i32(1);
    let mut has_nulls = false;
    for (index, value) in values.enumerate() {
        has_nulls |= value.is_null();
        write_binary::append(value, ty, out)
            .map_err(|error| error.with_failing_row(index as u64))?;
    }
    out[header + 4..header + 8].copy_from_slice(&i32::from(has_nulls).to_be_bytes());
    Ok(())
}

fn text<'v>(
    values: impl Iterator<Item = ValueRef<'v>>,
    ty: &PgType,
    out: &mut BytesMut,
) -> Result<()> {
    out.put_u8(b'{');
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.put_u8(ty.delimiter);
        }
        if value.is_null() {
            out.put_slice(b"NULL");
            continue;
        }
        let start = out.len();
        encode(value, ty, Format::Text, out)
            .map_err(|error| error.with_failing_row(index as u64))?;
        write_text::quote(start, out);
    }
    out.put_u8(b'}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use aludel::value::{Array, Value, ValueRef};
    use bytes::BytesMut;

    use super::{array_parameter, binary, text};
    use crate::types::pg_type::PgType;
    use crate::types::{builtin, text as text_form};

    fn int4() -> PgType {
        builtin(23).expect("int4")
    }

    #[test]
    fn a_column_is_the_array_that_the_server_would_send() {
        let (mut column, mut array) = (BytesMut::new(), BytesMut::new());
        for values in [vec![], vec![Value::I64(1), Value::Null, Value::I64(-7)]] {
            binary(values.iter().map(Value::as_ref), &int4(), &mut column).unwrap();
            let value = Value::Array(Array::new(values));
            let int4_array = builtin(1007).expect("int4[]");
            crate::types::encode::encode(
                value.as_ref(),
                &int4_array,
                super::Format::Binary,
                &mut array,
            )
            .unwrap();
        }
        assert_eq!(column, array);
    }

    #[test]
    fn a_column_in_text_form_reads_as_the_same_values() {
        let values = vec![
            Value::Text("a \"quoted\" \\ {text}".into()),
            Value::Null,
            Value::Text("NULL".into()),
            Value::Text(String::new()),
        ];
        let mut out = BytesMut::new();
        text(values.iter().map(Value::as_ref), &builtin(25).unwrap(), &mut out).unwrap();
        let array = builtin(1009).unwrap();
        let read = text_form::read(&array, &out).and_then(|value| value.into_value(&array));
        assert_eq!(read, Ok(Value::Array(Array::new(values))));
    }

    #[test]
    fn the_row_that_does_not_fit_is_named() {
        let values = [ValueRef::I64(1), ValueRef::I64(1 << 40)];
        let error = binary(values.into_iter(), &int4(), &mut BytesMut::new()).unwrap_err();
        assert_eq!(error.failing_row(), Some(1));
        let values = [ValueRef::Null, ValueRef::Map(map())];
        let error = text(values.into_iter(), &int4(), &mut BytesMut::new()).unwrap_err();
        assert_eq!(error.failing_row(), Some(1));
    }

    fn map() -> aludel::value::CompositeRef<'static> {
        static MAP: Value = Value::Map(Vec::new());
        match MAP.as_ref() {
            ValueRef::Map(map) => map,
            _ => unreachable!("invariant: it is a map"),
        }
    }

    #[test]
    fn what_unnest_takes_apart_is_not_sent_as_a_column() {
        let named = |oid| array_parameter(&builtin(oid).unwrap()).map(|array| array.sql_name);
        assert_eq!(named(23).as_deref(), Some("pg_catalog.int4[]"));
        assert_eq!(named(1042).as_deref(), Some("pg_catalog.bpchar[]"), "which cuts nothing off");
        assert_eq!(named(1007), None, "arrays");
        assert_eq!(named(2249), None, "records");
        assert_eq!(named(2278), None, "types without arrays");
    }
}
