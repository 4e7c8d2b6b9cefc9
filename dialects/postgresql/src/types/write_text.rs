//! The text form of any value, as the server reads it whatever the session's settings are.

use std::fmt::Write;

use aludel::value::{ArrayRef, CompositeRef, Date, Time, Timestamp, TimestampTz, ValueRef};
use aludel::{Error, Result};
use bytes::{BufMut, BytesMut};

use super::moment::DAY;
use super::pg_type::{Kind, PgType};

/// The shortest digits that give the same number again, without hundreds of zeros.
macro_rules! float {
    ($value:expr, $out:expr) => {{
        let value = $value;
        let magnitude = value.abs();
        match () {
            () if value.is_nan() => $out.put_slice(b"NaN"),
            () if value.is_infinite() => {
                $out.put_slice(if value > 0.0 { b"Infinity" } else { b"-Infinity" });
            }
            () if magnitude == 0.0 || (1e-5..1e16).contains(&magnitude) => {
                formatted($out, format_args!("{value}"));
            }
            () => formatted($out, format_args!("{value:e}")),
        }
    }};
}

/// Appends the text form of a value that is not NULL. `ty` is what it is going to be, for what
/// stands between the elements of an array.
///
/// # Errors
/// `NotSupported` for maps, which no type of PostgreSQL's own takes.
pub(super) fn write(value: ValueRef<'_>, ty: &PgType, out: &mut BytesMut) -> Result<()> {
    match value {
        ValueRef::Null => {}
        ValueRef::Bool(value) => out.put_slice(if value { b"true" } else { b"false" }),
        ValueRef::I64(value) => formatted(out, format_args!("{value}")),
        ValueRef::U64(value) => formatted(out, format_args!("{value}")),
        ValueRef::I128(value) => formatted(out, format_args!("{value}")),
        ValueRef::U128(value) => formatted(out, format_args!("{value}")),
        ValueRef::F64(value) => float!(value, out),
        ValueRef::F32(value) => float!(value, out),
        ValueRef::Decimal(text)
        | ValueRef::Text(text)
        | ValueRef::Json(text)
        | ValueRef::Other { text, .. } => out.put_slice(text.as_bytes()),
        ValueRef::Bytes(bytes) => hex(bytes, out),
        ValueRef::Date(value) => date(value, out),
        ValueRef::Time(value) => formatted(out, format_args!("{value}")),
        ValueRef::Timestamp(value) => timestamp(value, "", out),
        ValueRef::TimestampTz(value) => timestamp_tz(value, out),
        ValueRef::Interval(value) => formatted(out, format_args!("{value}")),
        ValueRef::Uuid(value) => formatted(out, format_args!("{value}")),
        ValueRef::Array(value) => array(value, ty, out)?,
        ValueRef::Struct(value) => composite(value, ty, out)?,
        other => return Err(no_text(other)),
    }
    Ok(())
}

#[cold]
fn no_text(value: ValueRef<'_>) -> Error {
    Error::not_supported(format!("PostgreSQL has no type for {} values", value.kind_name()))
        .with_sqlstate("0A000")
        .with_help("pass it as JSON, or as text in the form of the type, such as hstore's")
}

fn formatted(out: &mut BytesMut, arguments: std::fmt::Arguments<'_>) {
    // Memory grows as needed: writing to it cannot fail.
    let _ = out.write_fmt(arguments);
}

fn hex(bytes: &[u8], out: &mut BytesMut) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.reserve(2 + bytes.len() * 2);
    out.put_slice(b"\\x");
    for byte in bytes {
        out.put_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
}

/// Year, month and day, and whether the year is one before Christ.
fn ymd(date: Date, out: &mut BytesMut) -> bool {
    let (year, month, day) = date.ymd();
    let bc = year <= 0;
    let year = if bc { 1 - i64::from(year) } else { i64::from(year) };
    formatted(out, format_args!("{year:04}-{month:02}-{day:02}"));
    bc
}

fn era(bc: bool, out: &mut BytesMut) {
    if bc {
        out.put_slice(b" BC");
    }
}

fn date(value: Date, out: &mut BytesMut) {
    if matches!(value, Date::INFINITY | Date::NEG_INFINITY) {
        return formatted(out, format_args!("{value}"));
    }
    let bc = ymd(value, out);
    era(bc, out);
}

fn timestamp(value: Timestamp, offset: &str, out: &mut BytesMut) {
    if matches!(value, Timestamp::INFINITY | Timestamp::NEG_INFINITY) {
        return formatted(out, format_args!("{value}"));
    }
    // Microseconds of 64 bits are at most 106,751,992 days, which fit.
    let days = value.micros().div_euclid(DAY) as i32;
    let clock = Time::from_micros(value.micros().rem_euclid(DAY)).with_nanos(value.nanos());
    let bc = ymd(Date::from_days(days), out);
    formatted(out, format_args!(" {clock}{offset}"));
    era(bc, out);
}

/// In UTC: the offset that a moment was written with is not a part of it.
fn timestamp_tz(value: TimestampTz, out: &mut BytesMut) {
    timestamp(value.utc(), "+00", out);
}

fn array(value: ArrayRef<'_>, ty: &PgType, out: &mut BytesMut) -> Result<()> {
    let element = match &ty.base().kind {
        Kind::Array(element) => element,
        _ => ty,
    };
    let lengths: Vec<usize> = value.dimensions().map(|d| d.len as usize).collect();
    if value.is_empty() {
        out.put_slice(b"{}");
        return Ok(());
    }
    if value.dimensions().any(|dimension| dimension.lower_bound != 1) {
        for dimension in value.dimensions() {
            let upper = i64::from(dimension.lower_bound) + i64::from(dimension.len) - 1;
            formatted(out, format_args!("[{}:{upper}]", dimension.lower_bound));
        }
        out.put_u8(b'=');
    }
    let mut at = 0;
    level(value, &lengths, &mut at, element, out)
}

/// Writes the elements from `at` on as rows of these lengths.
fn level(
    value: ArrayRef<'_>,
    lengths: &[usize],
    at: &mut usize,
    element: &PgType,
    out: &mut BytesMut,
) -> Result<()> {
    out.put_u8(b'{');
    let (len, inner) = lengths.split_first().map_or((value.len(), &[][..]), |(l, rest)| (*l, rest));
    for index in 0..len {
        if index > 0 {
            out.put_u8(element.delimiter);
        }
        if inner.is_empty() {
            array_element(value.get(*at), element, out)?;
            *at += 1;
        } else {
            level(value, inner, at, element, out)?;
        }
    }
    out.put_u8(b'}');
    Ok(())
}

fn array_element(value: ValueRef<'_>, ty: &PgType, out: &mut BytesMut) -> Result<()> {
    match value {
        ValueRef::Null => out.put_slice(b"NULL"),
        // An array within an array is a further dimension.
        ValueRef::Array(inner) => array(inner, ty, out)?,
        _ => {
            let start = out.len();
            write(value, ty, out)?;
            let is_special =
                |byte: u8| matches!(byte, b'"' | b'\\' | b'{' | b'}') || byte == ty.delimiter;
            let written = &out[start..];
            if needs_quotes(written, is_special) || written.eq_ignore_ascii_case(b"NULL") {
                quote(start, out);
            }
        }
    }
    Ok(())
}

fn composite(value: CompositeRef<'_>, ty: &PgType, out: &mut BytesMut) -> Result<()> {
    let fields = match &ty.base().kind {
        Kind::Composite(fields) => fields.as_slice(),
        _ => &[],
    };
    out.put_u8(b'(');
    for (index, value) in value.iter().enumerate() {
        if index > 0 {
            out.put_u8(b',');
        }
        let start = out.len();
        write(value, fields.get(index).map_or(ty, |field| &field.ty), out)?;
        let is_special = |byte: u8| matches!(byte, b'"' | b'\\' | b'(' | b')' | b',');
        if !value.is_null() && needs_quotes(&out[start..], is_special) {
            quote(start, out);
        }
    }
    out.put_u8(b')');
    Ok(())
}

fn needs_quotes(text: &[u8], is_special: impl Fn(u8) -> bool) -> bool {
    text.is_empty()
        || text.iter().any(|&byte| is_special(byte) || byte.is_ascii_whitespace() || byte == 0x0B)
}

/// Puts quotes around what was written from `start` on, and a backslash before each quote in it.
pub(super) fn quote(start: usize, out: &mut BytesMut) {
    let text = out.split_off(start);
    out.reserve(text.len() + 2);
    out.put_u8(b'"');
    for &byte in &text {
        if matches!(byte, b'"' | b'\\') {
            out.put_u8(b'\\');
        }
        out.put_u8(byte);
    }
    out.put_u8(b'"');
}
