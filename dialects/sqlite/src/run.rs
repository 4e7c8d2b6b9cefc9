//! Running a statement of the dialect's own: pragmas, savepoints.

use std::ffi::c_int;
use std::ptr;

use rusqlite::ffi;

use crate::error::Failure;
use crate::handle::{Handle, text};
use crate::raw::RawStatement;

/// Prepares the first statement of a text that is known to be short.
pub(crate) fn prepare(db: Handle, sql: &str, flags: u32) -> Result<RawStatement, Failure> {
    let mut statement = ptr::null_mut();
    // SAFETY: live handle, and a text of the length given.
    let code = unsafe {
        ffi::sqlite3_prepare_v3(
            db.raw(),
            sql.as_ptr().cast(),
            sql.len() as c_int,
            flags,
            &raw mut statement,
            ptr::null_mut(),
        )
    };
    if code != ffi::SQLITE_OK {
        return Err(db.failure(code));
    }
    // SAFETY: just made, and known to nobody else.
    Ok(unsafe { RawStatement::new(statement) })
}

/// Runs a statement and returns the text of its first value, if there is one.
pub(crate) fn run(db: Handle, sql: &str) -> Result<Option<String>, Failure> {
    let mut statement = prepare(db, sql, 0)?;
    let mut first = None;
    let result = loop {
        match statement.step() {
            ffi::SQLITE_DONE => break Ok(()),
            ffi::SQLITE_ROW if first.is_none() => {
                // SAFETY: the statement stands on a row; the text is copied before the next step.
                first = unsafe { text(ffi::sqlite3_column_text(statement.pointer(), 0).cast()) };
            }
            ffi::SQLITE_ROW => {}
            code => break Err(db.failure(code)),
        }
    };
    // SAFETY: the caller uses the connection alone.
    unsafe { statement.finalize() };
    result.map(|()| first)
}
