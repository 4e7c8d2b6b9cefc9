//! Which class and SQLSTATE a result code has.

use std::ffi::c_int;

use aludel::error::ErrorKind;
use rusqlite::ffi;

/// SQLite has no code of its own for what its functions compute out of range.
const OVERFLOW: &str = "integer overflow";

/// The class of an extended result code and its message.
pub(crate) fn class(code: c_int, message: &str) -> ErrorKind {
    match code & 0xff {
        ffi::SQLITE_ERROR if message == OVERFLOW => ErrorKind::Data,
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
        ffi::SQLITE_ERROR if message == "incomplete input" => "42000",
        ffi::SQLITE_ERROR if message.ends_with(" already exists") => {
            if message.starts_with("index ") { "42S11" } else { "42S01" }
        }
        ffi::SQLITE_ERROR if message == OVERFLOW => "22003",
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
            assert_eq!(class(code, ""), kind, "{code}");
        }
    }

    #[test]
    fn what_a_function_computes_out_of_range_is_a_data_error() {
        assert_eq!(class(ffi::SQLITE_ERROR, "integer overflow"), ErrorKind::Data);
        assert_eq!(class(ffi::SQLITE_ERROR, "near \"x\": syntax error"), ErrorKind::Programming);
    }

    #[test]
    fn constraints_have_the_states_of_the_standard() {
        assert_eq!(sqlstate(ffi::SQLITE_CONSTRAINT_UNIQUE, ""), Some("23505"));
        assert_eq!(sqlstate(ffi::SQLITE_CONSTRAINT_TRIGGER, ""), Some("23000"));
        assert_eq!(sqlstate(ffi::SQLITE_ERROR, "no such table: t"), Some("42S02"));
        assert_eq!(sqlstate(ffi::SQLITE_ERROR, "integer overflow"), Some("22003"));
        assert_eq!(sqlstate(ffi::SQLITE_ERROR, "table t already exists"), Some("42S01"));
        assert_eq!(sqlstate(ffi::SQLITE_ERROR, "index i already exists"), Some("42S11"));
        assert_eq!(sqlstate(ffi::SQLITE_ERROR, "incomplete input"), Some("42000"));
        assert_eq!(sqlstate(ffi::SQLITE_ERROR, "row value misused"), None);
        assert_eq!(sqlstate(ffi::SQLITE_FULL, "database or disk is full"), None);
    }
}
