//! Engine layer with database drivers that plug in at run time by URL.

pub mod abi;
pub mod dbapi;
pub mod dialect;
#[cfg(feature = "engine")]
pub mod engine;
pub mod error;
#[cfg(feature = "engine")]
pub mod result;
pub mod url;
pub mod value;

#[cfg(feature = "engine")]
pub use abi::host::Row;
#[cfg(feature = "engine")]
pub use engine::{Connection, Engine, EngineBuilder, create_engine};
pub use error::{Constraint, ConstraintKind, Error, ErrorKind, Result};
#[cfg(feature = "engine")]
pub use result::{CursorResult, FromRow, IntoParams, NamedParams, OwnedRow};
pub use url::Url;
pub use value::{FromValue, ToValue, Value, ValueRef};

/// Version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
