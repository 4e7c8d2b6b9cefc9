//! Preparing the first statement of a text.

use std::ffi::c_int;
use std::ptr;
use std::sync::Arc;

use aludel::dbapi::{Call, PrepareOptions, Prepared};
use aludel::error::{Error, Result};
use rusqlite::ffi;

use crate::connection::SqliteConnection;
use crate::error::Failure;
use crate::handle::Handle;
use crate::raw::RawStatement;
use crate::statement::SqliteStatement;

/// SQLite copies the whole text that it is given. Of a long script it first gets this much, and
/// more only when the statement is longer; else a script of n statements is copied n times.
const FIRST_WINDOW: usize = 16 * 1024;

impl SqliteConnection {
    pub(crate) fn prepare_first(
        &mut self,
        sql: &str,
        options: PrepareOptions,
        call: &Call<'_>,
    ) -> Result<Prepared<SqliteStatement>> {
        // SAFETY: `&mut self` is the only use of the connection.
        unsafe { self.shared.bury() };
        self.start(call)?;
        self.wait_for_locks_again();
        let flags = if options.one_shot { 0 } else { ffi::SQLITE_PREPARE_PERSISTENT };
        let bytes = sql.as_bytes();
        let mut window = bytes.len().min(FIRST_WINDOW);
        loop {
            let part = &bytes[..window];
            let is_all = window == bytes.len();
            match prepare_part(self.db, part, flags) {
                Ok((statement, consumed)) if is_all || consumed < window => {
                    return self.prepared(sql, statement, consumed);
                }
                Ok((statement, _)) => finalize(statement),
                Err(failure) if is_all || failure.code != ffi::SQLITE_ERROR => {
                    return Err(nul(part).unwrap_or_else(|| self.error(failure)));
                }
                Err(_) => {}
            }
            window = bytes.len().min(window * 16);
        }
    }

    fn prepared(
        &mut self,
        sql: &str,
        statement: Option<RawStatement>,
        consumed: usize,
    ) -> Result<Prepared<SqliteStatement>> {
        // To SQLite a NUL is the end of the text.
        if sql.as_bytes().get(consumed) == Some(&0) {
            finalize(statement);
            return Err(nul_at(consumed));
        }
        let Some(raw) = statement else {
            return Ok(Prepared { statement: None, consumed: sql.len() });
        };
        let text = &sql[..consumed];
        let statement = SqliteStatement::new(raw, self.db, Arc::clone(&self.shared), text);
        Ok(Prepared { statement: Some(statement), consumed })
    }
}

fn finalize(statement: Option<RawStatement>) {
    if let Some(statement) = statement {
        // SAFETY: called by methods that have the connection to themselves.
        unsafe { statement.finalize() };
    }
}

/// Prepares the first statement of the bytes; tells where it ends.
fn prepare_part(
    db: Handle,
    sql: &[u8],
    flags: u32,
) -> Result<(Option<RawStatement>, usize), Failure> {
    let Ok(length) = c_int::try_from(sql.len()) else {
        let message = format!("an SQL text of {} bytes is too long for SQLite", sql.len());
        return Err(Failure { code: ffi::SQLITE_TOOBIG, message, offset: None });
    };
    let start = sql.as_ptr().cast();
    let (mut statement, mut tail) = (ptr::null_mut(), ptr::null());
    // SAFETY: live handle, and a text of the length given.
    let code = unsafe {
        ffi::sqlite3_prepare_v3(db.raw(), start, length, flags, &raw mut statement, &raw mut tail)
    };
    if code != ffi::SQLITE_OK {
        return Err(db.failure(code));
    }
    // SAFETY: just made, and known to nobody else.
    let statement = (!statement.is_null()).then(|| unsafe { RawStatement::new(statement) });
    let consumed = if tail.is_null() { sql.len() } else { tail.addr() - start.addr() };
    Ok((statement, consumed.min(sql.len())))
}

/// The error of a text that SQLite misread because of a NUL byte, if it holds one.
#[cold]
fn nul(sql: &[u8]) -> Option<Error> {
    sql.iter().position(|byte| *byte == 0).map(nul_at)
}

#[cold]
fn nul_at(position: usize) -> Error {
    Error::programming("the SQL text holds a NUL byte, which ends it for SQLite")
        .with_sqlstate("42000")
        .with_position(position as u64)
        .with_help("pass text with NUL bytes as a parameter")
}
