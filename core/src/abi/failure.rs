//! How an error crosses: a flat struct over a buffer of the host, message first, then named extras.

use super::layout::{constants, frozen};
use crate::error::Error;

frozen! {
    /// An error; the host owns the buffer and reads it after a call that returned ERROR.
    pub struct ErrorOut {
        /// Kind, see the error kinds.
        pub kind: u32,
        /// Constraint kind; 0 when the error is not about a constraint.
        pub constraint: u32,
        /// Five characters of SQLSTATE, zeros when there is none.
        pub sqlstate: [u8; 8],
        /// The database's own number.
        pub native_code: i64,
        /// Index of the failing row of executemany; `u64::MAX` when unknown.
        pub failing_row: u64,
        /// See the error flags.
        pub flags: u32,
        /// Out: bytes of the message at the start of the buffer.
        pub message_len: u32,
        /// Out: bytes of the extras after the message; each is key (u16), length (u32), bytes, little endian.
        pub extras_len: u32,
        /// In: bytes of the buffer.
        pub capacity: u32,
        /// In: the buffer.
        pub buffer: *mut u8,
        /// Zero.
        pub reserved: [u64; 2],
    }
}

constants! {
    /// Flags of an error.
    pub mod error_flag: u32 {
        /// The connection is gone.
        DISCONNECT = 1;
        /// The transaction is worth running again.
        RETRYABLE = 2;
        /// The database accepts only a rollback.
        TRANSACTION_ABORTED = 4;
        /// The message or an extra was cut to fit.
        TRUNCATED = 8;
        /// native_code is set.
        NATIVE_CODE = 16;
    }
}

constants! {
    /// Keys of the extras of an error.
    pub mod error_extra: u16 {
        /// Name of the constraint.
        CONSTRAINT = 1;
        /// Schema.
        SCHEMA = 2;
        /// Table.
        TABLE = 3;
        /// Column; repeated for several.
        COLUMN = 4;
        /// Data type.
        DATA_TYPE = 5;
        /// Secondary message.
        DETAIL = 6;
        /// Suggestion.
        HINT = 7;
        /// Byte offset in the statement, decimal text.
        POSITION = 8;
        /// Context or call stack.
        WHERE = 9;
        /// What the dialect advises to do next.
        HELP = 10;
        /// A label, a line feed, and a text of any lines; repeated for several.
        NOTE = 11;
    }
}

/// Longest message that crosses; longer ones are cut.
const MESSAGE_LIMIT: usize = 4096;
/// Key and length before the bytes of an extra.
pub(crate) const EXTRA_HEADER: usize = 6;

/// Writes an author's error into the host's buffer.
///
/// # Safety
/// `out` is null or points to an [`ErrorOut`] whose buffer has `capacity` writable bytes.
#[cold]
pub(crate) unsafe fn write(out: *mut ErrorOut, error: &Error) {
    // SAFETY: the caller vouches for the pointer.
    let Some(out) = (unsafe { out.as_mut() }) else { return };
    let inner = &*error.0;
    out.kind = inner.kind.code();
    out.constraint = inner.constraint.as_ref().map_or(0, |constraint| constraint.kind.code());
    out.sqlstate = [0; 8];
    if let Some(sqlstate) = inner.sqlstate {
        out.sqlstate[..5].copy_from_slice(&sqlstate);
    }
    out.native_code = inner.native_code.unwrap_or(0);
    out.failing_row = inner.failing_row.unwrap_or(u64::MAX);
    out.flags = flags(error);
    if out.buffer.is_null() {
        return;
    }
    // SAFETY: the caller vouches for `capacity` writable bytes at `buffer`.
    let buffer = unsafe { core::slice::from_raw_parts_mut(out.buffer, out.capacity as usize) };
    let message_room = buffer.len().min(MESSAGE_LIMIT);
    let message = cut(&inner.message, message_room);
    if message.len() < inner.message.len() {
        out.flags |= error_flag::TRUNCATED;
    }
    buffer[..message.len()].copy_from_slice(message.as_bytes());
    out.message_len = message.len() as u32;
    let mut at = message.len();
    for (key, text) in extras(error) {
        let room = buffer.len() - at;
        if room < EXTRA_HEADER {
            out.flags |= error_flag::TRUNCATED;
            break;
        }
        let text_cut = cut(&text, room - EXTRA_HEADER);
        if text_cut.len() < text.len() {
            out.flags |= error_flag::TRUNCATED;
        }
        buffer[at..at + 2].copy_from_slice(&key.to_le_bytes());
        buffer[at + 2..at + EXTRA_HEADER].copy_from_slice(&(text_cut.len() as u32).to_le_bytes());
        at += EXTRA_HEADER;
        buffer[at..at + text_cut.len()].copy_from_slice(text_cut.as_bytes());
        at += text_cut.len();
    }
    out.extras_len = (at - message.len()) as u32;
}

fn flags(error: &Error) -> u32 {
    let inner = &*error.0;
    let mut flags = 0;
    for (set, flag) in [
        (inner.disconnect, error_flag::DISCONNECT),
        (inner.retryable, error_flag::RETRYABLE),
        (inner.transaction_aborted, error_flag::TRANSACTION_ABORTED),
        (inner.native_code.is_some(), error_flag::NATIVE_CODE),
    ] {
        if set {
            flags |= flag;
        }
    }
    flags
}

fn extras(error: &Error) -> Vec<(u16, String)> {
    let inner = &*error.0;
    let mut extras = Vec::new();
    let mut push = |key, text: &Option<String>| {
        if let Some(text) = text {
            extras.push((key, text.clone()));
        }
    };
    if let Some(constraint) = &inner.constraint {
        push(error_extra::CONSTRAINT, &constraint.name);
        push(error_extra::SCHEMA, &constraint.schema);
        push(error_extra::TABLE, &constraint.table);
        for column in &constraint.columns {
            push(error_extra::COLUMN, &Some(column.clone()));
        }
    }
    push(error_extra::POSITION, &inner.position.map(|position| position.to_string()));
    push(error_extra::DATA_TYPE, &inner.data_type);
    push(error_extra::DETAIL, &inner.detail);
    push(error_extra::HINT, &inner.hint);
    push(error_extra::WHERE, &inner.context);
    push(error_extra::HELP, &inner.help);
    // Last, so that they are what is cut where there is no room for all.
    for (label, text) in &inner.notes {
        let label = label.replace('\n', " ");
        extras.push((error_extra::NOTE, format!("{label}\n{text}")));
    }
    extras
}

/// The longest prefix of at most `room` bytes that ends between characters.
fn cut(text: &str, room: usize) -> &str {
    if text.len() <= room {
        return text;
    }
    let mut end = room;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
