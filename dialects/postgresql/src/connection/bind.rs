//! Parameters on their way to the server: the Bind message.

use std::sync::Arc;

use aludel::dbapi::Params;
use aludel::error::{Error, Result};
use bytes::{BufMut, BytesMut};

use super::link::Link;
use super::prepared::Prepared;
use crate::types::{self, Format, PgType};

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
    .with_help("send fewer rows at once, or an array with unnest()"))
}

impl Link {
    /// Binds parameters to a statement that is known, and asks for each column in its best format.
    pub(super) fn bind(&mut self, prepared: &Prepared, params: Params<'_>) -> Result<()> {
        if params.len() != prepared.parameters.len() {
            return Err(wrong_count(prepared.parameters.len(), params.len()));
        }
        let base = begin(&mut self.out, &prepared.name);
        let types = &prepared.parameters;
        let binary = types.iter().filter(|ty| types::binary_parameter(ty)).count();
        put_formats(&mut self.out, types.len(), binary, |index| {
            types::binary_parameter(&types[index])
        });
        self.out.put_u16(params.len() as u16);
        for (index, ty) in types.iter().enumerate() {
            let format = if types::binary_parameter(ty) { Format::Binary } else { Format::Text };
            put_value(&mut self.out, params, index, (ty, format))?;
        }
        let columns = &prepared.columns;
        let binary = columns.iter().filter(|column| column.binary).count();
        put_formats(&mut self.out, columns.len(), binary, |index| columns[index].binary);
        end(&mut self.out, base)
    }

    /// Binds parameters as text to a statement of which nothing is known, and asks for text.
    pub(super) fn bind_text(&mut self, name: &str, params: Params<'_>) -> Result<()> {
        let base = begin(&mut self.out, name);
        self.out.put_u16(0);
        self.out.put_u16(params.len() as u16);
        let unknown = Arc::new(PgType::unknown(0));
        for index in 0..params.len() {
            put_value(&mut self.out, params, index, (&unknown, Format::Text))?;
        }
        self.out.put_u16(0);
        end(&mut self.out, base)
    }
}

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

fn put_value(
    out: &mut BytesMut,
    params: Params<'_>,
    index: usize,
    (ty, format): (&PgType, Format),
) -> Result<()> {
    let base = out.len();
    out.put_i32(-1);
    let there = types::encode(params.get(index), ty, format, out)
        .map_err(|error| error.with_note("parameter", format!("${}", index + 1)))?;
    if there {
        let len = i32::try_from(out.len() - base - 4).map_err(|_| too_large())?;
        out[base..base + 4].copy_from_slice(&len.to_be_bytes());
    }
    Ok(())
}

#[cold]
fn too_large() -> Error {
    Error::data("a value is larger than a message of the protocol can hold")
        .with_sqlstate("54000")
        .with_help("one message holds at most 1 GiB; use large objects, or several rows")
}

#[cold]
fn wrong_count(wanted: usize, given: usize) -> Error {
    Error::programming(format!("the statement has {wanted} parameters, and {given} were given"))
        .with_sqlstate("07001")
}
