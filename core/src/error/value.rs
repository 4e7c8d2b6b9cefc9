//! The error value itself: what it carries and how it prints.

use std::error::Error as StdError;
use std::fmt;

use super::{Constraint, ErrorKind};
use crate::value::Parameters;

/// What went wrong, where, and what to do next.
///
/// One word wide and `Send + Sync`. Printed with `{}` it is the class and the message, then (each on
/// its own line, where known) the SQL statement, its parameters and a hint. `{:#}` leaves the further lines out.
///
/// ```
/// use aludel::{Error, ErrorKind};
///
/// let error = Error::operational("no such table: missing").with_native_code(1).with_statement("select * from missing");
/// assert_eq!(error.kind(), ErrorKind::Operational);
/// assert_eq!(error.to_string(), "OperationalError: no such table: missing\n[SQL: select * from missing]");
/// assert_eq!(format!("{error:#}"), "OperationalError: no such table: missing");
/// ```
pub struct Error(pub(crate) Box<Inner>);

pub(crate) struct Inner {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    pub(crate) code: Option<&'static str>,
    pub(crate) dialect: Option<String>,
    pub(crate) sqlstate: Option<[u8; 5]>,
    pub(crate) native_code: Option<i64>,
    pub(crate) constraint: Option<Constraint>,
    pub(crate) failing_row: Option<u64>,
    pub(crate) position: Option<u64>,
    pub(crate) detail: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) context: Option<String>,
    pub(crate) data_type: Option<String>,
    pub(crate) statement: Option<String>,
    pub(crate) parameters: Option<Parameters>,
    pub(crate) hides_parameters: bool,
    pub(crate) help: Option<String>,
    pub(crate) notes: Vec<(String, String)>,
    pub(crate) disconnect: bool,
    pub(crate) invalidates_pool: bool,
    pub(crate) retryable: bool,
    pub(crate) transaction_aborted: bool,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// The class of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message alone, without class, statement or hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The stable code of an error of aludel's own, for example [`E02`](super::code).
    pub fn code(&self) -> Option<&'static str> {
        self.0.code
    }

    /// The name of the dialect that reported the error.
    pub fn dialect(&self) -> Option<&str> {
        self.0.dialect.as_deref()
    }

    /// The five characters of the SQLSTATE (ISO/IEC 9075-2), where the database has one.
    pub fn sqlstate(&self) -> Option<&str> {
        self.0.sqlstate.as_ref().and_then(|state| std::str::from_utf8(state).ok())
    }

    /// The database's own number: SQLite's extended result code, MySQL's errno, ODBC's native error.
    pub fn native_code(&self) -> Option<i64> {
        self.0.native_code
    }

    /// The constraint that refused the change, where the database tells.
    pub fn constraint(&self) -> Option<&Constraint> {
        self.0.constraint.as_ref()
    }

    /// Index (from 0) of the parameter set that failed, for executemany.
    pub fn failing_row(&self) -> Option<u64> {
        self.0.failing_row
    }

    /// Where in the statement the error lies: bytes from its start, from 0.
    pub fn position(&self) -> Option<u64> {
        self.0.position
    }

    /// A secondary message of the database with more about the problem.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// What the database suggests.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The call stack or context that the database reports (PostgreSQL's `WHERE` field).
    pub fn context(&self) -> Option<&str> {
        self.0.context.as_deref()
    }

    /// The data type that the database names in connection with the error.
    pub fn data_type(&self) -> Option<&str> {
        self.0.data_type.as_deref()
    }

    /// The SQL text that was being executed.
    pub fn statement(&self) -> Option<&str> {
        self.0.statement.as_deref()
    }

    /// The parameters of the execution that failed, as they were sent; none where there were none,
    /// and when the engine hides them. Of an executemany of more than ten sets the first eight and
    /// the last two are kept.
    pub fn parameters(&self) -> Option<&Parameters> {
        self.0.parameters.as_ref()
    }

    /// True when what might repeat the program's values is left out (`hide_parameters`).
    pub fn hides_parameters(&self) -> bool {
        self.0.hides_parameters
    }

    /// What to do next.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// Further lines of the full form, each a label and a text, in order (for example `searched`).
    pub fn notes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.notes.iter().map(|(label, text)| (label.as_str(), text.as_str()))
    }

    /// True when the connection is gone and must not be used again.
    pub fn is_disconnect(&self) -> bool {
        self.0.disconnect
    }

    /// True when all other connections of the pool are gone as well. (SQLAlchemy's
    /// `InvalidatePoolError`)
    pub fn invalidates_pool(&self) -> bool {
        self.0.invalidates_pool
    }

    /// True when the same transaction may succeed if it is run again: deadlock, serialization, busy.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// True when the database has aborted the transaction and accepts only a rollback.
    pub fn is_transaction_aborted(&self) -> bool {
        self.0.transaction_aborted
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        match (&inner.dialect, inner.code) {
            (Some(dialect), None) => write!(f, "({dialect}.{}) {}", inner.kind, inner.message)?,
            (Some(dialect), Some(code)) => {
                write!(f, "error[{code}]: dialect `{dialect}` {}", inner.message)?;
            }
            (None, Some(code)) => write!(f, "error[{code}]: {}", inner.message)?,
            (None, None) => write!(f, "{}: {}", inner.kind, inner.message)?,
        }
        if f.alternate() {
            return Ok(());
        }
        let lines = [("detail", &inner.detail), ("hint", &inner.hint)];
        for (label, text) in lines.iter().filter_map(|(l, t)| t.as_ref().map(|t| (l, t))) {
            write!(f, "\n  {label}: {text}")?;
        }
        if let Some(statement) = &inner.statement {
            write!(f, "\n[SQL: {statement}]")?;
        }
        if inner.hides_parameters && inner.statement.is_some() {
            f.write_str("\n[SQL parameters hidden due to hide_parameters]")?;
        } else if let Some(parameters) = inner.parameters.as_ref().filter(|all| !all.is_empty()) {
            write!(f, "\n[parameters: {parameters}]")?;
        }
        if let Some(help) = &inner.help {
            write!(f, "\n  help: {help}")?;
        }
        for (label, text) in &inner.notes {
            write!(f, "\n  {label}: {text}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("code", &inner.code)
            .field("message", &inner.message)
            .field("sqlstate", &self.sqlstate())
            .field("native_code", &inner.native_code)
            .field("constraint", &inner.constraint)
            .field("statement", &inner.statement)
            .field("parameters", &inner.parameters.as_ref().map(ToString::to_string))
            .field("help", &inner.help)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
