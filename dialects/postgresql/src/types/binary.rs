//! Values in binary form, of every type that is asked for in it.

use aludel::abi::constants::tag;
use aludel::value::{Array, Dimension, TimestampTz, Uuid, Value, ValueRef};

use super::decoded::Decoded;
use super::malformed::{Bytes, Malformed, Read, fixed};
use super::moment::{self, Moment};
use super::pg_type::{Field, Kind, PgType};
use super::{interval, network, numeric};

/// Most dimensions of an array (the server's MAXDIM).
pub(super) const MAX_DIMENSIONS: usize = 6;

/// Bytes of text that the numbers of one value may make, and how often its own length if that is
/// more. Eight bytes make a number of 131,072 digits, so few of a server that lies would take all
/// memory; a number that stands alone is let be.
const NUMBERS: usize = 16 << 20;
const NUMBERS_PER_BYTE: usize = 64;

/// Elements of an array that room is made for before they are read.
const FIRST_ELEMENTS: usize = 1024;

/// Reads a value of this type.
pub(super) fn read<'a>(ty: &PgType, bytes: &'a [u8]) -> Read<Decoded<'a>> {
    let mut room = bytes.len().saturating_mul(NUMBERS_PER_BYTE).max(NUMBERS);
    read_within(&mut room, ty, bytes)
}

/// Reads a value whose numbers may make so many bytes of text.
fn read_within<'a>(room: &mut usize, ty: &PgType, bytes: &'a [u8]) -> Read<Decoded<'a>> {
    let plain = Decoded::Plain;
    Ok(match &ty.kind {
        Kind::Bool => plain(ValueRef::Bool(fixed::<1>(bytes)? != [0])),
        Kind::Bytea => plain(ValueRef::Bytes(bytes)),
        Kind::Char => char_text(fixed(bytes)?),
        Kind::Int2 => plain(ValueRef::I64(i16::from_be_bytes(fixed(bytes)?).into())),
        Kind::Int4 => plain(ValueRef::I64(i32::from_be_bytes(fixed(bytes)?).into())),
        Kind::Int8 => plain(ValueRef::I64(i64::from_be_bytes(fixed(bytes)?))),
        Kind::UInt4 => plain(ValueRef::I64(u32::from_be_bytes(fixed(bytes)?).into())),
        Kind::UInt8 => plain(ValueRef::U64(u64::from_be_bytes(fixed(bytes)?))),
        Kind::Float4 => plain(ValueRef::F32(f32::from_be_bytes(fixed(bytes)?))),
        Kind::Float8 => plain(ValueRef::F64(f64::from_be_bytes(fixed(bytes)?))),
        Kind::Numeric => {
            numeric::with_text(bytes, |text| decimal(room, text))?.map(Decoded::Made)?
        }
        Kind::Text | Kind::Void | Kind::Enum(_) => Decoded::text(bytes),
        Kind::Date => plain(ValueRef::Date(moment::date(bytes)?)),
        Kind::Time => plain(ValueRef::Time(moment::time(bytes)?)),
        Kind::TimeTz => time_tz(ty, bytes)?,
        Kind::Timestamp => match moment::timestamp(bytes)? {
            Moment::Timestamp(value) => plain(ValueRef::Timestamp(value)),
            Moment::Beyond(micros) => Decoded::made_other(ty, moment::beyond_text(micros)),
        },
        Kind::TimestampTz => match moment::timestamp(bytes)? {
            Moment::Timestamp(value) => plain(ValueRef::TimestampTz(TimestampTz::from_utc(value))),
            Moment::Beyond(micros) => {
                Decoded::made_other(ty, format!("{}+00", moment::beyond_text(micros)))
            }
        },
        Kind::Interval => plain(ValueRef::Interval(interval::from_binary(bytes)?)),
        Kind::Uuid => plain(ValueRef::Uuid(Uuid(fixed(bytes)?))),
        Kind::Json => Decoded::Lent(tag::JSON, bytes),
        Kind::Jsonb => match bytes {
            [1, text @ ..] => Decoded::Lent(tag::JSON, text),
            _ => return Err(Malformed("its version is unknown")),
        },
        Kind::Network => Decoded::made_other(ty, network::network_text(bytes)?),
        Kind::MacAddress => Decoded::made_other(ty, network::mac_address_text(bytes)?),
        Kind::Bit => Decoded::made_other(ty, network::bit_text(bytes)?),
        Kind::Domain(base) => return read_within(room, &base.ty, bytes),
        Kind::Array(element) => Decoded::Made(Value::Array(array(room, element, bytes)?)),
        Kind::Composite(fields) => Decoded::Made(Value::Struct(composite(room, fields, bytes)?)),
        Kind::String | Kind::Xml | Kind::Range | Kind::Record | Kind::Other => {
            return Err(Malformed("its binary form was not asked for"));
        }
    })
}

/// True when [`read`] knows the binary form of the type.
pub(super) fn is_readable(ty: &PgType) -> bool {
    match &ty.kind {
        Kind::String | Kind::Xml | Kind::Range | Kind::Record | Kind::Other => false,
        Kind::Domain(base) => is_readable(&base.ty),
        Kind::Array(element) => is_readable(element),
        Kind::Composite(fields) => fields.iter().all(|field| is_readable(&field.ty)),
        _ => true,
    }
}

/// The byte as servers since version 15 write it as text.
fn char_text<'a>([byte]: [u8; 1]) -> Decoded<'a> {
    let text = match byte {
        0 => String::new(),
        1..0x80 => char::from(byte).to_string(),
        _ => format!("\\{byte:03o}"),
    };
    Decoded::Made(Value::Text(text))
}

fn time_tz<'a>(ty: &PgType, bytes: &[u8]) -> Read<Decoded<'a>> {
    let (time, east) = moment::time_tz(bytes)?;
    Ok(match moment::with_offset(time, east) {
        Some(time) => Decoded::Plain(ValueRef::Time(time)),
        None => Decoded::made_other(ty, moment::time_tz_text(time, east)),
    })
}

fn decimal(room: &mut usize, text: &str) -> Read<Value> {
    *room = room.checked_sub(text.len()).ok_or(Malformed("its numbers have too many digits"))?;
    Ok(Value::Decimal(text.into()))
}

fn array(room: &mut usize, element: &PgType, bytes: &[u8]) -> Read<Array> {
    let mut bytes = Bytes(bytes);
    let count = usize::try_from(bytes.i32()?).unwrap_or(usize::MAX);
    let _has_nulls = bytes.i32()?;
    if count > MAX_DIMENSIONS {
        return Err(Malformed("it has too many dimensions"));
    }
    if bytes.u32()? != element.oid {
        return Err(Malformed("its elements are of another type"));
    }
    let mut dimensions = Vec::with_capacity(count);
    let mut total = Some(u64::from(count > 0));
    for _ in 0..count {
        let (len, lower_bound) = (bytes.i32()?, bytes.i32()?);
        let len = u32::try_from(len).map_err(|_| Malformed("a dimension is negative"))?;
        total = total.and_then(|total| total.checked_mul(len.into()));
        dimensions.push(Dimension { len, lower_bound });
    }
    // Each element has a length at least: a count that lies is found out before memory is taken.
    let total = total
        .and_then(|total| usize::try_from(total).ok())
        .filter(|total| *total <= bytes.0.len() / 4)
        .ok_or(Malformed("it has fewer elements than its dimensions tell"))?;
    let mut elements = Vec::with_capacity(total.min(FIRST_ELEMENTS));
    for _ in 0..total {
        elements.push(nested(room, element, bytes.value()?)?);
    }
    bytes.end()?;
    Array::with_dimensions(dimensions, elements).map_err(|_| Malformed("its dimensions"))
}

fn composite(room: &mut usize, fields: &[Field], bytes: &[u8]) -> Read<Vec<Value>> {
    let mut bytes = Bytes(bytes);
    if usize::try_from(bytes.i32()?) != Ok(fields.len()) {
        return Err(Malformed("it has another number of fields than its type"));
    }
    let mut values = Vec::with_capacity(fields.len());
    for field in fields {
        if bytes.u32()? != field.ty.oid {
            return Err(Malformed("a field is of another type"));
        }
        values.push(nested(room, &field.ty, bytes.value()?)?);
    }
    bytes.end()?;
    Ok(values)
}

fn nested(room: &mut usize, ty: &PgType, bytes: Option<&[u8]>) -> Read<Value> {
    match bytes {
        Some(bytes) => read_within(room, ty, bytes)?.into_value(ty),
        None => Ok(Value::Null),
    }
}
