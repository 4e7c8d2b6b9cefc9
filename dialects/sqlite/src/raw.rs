//! The statement handle: SQLite's functions on a statement, by safe names.

use std::ffi::{CStr, c_char, c_int};

use rusqlite::ffi;

/// A statement's handle. Not finalized when dropped: that must happen where the connection is not
/// in use, which only the owner knows.
#[derive(Debug)]
pub(crate) struct RawStatement(*mut ffi::sqlite3_stmt);

// SAFETY: `RawStatement::new` was promised that one thread at a time uses statement and connection.
unsafe impl Send for RawStatement {}

impl RawStatement {
    /// # Safety
    /// `statement` is live until [`finalize`](RawStatement::finalize) and owned by nobody else; its
    /// connection is used by one thread at a time.
    pub(crate) unsafe fn new(statement: *mut ffi::sqlite3_stmt) -> Self {
        RawStatement(statement)
    }

    #[inline(always)]
    pub(crate) fn pointer(&self) -> *mut ffi::sqlite3_stmt {
        self.0
    }

    /// # Safety
    /// The connection is used by nobody else during the call.
    pub(crate) unsafe fn finalize(self) {
        // SAFETY: live until now; `self` is taken, so that it is finalized once.
        unsafe { ffi::sqlite3_finalize(self.0) };
    }

    #[inline(always)]
    pub(crate) fn step(&mut self) -> c_int {
        // SAFETY: live statement, as `new` was promised; so in all of this file.
        unsafe { ffi::sqlite3_step(self.0) }
    }

    #[inline(always)]
    pub(crate) fn reset(&mut self) -> c_int {
        // SAFETY: see `step`.
        unsafe { ffi::sqlite3_reset(self.0) }
    }

    #[inline(always)]
    pub(crate) fn clear_bindings(&mut self) {
        // SAFETY: see `step`.
        unsafe { ffi::sqlite3_clear_bindings(self.0) };
    }

    #[inline(always)]
    pub(crate) fn column_count(&self) -> usize {
        // SAFETY: see `step`.
        unsafe { ffi::sqlite3_column_count(self.0) as usize }
    }

    /// How often SQLite has prepared the statement again because the schema changed.
    #[inline(always)]
    pub(crate) fn reprepares(&self) -> c_int {
        // SAFETY: see `step`.
        unsafe { ffi::sqlite3_stmt_status(self.0, ffi::SQLITE_STMTSTATUS_REPREPARE, 0) }
    }

    /// True when the statement changes nothing in a database file.
    pub(crate) fn is_readonly(&self) -> bool {
        // SAFETY: see `step`.
        unsafe { ffi::sqlite3_stmt_readonly(self.0) != 0 }
    }

    /// True for EXPLAIN.
    pub(crate) fn is_explain(&self) -> bool {
        // SAFETY: see `step`.
        unsafe { ffi::sqlite3_stmt_isexplain(self.0) != 0 }
    }

    pub(crate) fn parameter_count(&self) -> usize {
        // SAFETY: see `step`.
        unsafe { ffi::sqlite3_bind_parameter_count(self.0) as usize }
    }

    /// The name of a parameter with its prefix; `index` counts from 0.
    pub(crate) fn parameter_name(&self, index: usize) -> Option<String> {
        // SAFETY: see `step`; the name lives as long as the statement and is copied.
        unsafe {
            let name = ffi::sqlite3_bind_parameter_name(self.0, index as c_int + 1);
            crate::handle::text(name)
        }
    }

    /// A text about a column, from one of SQLite's functions.
    pub(crate) fn column_text(
        &self,
        function: unsafe extern "C" fn(*mut ffi::sqlite3_stmt, c_int) -> *const c_char,
        index: usize,
    ) -> Option<&CStr> {
        // SAFETY: see `step`; the text lives until the statement is finalized or prepared again,
        // which needs `&mut self`.
        unsafe {
            let text = function(self.0, index as c_int);
            (!text.is_null()).then(|| CStr::from_ptr(text))
        }
    }
}
