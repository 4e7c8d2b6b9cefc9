//! The author's side of the boundary: safe traits behind C functions.
//!
//! Every function catches panics. A panic poisons the connection it happened on: its later calls
//! fail without reaching the author's code.

mod arguments;
mod connection;
mod default;
mod dialect;
mod guard;
mod session;
mod statement;

pub(crate) use default::{execute_each, execute_script};
pub use dialect::dialect_table;
pub(crate) use guard::{guard_free, panicked};
