//! Parameters: from values to the bytes of Bind and of COPY.

use aludel::Result;
use aludel::value::ValueRef;
use bytes::{BufMut, BytesMut};

use super::pg_type::{Kind, Oid, PgType};
use super::{refused, write_binary, write_text};

/// The form of a value on the wire, by its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text = 0,
    Binary = 1,
}

pub(crate) const BYTEA: Oid = 17;
const UNKNOWN: Oid = 705;
const TIMESTAMP_TZ: Oid = 1184;
const TIME_TZ: Oid = 1266;

/// The type to declare for a parameter when its statement is parsed, before the server has told
/// one; 0 leaves it to the server.
///
/// Declared are values whose text would be taken for something else without a word: the digits of
/// bytes for a text, a moment for the clock that it is written with. The server then converts or
/// refuses them by the rules that it has for their types.
pub(crate) fn declared_type(value: ValueRef<'_>) -> Oid {
    match value {
        ValueRef::Bytes(_) => BYTEA,
        ValueRef::TimestampTz(_) => TIMESTAMP_TZ,
        ValueRef::Time(time) if time.offset_minutes().is_some() => TIME_TZ,
        _ => 0,
    }
}

/// Whether the text of a value depends on its type, so that the server must tell that first: between
/// the elements of an array of boxes stand semicolons, and extensions may have other characters.
pub(crate) fn depends_on_type(value: ValueRef<'_>) -> bool {
    let ValueRef::Array(array) = value else { return false };
    array.iter().any(|element| matches!(element, ValueRef::Other { .. }))
}

/// Whether the server would take the text of a value for something else without a word. Does not
/// happen where the value's type [was declared](declared_type).
fn is_misread(value: ValueRef<'_>, ty: &PgType) -> bool {
    match (&ty.base().kind, value) {
        (Kind::Text | Kind::String | Kind::Enum(_), ValueRef::Bytes(_)) => ty.oid != UNKNOWN,
        (Kind::Timestamp | Kind::Date | Kind::Time, ValueRef::TimestampTz(_)) => true,
        (Kind::Time, ValueRef::Time(time)) => time.offset_minutes().is_some(),
        _ => false,
    }
}

/// The form to send a value in: binary where that is exactly what the server would make of its
/// text, else text, which the server reads or refuses.
pub(crate) fn parameter_format(value: ValueRef<'_>, ty: &PgType) -> Format {
    if write_binary::is_writable(value, ty) { Format::Binary } else { Format::Text }
}

/// Appends a value, without its length; nothing for NULL.
///
/// # Errors
/// `Data` for a value that does not fit the type, or that has no binary form in it where that is
/// asked for ([`parameter_format`] tells); `NotSupported` for maps. What was appended until then
/// must be cut off.
pub(crate) fn encode(
    value: ValueRef<'_>,
    ty: &PgType,
    format: Format,
    out: &mut BytesMut,
) -> Result<()> {
    if value.is_null() {
        return Ok(());
    }
    if format == Format::Binary {
        return write_binary::write(value, ty, out);
    }
    if is_misread(value, ty) {
        return Err(refused::misread(value, ty));
    }
    write_text::write(value, ty, out)
}

/// The value's own bytes, where they are what goes over the wire: nothing has to be appended then.
pub(crate) fn verbatim<'v>(value: ValueRef<'v>, ty: &PgType, format: Format) -> Option<&'v [u8]> {
    match (format, &ty.base().kind, value) {
        (Format::Binary, Kind::Bytea, ValueRef::Bytes(bytes)) => Some(bytes),
        (Format::Binary, Kind::Text, ValueRef::Text(text) | ValueRef::Json(text))
        | (Format::Binary, Kind::Json, ValueRef::Json(text) | ValueRef::Text(text))
        | (Format::Text, _, ValueRef::Text(text) | ValueRef::Json(text)) => Some(text.as_bytes()),
        _ => None,
    }
}

/// Appends a length and the value, as Bind and the rows of binary COPY have it; for NULL the
/// length -1.
///
/// # Errors
/// As [`encode`].
pub(crate) fn append(
    value: ValueRef<'_>,
    ty: &PgType,
    format: Format,
    out: &mut BytesMut,
) -> Result<()> {
    if value.is_null() {
        out.put_i32(-1);
        return Ok(());
    }
    write_binary::with_length(out, |out| encode(value, ty, format, out))
}
