//! Reading the errors that a dialect writes.

use crate::abi::failure::{EXTRA_HEADER, ErrorOut, error_extra, error_flag};
use crate::error::{Constraint, ConstraintKind, Error, ErrorKind};

/// Memory of the host for one [`ErrorOut`]; kept by each connection, so that failing allocates nothing.
pub(crate) struct ErrorBuffer {
    bytes: Box<[u8; 8192]>,
}

impl ErrorBuffer {
    pub(crate) fn new() -> Self {
        ErrorBuffer { bytes: Box::new([0; 8192]) }
    }

    /// An empty error over this buffer.
    pub(crate) fn out(&mut self) -> ErrorOut {
        ErrorOut {
            kind: 0,
            constraint: 0,
            sqlstate: [0; 8],
            native_code: 0,
            failing_row: u64::MAX,
            flags: 0,
            message_len: 0,
            extras_len: 0,
            capacity: self.bytes.len() as u32,
            buffer: self.bytes.as_mut_ptr(),
            reserved: [0; 2],
        }
    }

    /// The error that the plugin wrote. Lengths that lie outside the buffer are cut to it.
    #[cold]
    pub(crate) fn read(&self, out: &ErrorOut, dialect: &str) -> Error {
        let message_len = (out.message_len as usize).min(self.bytes.len());
        let extras_end = message_len.saturating_add(out.extras_len as usize).min(self.bytes.len());
        let message = String::from_utf8_lossy(&self.bytes[..message_len]).into_owned();
        let kind = match out.kind {
            0 => ErrorKind::Database,
            code => ErrorKind::from_code(code),
        };
        let mut error = Error::new(kind, message);
        if kind == ErrorKind::Panic {
            error = error.with_code("P10").with_help(
                "the connection is not used again; report this to the author of the dialect",
            );
        }
        error.0.dialect = Some(dialect.to_owned());
        if out.sqlstate[0] != 0 {
            error = error.with_sqlstate(&String::from_utf8_lossy(&out.sqlstate[..5]));
        }
        if out.flags & error_flag::NATIVE_CODE != 0 {
            error.0.native_code = Some(out.native_code);
        }
        if out.failing_row != u64::MAX {
            error.0.failing_row = Some(out.failing_row);
        }
        error.0.disconnect = out.flags & error_flag::DISCONNECT != 0;
        error.0.retryable = out.flags & error_flag::RETRYABLE != 0;
        error.0.transaction_aborted = out.flags & error_flag::TRANSACTION_ABORTED != 0;
        error.0.constraint = ConstraintKind::from_code(out.constraint).map(Constraint::new);
        for (key, text) in Extras(&self.bytes[message_len..extras_end]) {
            apply_extra(&mut error, key, text);
        }
        error
    }
}

struct Extras<'a>(&'a [u8]);

impl Iterator for Extras<'_> {
    type Item = (u16, String);

    fn next(&mut self) -> Option<Self::Item> {
        let key = u16::from_le_bytes(self.0.get(..2)?.try_into().ok()?);
        let len = u32::from_le_bytes(self.0.get(2..EXTRA_HEADER)?.try_into().ok()?) as usize;
        let bytes = self.0.get(EXTRA_HEADER..)?.get(..len)?;
        self.0 = &self.0[EXTRA_HEADER + len..];
        Some((key, String::from_utf8_lossy(bytes).into_owned()))
    }
}

fn apply_extra(error: &mut Error, key: u16, text: String) {
    let inner = &mut error.0;
    match (key, &mut inner.constraint) {
        (error_extra::CONSTRAINT, Some(constraint)) => constraint.name = Some(text),
        (error_extra::SCHEMA, Some(constraint)) => constraint.schema = Some(text),
        (error_extra::TABLE, Some(constraint)) => constraint.table = Some(text),
        (error_extra::COLUMN, Some(constraint)) => constraint.columns.push(text),
        (error_extra::DATA_TYPE, _) => inner.data_type = Some(text),
        (error_extra::DETAIL, _) => inner.detail = Some(text),
        (error_extra::HINT, _) => inner.hint = Some(text),
        (error_extra::POSITION, _) => inner.position = text.parse().ok(),
        (error_extra::WHERE, _) => inner.context = Some(text),
        (error_extra::HELP, _) => inner.help = Some(text),
        (error_extra::NOTE, _) => {
            let (label, text) = text.split_once('\n').unwrap_or(("note", &text));
            inner.notes.push((label.to_owned(), text.to_owned()));
        }
        // A key of a newer plugin, or a constraint's field without a constraint.
        _ => {}
    }
}
