//! Reading a row.

use std::ffi::c_int;
use std::slice;

use aludel::abi::constants::tag;
use aludel::dbapi::RowBuilder;
use rusqlite::ffi;

use crate::raw::RawStatement;

/// Writes the columns of the statement's row. False when SQLite had no memory for a value.
///
/// `sqlite3_column_value` and `sqlite3_value_*` read a third faster than `sqlite3_column_*`, which
/// looks for errors after each value. They are not for use by several threads at once, which
/// `&RawStatement` of a connection that one thread uses excludes.
///
/// # Safety
/// The statement stands on a row of `columns` columns, and takes no further step before the next
/// call when the writer has ended.
#[inline(always)]
pub(crate) unsafe fn read_row(
    statement: &RawStatement,
    columns: usize,
    row: &mut RowBuilder<'_, '_, '_>,
) -> bool {
    for index in 0..columns {
        // SAFETY: the statement stands on a row with this column. Pointer and length of a text or
        // of bytes are asked for in the order that SQLite demands, and live until the next step.
        unsafe {
            let value = ffi::sqlite3_column_value(statement.pointer(), index as c_int);
            match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => row.i64(ffi::sqlite3_value_int64(value)),
                ffi::SQLITE_FLOAT => row.f64(ffi::sqlite3_value_double(value)),
                ffi::SQLITE_NULL => row.null(),
                ffi::SQLITE_TEXT => {
                    let text = ffi::sqlite3_value_text(value);
                    if text.is_null() {
                        return false;
                    }
                    let length = ffi::sqlite3_value_bytes(value) as usize;
                    row.bytes_until_next_step(tag::TEXT, slice::from_raw_parts(text, length));
                }
                _ => {
                    let bytes = ffi::sqlite3_value_blob(value).cast::<u8>();
                    let length = ffi::sqlite3_value_bytes(value) as usize;
                    if bytes.is_null() && length > 0 {
                        return false;
                    }
                    // Bytes of no length have no address.
                    let bytes =
                        if length == 0 { &[] } else { slice::from_raw_parts(bytes, length) };
                    row.bytes_until_next_step(tag::BYTES, bytes);
                }
            }
        }
    }
    true
}
