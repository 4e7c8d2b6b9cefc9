//! How errors are made: a constructor for each class, and what can be added to it.

use std::error::Error as StdError;

use super::value::Inner;
use super::{Constraint, Error, ErrorKind};
use crate::value::Parameters;

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $kind:ident),* $(,)?) => {
        impl Error {
            $($(#[$doc])* #[cold] pub fn $name(message: impl Into<String>) -> Self {
                Error::new(ErrorKind::$kind, message)
            })*
        }
    };
}

constructors! {
    /// An [`ErrorKind::Interface`] error.
    interface => Interface,
    /// An [`ErrorKind::Database`] error.
    database => Database,
    /// An [`ErrorKind::Data`] error.
    data => Data,
    /// An [`ErrorKind::Operational`] error.
    operational => Operational,
    /// An [`ErrorKind::Integrity`] error.
    integrity => Integrity,
    /// An [`ErrorKind::Internal`] error.
    internal => Internal,
    /// An [`ErrorKind::Programming`] error.
    programming => Programming,
    /// An [`ErrorKind::NotSupported`] error.
    not_supported => NotSupported,
    /// An [`ErrorKind::Url`] error.
    url => Url,
    /// An [`ErrorKind::Plugin`] error.
    plugin => Plugin,
    /// An [`ErrorKind::Timeout`] error.
    timeout => Timeout,
    /// An [`ErrorKind::InvalidRequest`] error.
    invalid_request => InvalidRequest,
    /// An [`ErrorKind::Conversion`] error.
    conversion => Conversion,
    /// An [`ErrorKind::NoSuchColumn`] error.
    no_such_column => NoSuchColumn,
    /// An [`ErrorKind::ResourceClosed`] error.
    resource_closed => ResourceClosed,
    /// An [`ErrorKind::Argument`] error.
    argument => Argument,
}

impl Error {
    /// An error of this class with this message. Messages are lower case and say what and where.
    #[cold]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            code: None,
            dialect: None,
            sqlstate: None,
            native_code: None,
            constraint: None,
            failing_row: None,
            position: None,
            detail: None,
            hint: None,
            context: None,
            data_type: None,
            statement: None,
            parameters: None,
            hides_parameters: false,
            help: None,
            notes: Vec::new(),
            disconnect: false,
            invalidates_pool: false,
            retryable: false,
            transaction_aborted: false,
            source: None,
        }))
    }

    /// Sets aludel's own stable code, for example `P01`.
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.0.code = Some(code);
        self
    }

    /// Sets the name of the dialect that reports the error.
    #[must_use]
    pub fn with_dialect(mut self, name: impl Into<String>) -> Self {
        self.0.dialect = Some(name.into());
        self
    }

    /// Sets the SQLSTATE; anything but five ASCII letters and digits is left out.
    #[must_use]
    pub fn with_sqlstate(mut self, sqlstate: &str) -> Self {
        let bytes = sqlstate.as_bytes();
        self.0.sqlstate = <[u8; 5]>::try_from(bytes)
            .ok()
            .filter(|state| state.iter().all(u8::is_ascii_alphanumeric));
        self
    }

    /// Sets the database's own number.
    #[must_use]
    pub fn with_native_code(mut self, code: i64) -> Self {
        self.0.native_code = Some(code);
        self
    }

    /// Names the constraint that refused the change.
    #[must_use]
    pub fn with_constraint(mut self, constraint: Constraint) -> Self {
        self.0.constraint = Some(constraint);
        self
    }

    /// Sets the index (from 0) of the failing parameter set.
    #[must_use]
    pub fn with_failing_row(mut self, row: u64) -> Self {
        self.0.failing_row = Some(row);
        self
    }

    /// Sets where in the statement the error lies, in bytes from its start.
    #[must_use]
    pub fn with_position(mut self, position: u64) -> Self {
        self.0.position = Some(position);
        self
    }

    /// Adds the database's secondary message.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds the database's suggestion.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the context that the database reports.
    #[must_use]
    pub fn with_context(mut self, context: impl Into<String>) -> Self {
        self.0.context = Some(context.into());
        self
    }

    /// Names the data type that the error is about.
    #[must_use]
    pub fn with_data_type(mut self, name: impl Into<String>) -> Self {
        self.0.data_type = Some(name.into());
        self
    }

    /// Adds the SQL text that was being executed, unless one is there already.
    #[must_use]
    pub fn with_statement(mut self, statement: impl Into<String>) -> Self {
        self.0.statement.get_or_insert_with(|| statement.into());
        self
    }

    /// Adds the parameters that were sent with the statement, unless some are there already or
    /// they are hidden.
    #[must_use]
    pub fn with_parameters(mut self, parameters: Parameters) -> Self {
        if !self.0.hides_parameters {
            self.0.parameters.get_or_insert(parameters);
        }
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds a line `label: text` to the full form.
    #[must_use]
    pub fn with_note(mut self, label: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.notes.push((label.into(), text.into()));
        self
    }

    /// Marks the connection as gone.
    #[must_use]
    pub fn disconnected(mut self) -> Self {
        self.0.disconnect = true;
        self
    }

    /// Marks the connection as gone, and with it all others of its pool that are open now.
    #[must_use]
    pub fn invalidating_pool(mut self) -> Self {
        self.0.invalidates_pool = true;
        self.disconnected()
    }

    /// Marks the transaction as worth running again.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.0.retryable = true;
        self
    }

    /// Marks the transaction as aborted by the database.
    #[must_use]
    pub fn transaction_aborted(mut self) -> Self {
        self.0.transaction_aborted = true;
        self
    }

    /// Keeps the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }
}

/// Conversions that cannot fail have this error.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
