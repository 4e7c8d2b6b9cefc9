//! Executing, and what comes back: rows that are lent, rows that are owned, single values.

mod any_row;
mod arrangement;
mod bound;
mod changes;
mod collected;
mod cursor;
#[cfg(feature = "serde")]
mod deserialize;
mod executable;
mod execute;
mod failed;
mod fetch;
mod from_row;
mod frozen;
mod given;
mod insert_many;
mod mapping;
mod mappings;
mod modify;
mod own_transaction;
mod owned;
mod params;
mod partitions;
mod prepared;
mod scalars;
mod script;
mod sending;
mod set_by_set;
mod source;
mod streamed;
mod told;
mod unique;

pub use crate::abi::host::{MISSING, NamedColumn};
pub use any_row::AnyRow;
pub use cursor::CursorResult;
pub use executable::Executable;
pub use from_row::FromRow;
#[doc(hidden)]
pub use from_row::check_width;
pub use frozen::FrozenResult;
pub use insert_many::InsertManyValues;
pub use mapping::RowMapping;
pub use mappings::MappingResult;
pub use modify::ColumnKey;
pub use owned::{OwnedRow, OwnedRows};
pub use params::{IntoParams, NamedParams, Shape};
pub use partitions::Partitions;
pub use scalars::ScalarResult;
pub use script::Script;
