//! The binary form of values that have one in the type they are going to be.

use aludel::value::{ArrayRef, CompositeRef, ValueRef};
use aludel::{Error, Result};
use bytes::{BufMut, BytesMut};

use super::pg_type::{Field, Kind, PgType};
use super::{interval, moment, numeric, refused, write_text};

/// False for types whose values always go as text.
pub(crate) fn has_binary_form(ty: &PgType) -> bool {
    match &ty.kind {
        Kind::Domain(base) => has_binary_form(&base.ty),
        Kind::Array(element) => has_binary_form(element),
        Kind::Composite(fields) => fields.iter().all(|field| has_binary_form(&field.ty)),
        Kind::Char | Kind::String | Kind::Network | Kind::MacAddress | Kind::Bit => false,
        Kind::Xml | Kind::Void | Kind::Range | Kind::Record | Kind::Other => false,
        _ => true,
    }
}

/// True when [`write`] makes the binary form of the value: exactly what the server would make of
/// its text. Numbers out of the type's range are errors of `write`.
pub(super) fn is_writable(value: ValueRef<'_>, ty: &PgType) -> bool {
    use ValueRef as V;
    match (&ty.kind, value) {
        (_, V::Null) => true,
        (Kind::Domain(base), value) => is_writable(value, &base.ty),
        (Kind::Text | Kind::Enum(_), value) => !matches!(value, V::Bytes(_) | V::Map(_)),
        (Kind::Int2 | Kind::Int4 | Kind::Int8 | Kind::UInt4 | Kind::UInt8, value) => {
            numeric::integer(value).is_some()
        }
        (Kind::Float8, value) => float8(value).is_some(),
        (Kind::Float4, value) => float4(value).is_some(),
        (Kind::Numeric, V::Decimal(text)) => numeric::is_encodable(text),
        (Kind::Numeric, value) => numeric::integer(value).is_some(),
        (Kind::Time, V::Time(time)) => {
            is_within_day(time) && time.offset_minutes().is_none() && time.nanos() == 0
        }
        (Kind::TimeTz, V::Time(time)) => {
            is_within_day(time) && time.offset_minutes().is_some() && time.nanos() == 0
        }
        (Kind::Timestamp, V::Timestamp(timestamp)) => timestamp.nanos() == 0,
        (Kind::TimestampTz, V::TimestampTz(moment)) => moment.utc().nanos() == 0,
        (Kind::Json | Kind::Jsonb, V::Json(_) | V::Text(_))
        | (Kind::Bool, V::Bool(_))
        | (Kind::Bytea, V::Bytes(_))
        | (Kind::Date, V::Date(_))
        | (Kind::Interval, V::Interval(_))
        | (Kind::Uuid, V::Uuid(_)) => true,
        (Kind::Array(element), V::Array(array)) => {
            array.iter().all(|value| !matches!(value, V::Array(_)) && is_writable(value, element))
        }
        (Kind::Composite(fields), V::Struct(values)) => {
            values.len() == fields.len()
                && values.iter().zip(fields).all(|(value, field)| is_writable(value, &field.ty))
        }
        _ => false,
    }
}

fn is_within_day(time: aludel::value::Time) -> bool {
    (0..=moment::DAY).contains(&time.micros())
}

/// Appends the binary form of a value that is not NULL.
///
/// # Errors
/// `Data` for a number or date out of the type's range; `Interface` for a value that
/// [`is_writable`] says has no binary form.
pub(super) fn write(value: ValueRef<'_>, ty: &PgType, out: &mut BytesMut) -> Result<()> {
    use ValueRef as V;
    match (&ty.kind, value) {
        (Kind::Domain(base), value) => return write(value, &base.ty, out),
        (Kind::Text | Kind::Enum(_), value) => return write_text::write(value, ty, out),
        (Kind::Int2, value) => out.put_i16(integer(value, ty)?),
        (Kind::Int4, value) => out.put_i32(integer(value, ty)?),
        (Kind::Int8, value) => out.put_i64(integer(value, ty)?),
        (Kind::UInt4, value) => out.put_u32(integer(value, ty)?),
        (Kind::UInt8, value) => out.put_u64(integer(value, ty)?),
        (Kind::Float8, value) => out.put_f64(float8(value).ok_or_else(|| no_form(value, ty))?),
        (Kind::Float4, value) => out.put_f32(float4(value).ok_or_else(|| no_form(value, ty))?),
        (Kind::Numeric, V::Decimal(text)) if numeric::encode(text, out) => {}
        (Kind::Numeric, value) => {
            let (negative, magnitude) =
                numeric::integer(value).ok_or_else(|| no_form(value, ty))?;
            numeric::encode_integer(negative, magnitude, out);
        }
        (Kind::Bool, V::Bool(value)) => out.put_u8(u8::from(value)),
        (Kind::Bytea, V::Bytes(bytes)) => out.put_slice(bytes),
        (Kind::Date, V::Date(date)) => {
            let days = moment::date_days(date).ok_or_else(|| refused::too_early(ty))?;
            out.put_i32(days);
        }
        (Kind::Time, V::Time(time)) => out.put_i64(time.micros()),
        (Kind::TimeTz, V::Time(time)) => {
            out.put_i64(time.micros());
            out.put_i32(-60 * i32::from(time.offset_minutes().unwrap_or(0)));
        }
        (Kind::Timestamp, V::Timestamp(timestamp)) => put_timestamp(timestamp, ty, out)?,
        (Kind::TimestampTz, V::TimestampTz(moment)) => {
            put_timestamp(moment.utc(), ty, out)?;
        }
        (Kind::Interval, V::Interval(value)) => out.put_slice(&interval::to_binary(value)),
        (Kind::Uuid, V::Uuid(uuid)) => out.put_slice(&uuid.0),
        (Kind::Json, V::Json(text) | V::Text(text)) => out.put_slice(text.as_bytes()),
        (Kind::Jsonb, V::Json(text) | V::Text(text)) => {
            out.put_u8(1);
            out.put_slice(text.as_bytes());
        }
        (Kind::Array(element), V::Array(array)) => put_array(array, element, out)?,
        (Kind::Composite(fields), V::Struct(values)) => put_composite(values, fields, out)?,
        _ => return Err(no_form(value, ty)),
    }
    Ok(())
}

#[cold]
fn no_form(value: ValueRef<'_>, ty: &PgType) -> Error {
    refused::no_binary_form(value, ty)
}

/// The integer, when it is within the range of the type.
fn integer<T: TryFrom<i128>>(value: ValueRef<'_>, ty: &PgType) -> Result<T> {
    let (negative, magnitude) = numeric::integer(value).ok_or_else(|| no_form(value, ty))?;
    let number = i128::try_from(magnitude).ok().map(|n| if negative { -n } else { n });
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| refused::out_of_range(ty))
}

/// The number, when a float of 64 bits holds it exactly.
fn float8(value: ValueRef<'_>) -> Option<f64> {
    match value {
        ValueRef::F64(number) => Some(number),
        ValueRef::F32(number) => Some(number.into()),
        ValueRef::I64(number) => {
            (number as f64 as i128 == i128::from(number)).then_some(number as f64)
        }
        ValueRef::U64(number) => {
            (number as f64 as u128 == u128::from(number)).then_some(number as f64)
        }
        _ => None,
    }
}

/// The number, when a float of 32 bits holds it exactly.
fn float4(value: ValueRef<'_>) -> Option<f32> {
    if let ValueRef::F32(number) = value {
        return Some(number);
    }
    let wide = float8(value)?;
    let narrow = wide as f32;
    (f64::from(narrow) == wide || wide.is_nan()).then_some(narrow)
}

fn put_timestamp(
    timestamp: aludel::value::Timestamp,
    ty: &PgType,
    out: &mut BytesMut,
) -> Result<()> {
    let micros = moment::timestamp_micros(timestamp).ok_or_else(|| refused::too_early(ty))?;
    out.put_i64(micros);
    Ok(())
}

fn put_array(array: ArrayRef<'_>, element: &PgType, out: &mut BytesMut) -> Result<()> {
    let has_nulls = array.iter().any(|value| value.is_null());
    // An array without elements has no dimensions.
    let dimensions = if array.is_empty() { 0 } else { array.dimension_count() };
    out.put_i32(dimensions as i32);
    out.put_i32(i32::from(has_nulls));
    out.put_u32(element.oid);
    for dimension in array.dimensions().take(dimensions) {
        out.put_u32(dimension.len);
        out.put_i32(dimension.lower_bound);
    }
    for value in array.iter() {
        append(value, element, out)?;
    }
    Ok(())
}

fn put_composite(values: CompositeRef<'_>, fields: &[Field], out: &mut BytesMut) -> Result<()> {
    out.put_i32(fields.len() as i32);
    for (value, field) in values.iter().zip(fields) {
        out.put_u32(field.ty.oid);
        append(value, &field.ty, out)?;
    }
    Ok(())
}

/// Appends a length and the binary form; for NULL the length -1.
pub(super) fn append(value: ValueRef<'_>, ty: &PgType, out: &mut BytesMut) -> Result<()> {
    if value.is_null() {
        out.put_i32(-1);
        return Ok(());
    }
    with_length(out, |out| write(value, ty, out))
}

/// Appends what `write` writes, and its length before it.
pub(super) fn with_length(
    out: &mut BytesMut,
    write: impl FnOnce(&mut BytesMut) -> Result<()>,
) -> Result<()> {
    let start = out.len();
    out.put_i32(0);
    write(out)?;
    let len = i32::try_from(out.len() - start - 4).map_err(|_| refused::too_large())?;
    out[start..start + 4].copy_from_slice(&len.to_be_bytes());
    Ok(())
}
