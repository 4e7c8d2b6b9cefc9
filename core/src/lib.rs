//! Engine layer with database drivers that plug in at run time by URL.

pub mod error;

pub use error::{Constraint, ConstraintKind, Error, ErrorKind, Result};
