//! The stable boundary between host and dialect.
//!
//! C structs, tables of functions, and the code that puts safe Rust on both sides of them.
//!
//! Dialect authors do not meet this module: they implement [`Dialect`](crate::dialect::Dialect) and
//! write [`export_dialect!`](crate::export_dialect). Authors in other languages read the generated
//! header `core/include/aludel.h`.
//!
//! # Rules
//! - Data structs are frozen: [`LAYOUT_HASH`] covers them, and host and plugin must agree on it.
//! - Tables begin with their size and only grow; a missing entry means "not supported".
//! - Nothing is freed by the other side. Bytes travel in memory of the host or are lent.
//! - Panics stop at the boundary, in both directions.
//!
//! All `unsafe` code of the interface is in this module.

mod author;
pub(crate) mod block;
pub(crate) mod cell;
pub(crate) mod clock;
pub mod constants;
pub mod data;
pub mod describe;
pub(crate) mod encode;
mod export;
pub mod failure;
#[cfg(feature = "engine")]
pub(crate) mod fork;
#[cfg(feature = "engine")]
pub mod host;
#[cfg(feature = "engine")]
pub(crate) mod host_calls;
pub mod layout;
mod log;
pub(crate) mod params;
#[cfg(feature = "engine")]
pub(crate) mod process;
pub(crate) mod room;
pub(crate) mod row_builder;
pub(crate) mod scratch;
pub(crate) mod shim;
pub mod tables;
mod type_desc;
#[cfg(feature = "abi-witness")]
pub mod witness;
pub(crate) mod writer;

pub use author::{IntoStatic, StaticDialect, static_dialect};
pub use export::{
    ABI_MAJOR, ABI_MINOR, CODES, CONSTANTS, LAYOUT_HASH, Note, STRUCTS, note_bytes, note_len,
};
pub use log::plugin_init;
pub use shim::dialect_table;
