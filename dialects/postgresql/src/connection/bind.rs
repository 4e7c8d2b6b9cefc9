//! Parameters on their way to the server: the Bind message.

use std::sync::Arc;

use aludel::dbapi::{ParamRows, Params};
use aludel::error::{Error, Result};
use bytes::{BufMut, BytesMut};

use super::link::Link;
use super::prepared::Prepared;
use crate::types::{self, Format, Oid, PgType};

/// Most parameters of a statement: their number has 16 bits on the wire.
pub(super) const MAX_PARAMETERS: usize = 65_535;

/// Refuses more parameters than fit.
///
/// # Errors
/// `Programming` with SQLSTATE 54023 (too many arguments).
pub(super) fn check_count(count: usize) -> Result<()> {
    if count <= MAX_PARAMETERS {
        return Ok(());
    }
    Err(Error::programming(format!(
        "a statement takes at most {MAX_PARAMETERS} parameters, not {count}"
    ))
    .with_sqlstate("54023")
    .with_help("send fewer rows at once, or one array and any($1) or unnest($1)"))
}

/// The types to declare when the statement is parsed; none when the server is to find them all.
pub(super) fn declared_types(params: Params<'_>) -> Vec<Oid> {
    let mut declared: Vec<Oid> = params.iter().map(types::declared_type).collect();
    let meant = declared.iter().rposition(|oid| *oid != 0).map_or(0, |last| last + 1);
    declared.truncate(meant);
    declared
}

/// True when these parameters would have the same types declared.
#[inline]
pub(super) fn are_declared(declared: &[Oid], params: Params<'_>) -> bool {
    let at = |index: usize| declared.get(index).copied().unwrap_or(0);
    params.iter().enumerate().all(|(index, value)| types::declared_type(value) == at(index))
}

impl Link {
    /// Binds parameters to a statement that is known, and asks for each column in its best form.
    ///
    /// # Errors
    /// When their number is wrong, or one does not fit its type.
    pub(super) fn bind(&mut self, prepared: &Prepared, params: Params<'_>) -> Result<()> {
        if params.len() != prepared.parameters.len() {
            return Err(wrong_count(prepared.parameters.len(), params.len()));
        }
        let base = begin(&mut self.out, &prepared.name);
        let types = &prepared.parameters;
        put_parameters(&mut self.out, params, |index| &types[index])?;
        let columns = &prepared.columns;
        let binary = columns.iter().filter(|column| column.binary).count();
        put_formats(&mut self.out, columns.len(), binary, |index| columns[index].binary);
        end(&mut self.out, base)
    }

    /// Binds each column of parameters, as one array, to a statement that takes arrays of the types
    /// of this one's parameters.
    ///
    /// # Errors
    /// When a value does not fit its type.
    pub(super) fn bind_columns(
        &mut self,
        name: &str,
        types: &[Arc<PgType>],
        params: ParamRows<'_>,
    ) -> Result<()> {
        let base = begin(&mut self.out, name);
        let format = |index: usize| types::column_format(&params, index, &types[index]);
        let formats: Vec<Format> = (0..types.len()).map(format).collect();
        self.out.put_u16(types.len() as u16);
        formats.iter().for_each(|format| self.out.put_u16(*format as u16));
        self.out.put_u16(types.len() as u16);
        for (index, (ty, format)) in types.iter().zip(formats).enumerate() {
            types::append_column(&params, index, ty, format, &mut self.out)?;
        }
        self.out.put_u16(0);
        end(&mut self.out, base)
    }

    /// Binds parameters to a statement of which nothing is known but what was declared, and asks for
    /// text.
    ///
    /// # Errors
    /// When a value has no form in text.
    pub(super) fn bind_unseen(
        &mut self,
        name: &str,
        params: Params<'_>,
        declared: &[Oid],
    ) -> Result<()> {
        let base = begin(&mut self.out, name);
        let unknown = PgType::unknown(UNKNOWN);
        let types: Vec<Option<PgType>> = declared.iter().map(|oid| types::builtin(*oid)).collect();
        let ty = |index: usize| types.get(index).and_then(Option::as_ref).unwrap_or(&unknown);
        put_parameters(&mut self.out, params, ty)?;
        put_formats(&mut self.out, 0, 0, |_| false);
        end(&mut self.out, base)
    }
}

/// The pseudo-type of a literal.
const UNKNOWN: Oid = 705;

/// Tag, room for the length, the unnamed portal, and the statement.
fn begin(out: &mut BytesMut, name: &str) -> usize {
    out.put_u8(b'B');
    let base = out.len();
    out.put_slice(&[0; 5]);
    out.put_slice(name.as_bytes());
    out.put_u8(0);
    base
}

fn end(out: &mut BytesMut, base: usize) -> Result<()> {
    let len = i32::try_from(out.len() - base).map_err(|_| too_large())?;
    out[base..base + 4].copy_from_slice(&len.to_be_bytes());
    Ok(())
}

/// Format codes: none for text only, one for binary only, else one for each.
fn put_formats(out: &mut BytesMut, count: usize, binary: usize, is_binary: impl Fn(usize) -> bool) {
    match binary {
        0 => out.put_u16(0),
        all if all == count => out.put_slice(&[0, 1, 0, 1]),
        _ => {
            out.put_u16(count as u16);
            (0..count).for_each(|index| out.put_i16(i16::from(is_binary(index))));
        }
    }
}

/// Format codes and values in one pass over the parameters.
fn put_parameters<'t>(
    out: &mut BytesMut,
    params: Params<'_>,
    ty: impl Fn(usize) -> &'t PgType,
) -> Result<()> {
    let count = params.len();
    out.put_u16(count as u16);
    let formats = out.len();
    out.put_bytes(0, 2 * count);
    out.put_u16(count as u16);
    for index in 0..count {
        let (value, ty) = (params.get(index), ty(index));
        let format = types::parameter_format(value, ty);
        out[formats + 2 * index + 1] = format as u8;
        types::append(value, ty, format, out)
            .map_err(|error| error.with_note("parameter", format!("${}", index + 1)))?;
    }
    Ok(())
}

#[cold]
fn too_large() -> Error {
    Error::data("the parameters are larger than a message of the protocol can hold")
        .with_sqlstate("54000")
        .with_help("one message holds at most 1 GiB; use large objects, or several rows")
}

#[cold]
fn wrong_count(wanted: usize, given: usize) -> Error {
    Error::programming(format!("the statement has {wanted} parameters, and {given} were given"))
        .with_sqlstate("07001")
        .with_help("give one value for each of $1, $2, …")
}
