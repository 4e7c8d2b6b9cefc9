//! PostgreSQL's types: which there are, and their values on the wire in binary and in text.

use aludel::dbapi::{RowBuilder, SqlType, TypeKind};
use aludel::error::{Error, Result};
use aludel::value::ValueRef;
use bytes::{BufMut, BytesMut};

#[derive(Debug, Clone)]
pub(crate) struct PgType {
    pub(crate) oid: u32,
    pub(crate) name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Binary,
}

impl PgType {
    pub(crate) fn builtin(oid: u32) -> Option<PgType> {
        let name = match oid {
            16 => "bool",
            20 => "int8",
            21 => "int2",
            23 => "int4",
            25 => "text",
            701 => "float8",
            1043 => "varchar",
            705 => "unknown",
            _ => return None,
        };
        Some(PgType { oid, name: name.to_owned() })
    }

    pub(crate) fn unknown(oid: u32) -> PgType {
        PgType { oid, name: "unknown".to_owned() }
    }
}

pub(crate) fn binary_results(ty: &PgType) -> bool {
    matches!(ty.oid, 16 | 20 | 21 | 23 | 701)
}

pub(crate) fn decode_binary<'a>(
    row: &mut RowBuilder<'_, '_, 'a>,
    ty: &PgType,
    bytes: &'a [u8],
) -> Result<()> {
    let bad = |_| Error::data("a value has the wrong length");
    match ty.oid {
        16 => row.value(ValueRef::Bool(bytes.first() == Some(&1))),
        21 => row.i64(i64::from(i16::from_be_bytes(bytes.try_into().map_err(bad)?))),
        23 => row.i64(i64::from(i32::from_be_bytes(bytes.try_into().map_err(bad)?))),
        20 => row.i64(i64::from_be_bytes(bytes.try_into().map_err(bad)?)),
        701 => row.f64(f64::from_be_bytes(bytes.try_into().map_err(bad)?)),
        _ => return decode_text(row, ty, bytes),
    }
    Ok(())
}

pub(crate) fn decode_text<'a>(
    row: &mut RowBuilder<'_, '_, 'a>,
    _ty: &PgType,
    bytes: &'a [u8],
) -> Result<()> {
    row.lend_text(std::str::from_utf8(bytes).map_err(|_| Error::data("text is not UTF-8"))?);
    Ok(())
}

/// Appends the value; false for NULL, which has no bytes.
pub(crate) fn encode(
    value: ValueRef<'_>,
    ty: &PgType,
    format: Format,
    out: &mut BytesMut,
) -> Result<bool> {
    match (value, format, ty.oid) {
        (ValueRef::Null, ..) => return Ok(false),
        (ValueRef::I64(value), Format::Binary, 20) => out.put_i64(value),
        (ValueRef::I64(value), Format::Binary, 23) => out.put_i32(value as i32),
        (ValueRef::I64(value), Format::Binary, 21) => out.put_i16(value as i16),
        (ValueRef::F64(value), Format::Binary, 701) => out.put_f64(value),
        (ValueRef::Text(value), ..) => out.put_slice(value.as_bytes()),
        (ValueRef::I64(value), Format::Text, _) => out.put_slice(value.to_string().as_bytes()),
        (ValueRef::F64(value), Format::Text, _) => out.put_slice(value.to_string().as_bytes()),
        _ => return Err(Error::programming("cannot encode this value")),
    }
    Ok(true)
}

/// Whether parameters of this type are sent in binary.
pub(crate) fn binary_parameter(ty: &PgType) -> bool {
    matches!(ty.oid, 20 | 21 | 23 | 701)
}

pub(crate) fn sql_type(ty: &PgType, _modifier: i32) -> SqlType {
    SqlType::new(TypeKind::Other, ty.name.clone())
}
