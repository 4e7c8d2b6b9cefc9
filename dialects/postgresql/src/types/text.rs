//! Values in text form, of every type.

use aludel::abi::constants::tag;
use aludel::value::{Uuid, Value, ValueRef};

use super::decoded::Decoded;
use super::malformed::{Malformed, Read, text};
use super::nested_text;
use super::pg_type::{Kind, PgType};
use super::{interval, moment};

/// Reads a value of this type.
///
/// Dates, times and intervals that are not written as usual, because the session's `DateStyle` or
/// `IntervalStyle` is another, stay the text that they are.
pub(super) fn read<'a>(ty: &PgType, bytes: &'a [u8]) -> Read<Decoded<'a>> {
    let integer = |number: Option<i64>| {
        number.map(|n| Decoded::Plain(ValueRef::I64(n))).ok_or(Malformed("it is no such number"))
    };
    match &ty.kind {
        Kind::Bool => match bytes {
            b"t" => Ok(Decoded::Plain(ValueRef::Bool(true))),
            b"f" => Ok(Decoded::Plain(ValueRef::Bool(false))),
            _ => Err(Malformed("it is neither t nor f")),
        },
        Kind::Bytea => bytea(bytes).map(|bytes| Decoded::Made(Value::Bytes(bytes))),
        Kind::Int2 => integer(parse::<i16>(bytes).map(Into::into)),
        Kind::Int4 => integer(parse::<i32>(bytes).map(Into::into)),
        Kind::Int8 => integer(parse(bytes)),
        Kind::UInt4 => integer(parse::<u32>(bytes).map(Into::into)),
        Kind::UInt8 => number(bytes, ValueRef::U64),
        Kind::Float4 => number(bytes, ValueRef::F32),
        Kind::Float8 => number(bytes, ValueRef::F64),
        Kind::Numeric => numeric(bytes),
        Kind::Char | Kind::Text | Kind::String | Kind::Xml | Kind::Void | Kind::Enum(_) => {
            Ok(Decoded::text(bytes))
        }
        Kind::Date => or_text(bytes, moment::parse_date, ValueRef::Date),
        Kind::Time => or_text(bytes, |text| text.parse().ok(), ValueRef::Time),
        Kind::TimeTz => or_text(bytes, time_tz, ValueRef::Time),
        Kind::Timestamp => or_text(bytes, moment::parse_timestamp, ValueRef::Timestamp),
        Kind::TimestampTz => or_text(bytes, moment::parse_timestamp_tz, ValueRef::TimestampTz),
        Kind::Interval => or_text(bytes, interval::parse, ValueRef::Interval),
        Kind::Uuid => {
            let uuid: Option<Uuid> = parse(bytes);
            uuid.map(|uuid| Decoded::Plain(ValueRef::Uuid(uuid))).ok_or(Malformed("its digits"))
        }
        Kind::Json | Kind::Jsonb => Ok(Decoded::Lent(tag::JSON, bytes)),
        Kind::Domain(base) => read(&base.ty, bytes),
        Kind::Array(element) => {
            nested_text::array(element, bytes).map(|array| Decoded::Made(Value::Array(array)))
        }
        Kind::Composite(fields) => {
            nested_text::composite(fields, bytes).map(|values| Decoded::Made(Value::Struct(values)))
        }
        Kind::Network | Kind::MacAddress | Kind::Bit | Kind::Range | Kind::Record | Kind::Other => {
            Ok(Decoded::other(bytes))
        }
    }
}

fn parse<T: std::str::FromStr>(bytes: &[u8]) -> Option<T> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

fn number<'a, T: std::str::FromStr>(
    bytes: &[u8],
    value: fn(T) -> ValueRef<'a>,
) -> Read<Decoded<'a>> {
    parse(bytes).map(|n| Decoded::Plain(value(n))).ok_or(Malformed("it is no such number"))
}

fn or_text<'a, T>(
    bytes: &'a [u8],
    parse: impl FnOnce(&str) -> Option<T>,
    value: fn(T) -> ValueRef<'a>,
) -> Read<Decoded<'a>> {
    let parsed = std::str::from_utf8(bytes).ok().and_then(parse);
    Ok(parsed.map_or(Decoded::other(bytes), |parsed| Decoded::Plain(value(parsed))))
}

fn time_tz(text: &str) -> Option<aludel::value::Time> {
    let (time, east) = moment::parse_time_tz(text)?;
    moment::with_offset(time, east)
}

fn numeric(bytes: &[u8]) -> Read<Decoded<'_>> {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let is_number = matches!(bytes, b"NaN")
        || matches!(digits, b"Infinity")
        || (!digits.is_empty() && digits.iter().all(|b| b.is_ascii_digit() || *b == b'.'));
    if !is_number {
        return Err(Malformed("it is no such number"));
    }
    text(bytes).map(|text| Decoded::Plain(ValueRef::Decimal(text)))
}

/// Reads both output forms, `hex` (`\x0a`) and `escape` (`\012`).
fn bytea(bytes: &[u8]) -> Read<Vec<u8>> {
    const MALFORMED: Malformed = Malformed("its digits");
    if let Some(digits) = bytes.strip_prefix(b"\\x") {
        let (pairs, rest) = digits.as_chunks::<2>();
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let decoded = pairs.iter().map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?));
        return if rest.is_empty() {
            decoded.collect::<Option<_>>().ok_or(MALFORMED)
        } else {
            Err(MALFORMED)
        };
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        (rest, _) = match (byte, after) {
            (b'\\', [b'\\', after @ ..]) => (after, decoded.push(b'\\')),
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                (after, decoded.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0')))
            }
            (b'\\', _) => return Err(MALFORMED),
            _ => (after, decoded.push(byte)),
        };
    }
    Ok(decoded)
}
