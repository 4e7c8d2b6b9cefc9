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
    let mut declared: Vec<Oid> =
        (0..params.len()).map(|index| types::declared_at(params, index)).collect();
    let meant = declared.iter().rposition(|oid| *oid != 0).map_or(0, |last| last + 1);
    declared.truncate(meant);
    declared
}

/// True when these parameters would have the same types declared.
#[inline]
pub(super) fn are_declared(declared: &[Oid], params: Params<'_>) -> bool {
    let at = |index: usize| declared.get(index).copied().unwrap_or(0);
    (0..params.len()).all(|index| types::declared_at(params, index) == at(index))
}

/// Longest message that the server takes; a longer one would end the session.
const MAX_MESSAGE: usize = 0x3fff_fffe;

/// Shortest value that is not copied into the flight.
const LARGE: usize = 64 << 10;

/// Values that are sent from where the program has them, each with its place in the flight.
#[derive(Debug, Default)]
#[must_use = "the flight lacks them"]
pub(super) struct Large<'p>(Vec<(usize, &'p [u8])>);

impl<'p> Large<'p> {
    /// Appends the length of a value, and keeps the value for later.
    fn put(&mut self, bytes: &'p [u8], out: &mut BytesMut) -> Result<()> {
        if bytes.len() > MAX_MESSAGE {
            return Err(too_large());
        }
        out.put_u32(bytes.len() as u32);
        self.0.push((out.len(), bytes));
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn len(&self) -> usize {
        self.0.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// The whole flight in pieces, after what is to be sent before it.
    pub(super) fn woven_into<'f>(&'f self, before: &'f [u8], out: &'f [u8]) -> Vec<&'f [u8]> {
        let mut pieces = vec![before];
        let mut at = 0;
        for (place, bytes) in &self.0 {
            pieces.extend([&out[at..*place], bytes]);
            at = *place;
        }
        pieces.push(&out[at..]);
        pieces
    }
}

impl Link {
    /// Binds parameters to a statement that is known, and asks for each column in its best form.
    ///
    /// # Errors
    /// When their number is wrong, or one does not fit its type.
    pub(super) fn bind(&mut self, prepared: &Prepared, params: Params<'_>) -> Result<()> {
        self.bind_parts(prepared, params, None)
    }

    /// The same without large values, which are to be sent with the flight.
    ///
    /// # Errors
    /// As [`Link::bind`].
    pub(super) fn bind_lending<'p>(
        &mut self,
        prepared: &Prepared,
        params: Params<'p>,
    ) -> Result<Large<'p>> {
        let mut large = Large::default();
        self.bind_parts(prepared, params, Some(&mut large))?;
        Ok(large)
    }

    fn bind_parts<'p>(
        &mut self,
        prepared: &Prepared,
        params: Params<'p>,
        mut large: Option<&mut Large<'p>>,
    ) -> Result<()> {
        if params.len() != prepared.parameters.len() {
            return Err(wrong_count(prepared.parameters.len(), params.len()));
        }
        let base = begin(&mut self.out, &prepared.name);
        let types = &prepared.parameters;
        put_parameters(&mut self.out, params, |index| &types[index], large.as_deref_mut())?;
        let columns = &prepared.columns;
        let binary = columns.iter().filter(|column| column.binary).count();
        put_formats(&mut self.out, columns.len(), binary, |index| columns[index].binary);
        end(&mut self.out, base, large.map_or(0, |large| large.len()))
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
        end(&mut self.out, base, 0)
    }

    /// Binds parameters to a statement of which nothing is known but what was declared, and asks for
    /// text.
    ///
    /// # Errors
    /// When a value has no form in text.
    pub(super) fn bind_unseen<'p>(
        &mut self,
        name: &str,
        params: Params<'p>,
        declared: &[Oid],
    ) -> Result<Large<'p>> {
        let base = begin(&mut self.out, name);
        let unknown = PgType::unknown(UNKNOWN);
        let types: Vec<Option<PgType>> = declared.iter().map(|oid| types::builtin(*oid)).collect();
        let ty = |index: usize| types.get(index).and_then(Option::as_ref).unwrap_or(&unknown);
        let mut large = Large::default();
        put_parameters(&mut self.out, params, ty, Some(&mut large))?;
        put_formats(&mut self.out, 0, 0, |_| false);
        end(&mut self.out, base, large.len())?;
        Ok(large)
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

/// Writes the length, with `apart` bytes that are not in `out`.
fn end(out: &mut BytesMut, base: usize, apart: usize) -> Result<()> {
    let len = out.len() - base + apart;
    if len > MAX_MESSAGE {
        return Err(too_large());
    }
    out[base..base + 4].copy_from_slice(&(len as u32).to_be_bytes());
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

/// Format codes and values in one pass over the parameters. Large values are left out where they
/// can go apart.
fn put_parameters<'p, 't>(
    out: &mut BytesMut,
    params: Params<'p>,
    ty: impl Fn(usize) -> &'t PgType,
    mut large: Option<&mut Large<'p>>,
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
        match (types::verbatim(value, ty, format), &mut large) {
            (Some(bytes), Some(large)) if bytes.len() >= LARGE => large.put(bytes, out)?,
            _ => types::append(value, ty, format, out)
                .map_err(|error| error.with_detail(format!("in parameter ${}", index + 1)))?,
        }
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
