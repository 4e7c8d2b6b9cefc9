//! Dialects that are wrong on purpose, for testing the tests.
//!
//! [`Faulty`] is the SQLite dialect behind a wrapper that can be told to make one [`Fault`], every
//! time or every seventh time. Without a fault it is a dialect as good as SQLite's own, save that it
//! reads whole results at once; [`Buffering`] is the same and denies that. [`Undeclared`] is the same
//! and declares nothing. [`Null`] refuses everything, or accepts everything and does nothing.

#![forbid(unsafe_code)]

mod cancel;
mod connection;
mod dialect;
mod fault;
mod null;
mod plan;
mod result;
mod rows;
mod statement;

pub use connection::FaultyConnection;
pub use dialect::{Buffering, Faulty, Undeclared};
pub use fault::Fault;
pub use null::{Null, NullConnection, NullStatement};
pub use plan::EVERY_SEVENTH;
pub use statement::FaultyStatement;
