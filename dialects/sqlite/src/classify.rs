//! Which class and SQLSTATE a result code has.

use std::ffi::c_int;

use aludel::error::ErrorKind;
use rusqlite::ffi;

/// The class of an extended result code.
pub(crate) fn class(code: c_int) -> ErrorKind {
    match code & 0xff {
        ffi::SQLITE_CONSTRAINT => ErrorKind::Integrity,
        ffi::SQLITE_TOOBIG | ffi::SQLITE_MISMATCH => ErrorKind::Data,
        ffi::SQLITE_ERROR | ffi::SQLITE_RANGE => ErrorKind::Programming,
        ffi::SQLITE_INTERNAL | ffi::SQLITE_CORRUPT | ffi::SQLITE_NOMEM => ErrorKind::Internal,
        ffi::SQLITE_MISUSE => ErrorKind::Interface,
        ffi::SQLITE_BUSY
        | ffi::SQLITE_LOCKED
        | ffi::SQLITE_IOERR
        | ffi::SQLITE_FULL
        | ffi::SQLITE_READONLY
        | ffi::SQLITE_CANTOPEN
        | ffi::SQLITE_NOTADB
        | ffi::SQLITE_PROTOCOL
        | ffi::SQLITE_AUTH
        | ffi::SQLITE_PERM
        | ffi::SQLITE_INTERRUPT
        | ffi::SQLITE_ABORT
        | ffi::SQLITE_SCHEMA
        | ffi::SQLITE_NOLFS => ErrorKind::Operational,
        _ => ErrorKind::Database,
    }
}

/// The SQLSTATE, where one clearly says the same (ISO/IEC 9075-2, for names ODBC).
pub(crate) fn sqlstate(code: c_int, message: &str) -> Option<&'static str> {
    Some(match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => "23505",
        ffi::SQLITE_CONSTRAINT_NOTNULL => "23502",
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => "23503",
        ffi::SQLITE_CONSTRAINT_CHECK => "23514",
        ffi::SQLITE_BUSY_SNAPSHOT => "40001",
        ffi::SQLITE_ABORT_ROLLBACK => "24000",
        ffi::SQLITE_ERROR if message.starts_with("no such table") => "42S02",
        ffi::SQLITE_ERROR if message.starts_with("no such column") => "42S22",
        ffi::SQLITE_ERROR if message.ends_with(": syntax error") => "42000",
        _ if code & 0xff == ffi::SQLITE_CONSTRAINT => "23000",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extended_codes_have_the_class_of_their_primary_code() {
        for (code, kind) in [
            (ffi::SQLITE_ERROR, ErrorKind::Programming),
            (ffi::SQLITE_CONSTRAINT_UNIQUE, ErrorKind::Integrity),
            (ffi::SQLITE_CONSTRAINT_DATATYPE, ErrorKind::Integrity),
            (ffi::SQLITE_IOERR_READ, ErrorKind::Operational),
            (ffi::SQLITE_READONLY_DBMOVED, ErrorKind::Operational),
            (ffi::SQLITE_CANTOPEN_ISDIR, ErrorKind::Operational),
            (ffi::SQLITE_NOTADB, ErrorKind::Operational),
            (ffi::SQLITE_FULL, ErrorKind::Operational),
            (ffi::SQLITE_TOOBIG, ErrorKind::Data),
            (ffi::SQLITE_MISMATCH, ErrorKind::Data),
            (ffi::SQLITE_CORRUPT_VTAB, ErrorKind::Internal),
            (ffi::SQLITE_NOMEM, ErrorKind::Internal),
            (ffi::SQLITE_MISUSE, ErrorKind::Interface),
            (ffi::SQLITE_EMPTY, ErrorKind::Database),
        ] {
            assert_eq!(class(code), kind, "{code}");
        }
    }

    #[test]
    fn constraints_have_the_states_of_the_standard() {
        assert_eq!(sqlstate(ffi::SQLITE_CONSTRAINT_UNIQUE, ""), Some("23505"));
        assert_eq!(sqlstate(ffi::SQLITE_CONSTRAINT_TRIGGER, ""), Some("23000"));
        assert_eq!(sqlstate(ffi::SQLITE_ERROR, "no such table: t"), Some("42S02"));
        assert_eq!(sqlstate(ffi::SQLITE_ERROR, "integer overflow"), None);
        assert_eq!(sqlstate(ffi::SQLITE_FULL, "database or disk is full"), None);
    }
}
