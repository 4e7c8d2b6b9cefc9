//! Executing, and what comes back: rows that are lent, rows that are owned, single values.

mod any_row;
mod bound;
mod cursor;
#[cfg(feature = "serde")]
mod deserialize;
mod executable;
mod execute;
mod from_row;
mod keyword;
mod owned;
mod params;
mod prepared;
mod script;

pub use crate::abi::host::{MISSING, NamedColumn};
pub use any_row::AnyRow;
pub use cursor::CursorResult;
pub use executable::Executable;
pub use from_row::FromRow;
#[doc(hidden)]
pub use from_row::check_width;
pub use owned::{OwnedRow, OwnedRows};
pub use params::{IntoParams, NamedParams, Shape};
pub use script::Script;
