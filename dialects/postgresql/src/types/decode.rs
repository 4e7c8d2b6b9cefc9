//! From the bytes of a data row to the cells of the host.

use aludel::Result;
use aludel::abi::constants::tag;
use aludel::dbapi::RowBuilder;
use aludel::value::ValueRef;

use super::malformed::{Read, fixed};
use super::pg_type::{Kind, PgType};
use super::{binary, numeric, text};

/// Writes a value that came in binary form. Text and bytes are lent from `bytes`.
///
/// # Errors
/// `Data` when the bytes are not of the type's form, or the type's binary form is not known because
/// [`binary_results`] said so.
#[inline]
pub(crate) fn decode_binary<'a>(
    row: &mut RowBuilder<'_, '_, 'a>,
    ty: &PgType,
    bytes: &'a [u8],
) -> Result<()> {
    // The usual types on the shortest way; the rest would only make it longer.
    let read: Read<()> = match &ty.kind {
        Kind::Int4 => fixed(bytes).map(|bytes| row.i64(i32::from_be_bytes(bytes).into())),
        Kind::Int8 => fixed(bytes).map(|bytes| row.i64(i64::from_be_bytes(bytes))),
        Kind::Float8 => fixed(bytes).map(|bytes| row.f64(f64::from_be_bytes(bytes))),
        Kind::Text => {
            row.lend_as(tag::TEXT, bytes);
            Ok(())
        }
        Kind::Numeric => numeric::with_text(bytes, |text| row.value(ValueRef::Decimal(text))),
        _ => decode_rare(row, ty, bytes),
    };
    read.map_err(|malformed| malformed.into_error(ty, bytes))
}

#[inline(never)]
fn decode_rare<'a>(row: &mut RowBuilder<'_, '_, 'a>, ty: &PgType, bytes: &'a [u8]) -> Read<()> {
    match &ty.kind {
        Kind::Int2 => row.i64(i16::from_be_bytes(fixed(bytes)?).into()),
        Kind::UInt4 => row.i64(u32::from_be_bytes(fixed(bytes)?).into()),
        Kind::Bytea => row.lend_bytes(bytes),
        _ => binary::read(ty, bytes)?.put(row),
    }
    Ok(())
}

/// Writes a value that came in text form. What stays text is lent from `bytes`.
///
/// # Errors
/// `Data` when the text is not of the type's form.
pub(crate) fn decode_text<'a>(
    row: &mut RowBuilder<'_, '_, 'a>,
    ty: &PgType,
    bytes: &'a [u8],
) -> Result<()> {
    match text::read(ty, bytes) {
        Ok(value) => value.put(row),
        Err(malformed) => return Err(malformed.into_error(ty, bytes)),
    }
    Ok(())
}

/// Whether values of this type are to be asked for in binary form: where the other form would lose
/// something, or takes longer to read. The server writes the text of the rest better than we could.
pub(crate) fn binary_results(ty: &PgType) -> bool {
    match &ty.kind {
        Kind::Char | Kind::Network | Kind::MacAddress | Kind::Bit => false,
        _ => binary::is_readable(ty),
    }
}
