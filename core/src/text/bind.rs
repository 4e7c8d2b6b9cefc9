//! What is said about a bind beside its name: whether it expands, stands in the text, has a type.

use crate::dbapi::SqlType;
use crate::value::{ConversionError, ToValue, Value};

/// A bind of a [`text`](super::text) statement, as SQLAlchemy's `bindparam()` declares it.
///
/// Binds need no declaration unless they are special.
#[derive(Debug, Clone, PartialEq)]
pub struct BindParam {
    pub(super) name: String,
    pub(super) mode: Mode,
    pub(super) sql_type: Option<SqlType>,
    pub(super) value: Option<Value>,
    /// Why the value could not be taken.
    pub(super) refused: Option<ConversionError>,
}

/// How the value of a bind gets into the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// As a parameter.
    Plain,
    /// As a parameter for each element of a list, in parentheses.
    Expanding,
    /// As a literal in the text.
    Literal,
}

/// Begins the declaration of a bind.
///
/// ```
/// use aludel::text::{bindparam, text};
///
/// let top = text("select top :n * from t where x in :xs")
///     .bindparams([bindparam("n").literal_execute(), bindparam("xs").expanding()])?;
/// # Ok::<_, aludel::Error>(())
/// ```
pub fn bindparam(name: impl Into<String>) -> BindParam {
    let name = name.into();
    BindParam { name, mode: Mode::Plain, sql_type: None, value: None, refused: None }
}

impl BindParam {
    /// The value is a list, which becomes `(?, ?, …)` when the statement is executed; a list of
    /// lists becomes `((?, ?), (?, ?))`. A bind after `IN` expands without being told to.
    #[must_use]
    pub fn expanding(mut self) -> Self {
        self.mode = Mode::Expanding;
        self
    }

    /// The value stands in the statement as a literal, for places where the database takes no
    /// parameter. Only NULL, truth values, numbers and text can be written so.
    #[must_use]
    pub fn literal_execute(mut self) -> Self {
        self.mode = Mode::Literal;
        self
    }

    /// The type of the parameter, for databases that want to know that of a NULL or of an array.
    #[must_use]
    pub fn sql_type(mut self, sql_type: SqlType) -> Self {
        self.sql_type = Some(sql_type);
        self
    }

    /// The value where the execution gives none. What its type refuses is an error of
    /// [`bindparams`](super::TextClause::bindparams).
    #[must_use]
    pub fn value(mut self, value: impl ToValue) -> Self {
        match Value::of(&value) {
            Ok(value) => self.value = Some(value),
            Err(error) => self.refused = Some(error),
        }
        self
    }
}
