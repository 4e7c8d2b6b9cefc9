//! Executing, and what comes back: rows that are lent, rows that are owned, single values.

mod cursor;
mod execute;
mod from_row;
mod owned;
mod params;
mod script;

pub use cursor::CursorResult;
pub use from_row::FromRow;
pub use owned::{OwnedRow, OwnedRows};
pub use params::{IntoParams, NamedParams, Shape};
pub use script::Script;
