//! Engine layer with database drivers that plug in at run time by URL.

pub mod abi;
pub mod dbapi;
pub mod dialect;
pub mod error;
pub mod url;
pub mod value;

pub use error::{Constraint, ConstraintKind, Error, ErrorKind, Result};
pub use url::Url;
pub use value::{Value, ValueRef};
