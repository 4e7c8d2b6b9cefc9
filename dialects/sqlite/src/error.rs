//! SQLite's result codes as errors.

use std::ffi::c_int;

use aludel::error::Error;

use crate::classify::{class, sqlstate};
use crate::constraint;
use crate::control::Stop;
use rusqlite::ffi;

/// What SQLite says about a call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Extended result code.
    pub(crate) code: c_int,
    pub(crate) message: String,
    /// Where in the SQL text, in bytes.
    pub(crate) offset: Option<u64>,
}

impl Failure {
    /// The error of a call that nobody stopped.
    #[cold]
    pub(crate) fn into_error(self) -> Error {
        let mut error = Error::new(class(self.code, &self.message), self.message.as_str())
            .with_native_code(i64::from(self.code));
        if let Some(sqlstate) = sqlstate(self.code, &self.message) {
            error = error.with_sqlstate(sqlstate);
        }
        if let Some(offset) = self.offset {
            error = error.with_position(offset);
        }
        if let Some(constraint) = constraint::parse(self.code, &self.message) {
            error = error.with_constraint(constraint);
        }
        if is_retryable(self.code) {
            error = error.retryable();
        }
        match help(self.code, &self.message) {
            Some(help) => error.with_help(help),
            None => error,
        }
    }

    /// The error of a call that may have been stopped.
    #[cold]
    pub(crate) fn into_error_of_call(self, stop: Option<Stop>) -> Error {
        let waited = self.code & 0xff == ffi::SQLITE_BUSY;
        let stopped = self.code & 0xff == ffi::SQLITE_INTERRUPT;
        let Some(stop) = stop.filter(|_| waited || stopped) else { return self.into_error() };
        let (message, sqlstate) = match stop {
            Stop::Cancelled => ("the statement was cancelled", "HY008"),
            Stop::Deadline => ("the deadline of the call has passed", "HYT00"),
            Stop::StatementTimeout => ("the statement timeout has passed", "HYT00"),
        };
        let place = if waited { " while it waited for a lock of another connection" } else { "" };
        Error::operational(format!("{message}{place}"))
            .with_native_code(i64::from(self.code))
            .with_sqlstate(sqlstate)
    }
}

impl Failure {
    /// What to do in a database in memory that the connections of one engine share.
    #[cold]
    pub(crate) fn help_in_shared_memory(&self) -> Option<&'static str> {
        match self.code & 0xff {
            ffi::SQLITE_BUSY if self.message.contains("in progress") => None,
            ffi::SQLITE_BUSY => Some(
                "another connection of this engine is in a transaction or reads rows of its \
                 database in memory; commit, roll back or close it first, wait longer with \
                 busy_timeout=<milliseconds>, or take the lock early with begin=immediate",
            ),
            ffi::SQLITE_FULL => Some(
                "a database in memory that connections share has at most 2 GiB; use a file, or \
                 the poolclass StaticPool, whose one connection has a database without this limit",
            ),
            _ => None,
        }
    }
}

fn is_retryable(code: c_int) -> bool {
    code & 0xff == ffi::SQLITE_BUSY || code == ffi::SQLITE_LOCKED_SHAREDCACHE
}

fn help(code: c_int, message: &str) -> Option<&'static str> {
    Some(match (code, code & 0xff) {
        (ffi::SQLITE_BUSY_SNAPSHOT, _) => {
            "another connection has written since this transaction read; roll back and run it \
             again, or begin it with begin=immediate"
        }
        // "cannot commit transaction - SQL statements in progress" and its kin.
        (_, ffi::SQLITE_BUSY) if message.contains("in progress") => {
            "read the open statements of this connection to the end or close them first"
        }
        (_, ffi::SQLITE_BUSY) => {
            "another connection holds the lock; end its transaction, wait longer with \
             busy_timeout=<milliseconds>, or take the lock early with begin=immediate"
        }
        (ffi::SQLITE_LOCKED_SHAREDCACHE, _) => {
            "another connection that shares the cache holds the lock; end its transaction and try \
             again"
        }
        (_, ffi::SQLITE_LOCKED) => {
            "a statement of this connection is still open on it; read its rows to the end or close \
             it"
        }
        (ffi::SQLITE_READONLY_DBMOVED, _) => "the file was moved or deleted; connect again",
        (_, ffi::SQLITE_READONLY) => {
            "check the option mode, the permissions of the file and of its directory, and read_only"
        }
        (_, ffi::SQLITE_FULL) => "free disk space, or raise PRAGMA max_page_count",
        (_, ffi::SQLITE_CORRUPT) => "run PRAGMA integrity_check, and restore a backup",
        (ffi::SQLITE_ABORT_ROLLBACK, _) => {
            "the transaction was rolled back while this statement was open; execute it again"
        }
        (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, _) => {
            "PRAGMA foreign_key_check lists rows whose parent is missing"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use aludel::error::ErrorKind;

    use super::*;

    fn error(code: c_int, message: &str) -> Error {
        Failure { code, message: message.to_owned(), offset: None }.into_error()
    }

    #[test]
    fn a_busy_database_is_worth_a_retry_and_says_what_to_do() {
        let busy = error(ffi::SQLITE_BUSY, "database is locked");
        assert!(busy.is_retryable());
        assert_eq!(busy.kind(), ErrorKind::Operational);
        assert_eq!(
            busy.to_string(),
            "OperationalError: database is locked\n  help: another connection holds the lock; end \
             its transaction, wait longer with busy_timeout=<milliseconds>, or take the lock early \
             with begin=immediate"
        );
        let snapshot = error(ffi::SQLITE_BUSY_SNAPSHOT, "database is locked");
        assert_eq!(snapshot.sqlstate(), Some("40001"));
        assert!(snapshot.is_retryable());
        assert!(!error(ffi::SQLITE_LOCKED, "database table is locked").is_retryable());
        assert!(error(ffi::SQLITE_LOCKED_SHAREDCACHE, "locked").is_retryable());
    }

    #[test]
    fn a_stop_explains_an_interrupt_and_a_wait_but_no_other_failure() {
        let stopped = |code, message: &str, stop| {
            let failure = Failure { code, message: message.to_owned(), offset: None };
            failure.into_error_of_call(stop)
        };
        let cancelled = stopped(ffi::SQLITE_INTERRUPT, "interrupted", Some(Stop::Cancelled));
        assert_eq!(format!("{cancelled:#}"), "OperationalError: the statement was cancelled");
        assert_eq!(cancelled.sqlstate(), Some("HY008"));
        let late = stopped(ffi::SQLITE_BUSY, "database is locked", Some(Stop::Deadline));
        assert_eq!(
            late.message(),
            "the deadline of the call has passed while it waited for a lock of another connection"
        );
        assert_eq!(late.sqlstate(), Some("HYT00"));
        let other = stopped(ffi::SQLITE_FULL, "database or disk is full", Some(Stop::Deadline));
        assert_eq!(other.message(), "database or disk is full");
        let unexplained = stopped(ffi::SQLITE_INTERRUPT, "interrupted", None);
        assert_eq!(unexplained.message(), "interrupted");
    }

    #[test]
    fn a_statement_that_is_open_over_a_rollback_says_so() {
        let owner = rusqlite::Connection::open_in_memory().unwrap();
        owner.execute_batch("create table t (a); begin; insert into t values (1), (2)").unwrap();
        // SAFETY: the owner lives to the end of the test, which is one thread.
        let db = unsafe { crate::handle::Handle::new(owner.handle()) };
        let mut statement = crate::run::prepare(db, "select a from t", 0).unwrap();
        assert_eq!(statement.step(), ffi::SQLITE_ROW);
        crate::run::run(db, "drop table t").unwrap_err();
        crate::run::run(db, "create table u (a)").unwrap();
        crate::run::run(db, "rollback").unwrap();
        let code = statement.step();
        let error = db.failure(code).into_error();
        // SAFETY: as above.
        unsafe { statement.finalize() };
        assert_eq!(error.kind(), ErrorKind::Operational);
        assert_eq!(error.native_code(), Some(i64::from(ffi::SQLITE_ABORT_ROLLBACK)));
        assert_eq!(error.sqlstate(), Some("24000"));
        assert_eq!(
            error.help(),
            Some("the transaction was rolled back while this statement was open; execute it again")
        );
    }
}
