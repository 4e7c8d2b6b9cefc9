//! Binding parameters.

use std::ffi::c_int;

use aludel::dbapi::Params;
use aludel::error::{Error, Result};
use aludel::value::ValueRef;
use rusqlite::ffi;

use crate::statement::SqliteStatement;

impl SqliteStatement {
    /// Binds the parameters; text and bytes are copied.
    #[inline(always)]
    pub(crate) fn bind_copied(&mut self, params: Params<'_>) -> Result<()> {
        // SAFETY: SQLite copies what it is told is transient.
        unsafe { self.bind(params, ffi::SQLITE_TRANSIENT()) }
    }

    /// Binds the parameters; text and bytes stay where they are.
    ///
    /// # Safety
    /// The statement is not stepped after the parameters have gone, unless they were bound anew.
    #[inline(always)]
    pub(crate) unsafe fn bind_borrowed(&mut self, params: Params<'_>) -> Result<()> {
        // SAFETY: passed on to the caller.
        unsafe { self.bind(params, ffi::SQLITE_STATIC()) }
    }

    /// # Safety
    /// As [`bind_borrowed`](Self::bind_borrowed) when `owner` is SQLITE_STATIC.
    #[inline(always)]
    unsafe fn bind(
        &mut self,
        params: Params<'_>,
        owner: ffi::sqlite3_destructor_type,
    ) -> Result<()> {
        if params.len() != self.parameter_count() {
            return Err(self.wrong_count(params.len()));
        }
        let raw = self.raw().pointer();
        for index in 0..params.len() {
            let place = index as c_int + 1;
            let value = params.get(index);
            // SAFETY: live statement that is not being stepped; texts and bytes of their length,
            // whose life is the caller's business.
            let code = unsafe {
                match value {
                    ValueRef::I64(value) => ffi::sqlite3_bind_int64(raw, place, value),
                    ValueRef::F64(value) => ffi::sqlite3_bind_double(raw, place, value),
                    ValueRef::Text(text) => bind_text(raw, place, text, owner),
                    ValueRef::Bytes(bytes) => ffi::sqlite3_bind_blob64(
                        raw,
                        place,
                        bytes.as_ptr().cast(),
                        bytes.len() as u64,
                        owner,
                    ),
                    ValueRef::Null => ffi::sqlite3_bind_null(raw, place),
                    other => self.bind_rare(index, other, owner)?,
                }
            };
            if code != ffi::SQLITE_OK {
                return Err(self.refused(index, code));
            }
        }
        Ok(())
    }

    /// # Safety
    /// As [`bind`](Self::bind).
    unsafe fn bind_rare(
        &self,
        index: usize,
        value: ValueRef<'_>,
        owner: ffi::sqlite3_destructor_type,
    ) -> Result<c_int> {
        let raw = self.raw().pointer();
        let place = index as c_int + 1;
        let integer = |value: Option<i64>| match value {
            // SAFETY: as for `bind`.
            Some(value) => Ok(unsafe { ffi::sqlite3_bind_int64(raw, place, value) }),
            None => Err(self.out_of_range(index)),
        };
        // SAFETY: as for `bind`; what is made here is copied.
        unsafe {
            let made = |text: String| bind_text(raw, place, &text, ffi::SQLITE_TRANSIENT());
            Ok(match value {
                ValueRef::Bool(value) => ffi::sqlite3_bind_int64(raw, place, i64::from(value)),
                ValueRef::F32(value) => ffi::sqlite3_bind_double(raw, place, f64::from(value)),
                ValueRef::U64(value) => integer(i64::try_from(value).ok())?,
                ValueRef::I128(value) => integer(i64::try_from(value).ok())?,
                ValueRef::U128(value) => integer(i64::try_from(value).ok())?,
                ValueRef::Decimal(text) | ValueRef::Json(text) | ValueRef::Other { text, .. } => {
                    bind_text(raw, place, text, owner)
                }
                ValueRef::Date(value) => made(value.to_string()),
                ValueRef::Time(value) => made(value.to_string()),
                ValueRef::Timestamp(value) => made(value.to_string()),
                ValueRef::TimestampTz(value) => made(value.to_string()),
                ValueRef::Uuid(value) => made(value.to_string()),
                other => return Err(self.no_such_type(index, other)),
            })
        }
    }

    #[cold]
    fn refused(&self, index: usize, code: c_int) -> Error {
        let failure = self.db().failure(code);
        let message = format!("{}: {}", self.parameter_label(index), failure.message);
        crate::error::Failure { message, ..failure }.into_error()
    }

    #[cold]
    fn out_of_range(&self, index: usize) -> Error {
        let label = self.parameter_label(index);
        Error::data(format!("{label}: integer out of range")).with_sqlstate("22003").with_help(
            format!(
                "SQLite's integers lie between {} and {}; pass larger ones as text or as a decimal",
                i64::MIN,
                i64::MAX
            ),
        )
    }

    #[cold]
    fn no_such_type(&self, index: usize, value: ValueRef<'_>) -> Error {
        let (label, kind) = (self.parameter_label(index), value.kind_name());
        Error::not_supported(format!("{label}: SQLite has no type for {kind} values"))
            .with_sqlstate("0A000")
            .with_help("pass it as text, JSON, or a number")
    }
}

/// # Safety
/// Live statement that is not being stepped; `text` lives as `owner` says.
#[inline(always)]
unsafe fn bind_text(
    raw: *mut ffi::sqlite3_stmt,
    place: c_int,
    text: &str,
    owner: ffi::sqlite3_destructor_type,
) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe {
        ffi::sqlite3_bind_text64(
            raw,
            place,
            text.as_ptr().cast(),
            text.len() as u64,
            owner,
            ffi::SQLITE_UTF8 as u8,
        )
    }
}
