//! What class an error belongs to: PEP 249's hierarchy and the engine's own classes.

use std::fmt;

use crate::abi::layout::numbered;

numbered! {
    /// The class of an [`Error`](super::Error).
    ///
    /// The first eight are PEP 249's (`Database` is its base class `DatabaseError`, used where a
    /// database reports something that fits no narrower class); the rest come from aludel itself.
    #[non_exhaustive]
    pub enum ErrorKind {
        /// The driver was misused or cannot be reached as a library (PEP 249 `InterfaceError`).
        Interface = 1,
        /// The database reported an error of no narrower class (PEP 249 `DatabaseError`).
        Database = 2,
        /// A value is out of range or malformed for the database (PEP 249 `DataError`).
        Data = 3,
        /// The database's operation failed: connection, memory, locks, disk (PEP 249 `OperationalError`).
        Operational = 4,
        /// A constraint refused the change (PEP 249 `IntegrityError`).
        Integrity = 5,
        /// The database found itself in a state it should not be in (PEP 249 `InternalError`).
        Internal = 6,
        /// The statement is wrong: syntax, unknown table, wrong number of parameters (PEP 249 `ProgrammingError`).
        Programming = 7,
        /// The database or its dialect does not offer this (PEP 249 `NotSupportedError`).
        NotSupported = 8,
        /// A URL could not be parsed or contradicts itself.
        Url = 32,
        /// No plugin serves the URL, or the one that does was refused.
        Plugin = 33,
        /// A wait reached its limit before the database was asked.
        Timeout = 34,
        /// The call is not possible in the present state.
        InvalidRequest = 35,
        /// Exactly one row was wanted and there was none.
        NoRow = 36,
        /// At most one row was wanted and there were more.
        MultipleRows = 37,
        /// A value does not fit the type that was asked for.
        Conversion = 38,
        /// A result has no such column, or more than one of that name.
        NoSuchColumn = 39,
        /// The result or connection is closed.
        ResourceClosed = 40,
        /// A plugin panicked; the connection it happened on is discarded.
        Panic = 41,
        /// An argument of the call is wrong.
        Argument = 42,
        /// Reading or writing a file or stream of this program failed.
        Io = 43,
    }
}

impl ErrorKind {
    /// The kind of an ABI number; unknown numbers (of a newer plugin) are [`ErrorKind::Database`].
    pub fn from_code(code: u32) -> Self {
        Self::known(code).unwrap_or(ErrorKind::Database)
    }

    /// True for the eight classes of PEP 249.
    pub const fn is_dbapi(self) -> bool {
        (self as u32) < 32
    }

    /// The name of the class, as PEP 249 or SQLAlchemy writes it.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorKind::Interface => "InterfaceError",
            ErrorKind::Database => "DatabaseError",
            ErrorKind::Data => "DataError",
            ErrorKind::Operational => "OperationalError",
            ErrorKind::Integrity => "IntegrityError",
            ErrorKind::Internal => "InternalError",
            ErrorKind::Programming => "ProgrammingError",
            ErrorKind::NotSupported => "NotSupportedError",
            ErrorKind::Url => "UrlError",
            ErrorKind::Plugin => "PluginError",
            ErrorKind::Timeout => "TimeoutError",
            ErrorKind::InvalidRequest => "InvalidRequestError",
            ErrorKind::NoRow => "NoResultFound",
            ErrorKind::MultipleRows => "MultipleResultsFound",
            ErrorKind::Conversion => "ConversionError",
            ErrorKind::NoSuchColumn => "NoSuchColumnError",
            ErrorKind::ResourceClosed => "ResourceClosedError",
            ErrorKind::Panic => "PanicError",
            ErrorKind::Argument => "ArgumentError",
            ErrorKind::Io => "IoError",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
