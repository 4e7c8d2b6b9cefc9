//! What can be executed: plain text, and text that declares its binds.

use std::borrow::Cow;

use crate::text::TextClause;

/// A statement that can be executed (SQLAlchemy's `Executable`).
///
/// - `&str` and `String`. Values by name, or none, go to binds (`:name`). With values by place the
///   text is the driver's own, with the placeholders of the database (`?`, `$1`).
/// - [`text`](crate::text::text), whose values go by name.
pub trait Executable {
    /// The text.
    fn sql(&self) -> &str;

    /// The statement as one that declares its binds.
    #[doc(hidden)]
    fn clause(&self) -> Option<&TextClause<'_>> {
        None
    }

    /// True for text in which nothing is read as a bind.
    #[doc(hidden)]
    fn is_drivers_own(&self) -> bool {
        false
    }
}

/// Text in which nothing is read as a bind.
pub(super) struct DriverSql<'s>(pub(super) &'s str);

impl Executable for DriverSql<'_> {
    fn sql(&self) -> &str {
        self.0
    }

    fn is_drivers_own(&self) -> bool {
        true
    }
}

impl Executable for str {
    fn sql(&self) -> &str {
        self
    }
}

impl Executable for String {
    fn sql(&self) -> &str {
        self
    }
}

impl Executable for Cow<'_, str> {
    fn sql(&self) -> &str {
        self
    }
}

impl Executable for TextClause<'_> {
    fn sql(&self) -> &str {
        self.as_str()
    }

    fn clause(&self) -> Option<&TextClause<'_>> {
        Some(self)
    }
}

impl<S: Executable + ?Sized> Executable for &S {
    fn sql(&self) -> &str {
        (**self).sql()
    }

    fn clause(&self) -> Option<&TextClause<'_>> {
        (**self).clause()
    }
}
