//! The host's side of the boundary: safe Rust over the tables of a dialect.
//!
//! [`DriverDialect`] connects, [`DriverConnection`] prepares and executes, [`DriverCursor`] lends
//! rows. The engine stands on these; they are public for tools and benchmarks that want the driver
//! without the engine. A table entry that a plugin does not have is replaced by what can be made of
//! the others, or is a `NotSupported` error.
//!
//! What a plugin returns is checked as far as memory allows: counts, states, tags, headers and
//! UTF-8. Pointers cannot be checked; a plugin is native code.

mod adopt;
mod arranged;
mod bulk;
mod bulk_transfer;
mod cancel;
mod connection;
mod cursor;
mod describe;
mod dialect;
pub(crate) mod errors;
mod execute;
mod execute_many;
mod limits;
mod params;
mod places;
mod row;
mod session;
mod statement;
mod transaction;
mod written;

pub(crate) use arranged::Arranged;
pub use bulk_transfer::{BulkReader, BulkWriter};
pub use cancel::DriverCancel;
pub use connection::DriverConnection;
pub use cursor::DriverCursor;
pub use dialect::DriverDialect;
pub use execute::ExecuteOptions;
pub(crate) use execute::Progress;
pub use limits::Limits;
pub use params::{BindRow, ParamWriter};
pub(crate) use params::{copied, looked_at};
pub use places::{MISSING, NamedColumn};
pub use row::Row;
pub(crate) use row::column_index;
pub use statement::DriverStatement;
pub use written::written_rows;
