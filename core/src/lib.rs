//! Engine layer with database drivers that plug in at run time by URL.

pub mod error;
pub mod url;

pub use error::{Constraint, ConstraintKind, Error, ErrorKind, Result};
pub use url::Url;
