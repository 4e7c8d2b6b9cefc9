//! The database handle: SQLite's functions on a connection, by safe names.

use std::ffi::{CStr, c_char, c_int};

use rusqlite::ffi;

use crate::error::Failure;

/// A connection's handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Handle(*mut ffi::sqlite3);

// SAFETY: `Handle::new` was promised that one thread at a time uses the handle.
unsafe impl Send for Handle {}

impl Handle {
    /// # Safety
    /// The connection stays open, or becomes a zombie that its statements keep alive, as long as
    /// this value is used; and it is used by one thread at a time.
    pub(crate) unsafe fn new(db: *mut ffi::sqlite3) -> Self {
        Handle(db)
    }

    #[inline(always)]
    pub(crate) fn raw(self) -> *mut ffi::sqlite3 {
        self.0
    }

    /// True between BEGIN and its end.
    #[inline(always)]
    pub(crate) fn in_transaction(self) -> bool {
        // SAFETY: live handle, as `new` was promised; so in all of this file.
        unsafe { ffi::sqlite3_get_autocommit(self.0) == 0 }
    }

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    #[inline(always)]
    pub(crate) fn changes(self) -> u64 {
        // SAFETY: see `in_transaction`.
        unsafe { ffi::sqlite3_changes64(self.0) as u64 }
    }

    #[inline(always)]
    pub(crate) fn last_insert_rowid(self) -> i64 {
        // SAFETY: see `in_transaction`.
        unsafe { ffi::sqlite3_last_insert_rowid(self.0) }
    }

    /// True when the connection may have temporary tables: their database has been opened.
    pub(crate) fn has_temporary_database(self) -> bool {
        // SAFETY: see `in_transaction`; the name is a C string, and -1 stands for "not there".
        unsafe { ffi::sqlite3_db_readonly(self.0, c"temp".as_ptr()) >= 0 }
    }

    /// Lets a database of the VFS `memdb`, which is one piece of memory, grow to the largest piece
    /// that SQLite allocates: nearly 2 GiB.
    pub(crate) fn set_memory_limit(self) {
        let mut limit: ffi::sqlite3_int64 = 2_147_483_391;
        // SAFETY: see `in_transaction`; the operation takes the address of a 64-bit number, and a
        // null name is the main database. Other file systems refuse the operation.
        unsafe {
            ffi::sqlite3_file_control(
                self.0,
                std::ptr::null(),
                ffi::SQLITE_FCNTL_SIZE_LIMIT,
                (&raw mut limit).cast(),
            );
        }
    }

    /// Switches the enforcement of foreign keys.
    pub(crate) fn set_foreign_keys(self, on: bool) {
        let mut now: c_int = 0;
        // SAFETY: see `in_transaction`; the option takes an int and a pointer to one.
        unsafe {
            ffi::sqlite3_db_config(
                self.0,
                ffi::SQLITE_DBCONFIG_ENABLE_FKEY,
                c_int::from(on),
                &raw mut now,
            );
        }
    }

    /// Whether foreign keys are enforced now.
    pub(crate) fn foreign_keys(self) -> bool {
        let mut now: c_int = 0;
        // SAFETY: see `set_foreign_keys`; -1 only asks.
        unsafe {
            ffi::sqlite3_db_config(self.0, ffi::SQLITE_DBCONFIG_ENABLE_FKEY, -1, &raw mut now);
        }
        now != 0
    }

    /// What SQLite says about the call that has just returned `code`.
    #[cold]
    pub(crate) fn failure(self, code: c_int) -> Failure {
        // SAFETY: see `in_transaction`; the message lives until the next call and is copied.
        unsafe {
            let extended = ffi::sqlite3_extended_errcode(self.0);
            // A code that SQLite returned without noting it belongs to another message.
            let noted = extended & 0xff == code & 0xff;
            let message = match noted {
                true => text(ffi::sqlite3_errmsg(self.0)),
                false => text(ffi::sqlite3_errstr(code)),
            };
            let offset = if noted { ffi::sqlite3_error_offset(self.0) } else { -1 };
            Failure {
                code: if noted { extended } else { code },
                message: message.unwrap_or_default(),
                offset: u64::try_from(offset).ok(),
            }
        }
    }
}

/// Copies a C string, if there is one; what is not UTF-8 is replaced.
///
/// # Safety
/// `text` is null or a C string that lives for the call.
pub(crate) unsafe fn text(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: passed on to the caller.
    Some(unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The limit of a database of the VFS `memdb`.
    fn limit(db: Handle) -> i64 {
        let mut limit: ffi::sqlite3_int64 = -1;
        // SAFETY: as in `set_memory_limit`; -1 only asks.
        let code = unsafe {
            ffi::sqlite3_file_control(
                db.raw(),
                std::ptr::null(),
                ffi::SQLITE_FCNTL_SIZE_LIMIT,
                (&raw mut limit).cast(),
            )
        };
        assert_eq!(code, ffi::SQLITE_OK);
        limit
    }

    #[test]
    fn a_shared_database_in_memory_may_grow_to_the_largest_piece_that_sqlite_allocates() {
        let owner = rusqlite::Connection::open("file:/limit?vfs=memdb").unwrap();
        // SAFETY: the owner lives to the end of the test, which is one thread.
        let db = unsafe { Handle::new(owner.handle()) };
        assert_eq!(limit(db), 1 << 30, "SQLite's own");
        db.set_memory_limit();
        assert_eq!(limit(db), 2_147_483_391);
    }
}
