//! Rows of values as the bytes of COPY: binary when all of them have that form, else text.

use aludel::dbapi::{ParamRows, Params};
use aludel::error::{Error, Result};
use bytes::{BufMut, BytesMut};

use super::columns::Target;
use crate::types::{self, Format};

/// Signature, flags, and the length of an extension that there is not.
const BINARY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// A row of -1 columns.
const BINARY_TRAILER: &[u8] = b"\xff\xff";

/// How rows of values become bytes.
#[derive(Debug)]
pub(super) struct RowWriter {
    columns: Vec<Target>,
    format: Format,
    /// The text of a value before it is escaped.
    text: BytesMut,
    /// Rows that were taken.
    pub(super) taken: u64,
}

impl RowWriter {
    pub(super) fn new(columns: Vec<Target>, format: Format) -> Self {
        RowWriter { columns, format, text: BytesMut::new(), taken: 0 }
    }

    /// What comes before the first row.
    pub(super) fn head(&self) -> &'static [u8] {
        if self.format == Format::Binary { BINARY_HEADER } else { b"" }
    }

    /// What comes after the last row.
    pub(super) fn tail(&self) -> &'static [u8] {
        if self.format == Format::Binary { BINARY_TRAILER } else { b"" }
    }

    /// Appends a row, or nothing when it cannot be sent.
    ///
    /// # Errors
    /// `Programming` for a row of another width, `Data` for a value that does not fit its column.
    pub(super) fn append(&mut self, row: Params<'_>, out: &mut BytesMut) -> Result<()> {
        let start = out.len();
        let appended = self.check_width(row).and_then(|()| match self.format {
            Format::Binary => self.binary(row, out),
            Format::Text => self.text(row, out),
        });
        if let Err(error) = appended {
            out.truncate(start);
            return Err(error.with_failing_row(self.taken));
        }
        self.taken += 1;
        Ok(())
    }

    fn check_width(&self, row: Params<'_>) -> Result<()> {
        let (columns, values) = (self.columns.len(), row.len());
        if columns == values {
            return Ok(());
        }
        Err(Error::programming(format!("{values} values were given for {columns} columns"))
            .with_sqlstate("07001")
            .with_help("name the columns that the rows have values for, in their order"))
    }

    fn binary(&self, row: Params<'_>, out: &mut BytesMut) -> Result<()> {
        out.put_u16(self.columns.len() as u16);
        for (index, column) in self.columns.iter().enumerate() {
            let value = row.get(index);
            types::append(value, &column.ty, Format::Binary, out).map_err(|error| {
                let error = error.with_note("column", column.name.clone());
                if types::parameter_format(value, &column.ty) == Format::Binary {
                    return error;
                }
                error.with_help(
                    "the rows before had values of other kinds, and went in binary; have all go \
                     as text by the option `format` = `text`",
                )
            })?;
        }
        Ok(())
    }

    fn text(&mut self, row: Params<'_>, out: &mut BytesMut) -> Result<()> {
        for (index, column) in self.columns.iter().enumerate() {
            if index > 0 {
                out.put_u8(b'\t');
            }
            let value = row.get(index);
            if value.is_null() {
                out.put_slice(b"\\N");
                continue;
            }
            self.text.clear();
            types::encode(value, &column.ty, Format::Text, &mut self.text)
                .map_err(|error| error.with_note("column", column.name.clone()))?;
            escape(&self.text, out);
        }
        out.put_u8(b'\n');
        Ok(())
    }
}

/// The form that these rows can go in.
pub(super) fn best_format(rows: ParamRows<'_>, columns: &[Target]) -> Format {
    let is_binary = |row: Params<'_>| {
        let mut values = row.iter().zip(columns);
        values.all(|(value, column)| types::parameter_format(value, &column.ty) == Format::Binary)
    };
    // A column of NULLs says nothing about the values that follow them.
    let may_be = columns.iter().all(|column| types::has_binary_form(&column.ty));
    if may_be && rows.iter().all(is_binary) { Format::Binary } else { Format::Text }
}

/// Appends text with the characters escaped that mean something to COPY.
fn escape(text: &[u8], out: &mut BytesMut) {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r'))
    {
        out.put_slice(&rest[..at]);
        out.put_u8(b'\\');
        out.put_u8(match rest[at] {
            b'\t' => b't',
            b'\n' => b'n',
            b'\r' => b'r',
            other => other,
        });
        rest = &rest[at + 1..];
    }
    out.put_slice(rest);
}
