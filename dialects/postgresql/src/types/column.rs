//! A column of parameters as one array: what `unnest` takes for many rows at once.

use aludel::Result;
use aludel::dbapi::ParamRows;
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
    let is_binary = |row: aludel::dbapi::Params<'_>| write_binary::is_writable(row.get(column), ty);
    if rows.iter().all(is_binary) { Format::Binary } else { Format::Text }
}

/// Appends a length and a column of parameters as an array of this type in the form that
/// [`column_format`] told.
///
/// # Errors
/// As [`encode`](super::encode), with the failing row's number.
pub(crate) fn append_column(
    rows: &ParamRows<'_>,
    column: usize,
    ty: &PgType,
    format: Format,
    out: &mut BytesMut,
) -> Result<()> {
    write_binary::with_length(out, |out| match format {
        Format::Binary => binary(rows, column, ty, out),
        Format::Text => text(rows, column, ty, out),
    })
}

fn binary(rows: &ParamRows<'_>, column: usize, ty: &PgType, out: &mut BytesMut) -> Result<()> {
    let header = out.len();
    out.put_i32(i32::from(!rows.is_empty()));
    out.put_i32(0);
    out.put_u32(ty.oid);
    if rows.is_empty() {
        return Ok(());
    }
    // More rows than fit do not fit the message either, which its length then says.
    out.put_i32(i32::try_from(rows.len()).unwrap_or(i32::MAX));
    out.put_i32(1);
    let mut has_nulls = false;
    for (index, row) in rows.iter().enumerate() {
        let value = row.get(column);
        has_nulls |= value.is_null();
        write_binary::append(value, ty, out)
            .map_err(|error| error.with_failing_row(rows.first_row() + index as u64))?;
    }
    out[header + 4..header + 8].copy_from_slice(&i32::from(has_nulls).to_be_bytes());
    Ok(())
}

fn text(rows: &ParamRows<'_>, column: usize, ty: &PgType, out: &mut BytesMut) -> Result<()> {
    out.put_u8(b'{');
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            out.put_u8(ty.delimiter);
        }
        let value = row.get(column);
        let fail = |error: aludel::Error| error.with_failing_row(rows.first_row() + index as u64);
        if value.is_null() {
            out.put_slice(b"NULL");
            continue;
        }
        let start = out.len();
        encode(value, ty, Format::Text, out).map_err(fail)?;
        write_text::quote(start, out);
    }
    out.put_u8(b'}');
    Ok(())
}
