//! Dialects that are wrong on purpose, for testing the tests.
//!
//! [`Faulty`] is the SQLite dialect behind a wrapper that can be told to make one [`Fault`], every
//! time or every seventh time. It has also what SQLite has none of (two-phase commit, notices,
//! notifications, bulk operations, several results, procedures, deferrable transactions), as well as
//! a process can have it by itself. Without a fault it is a dialect as good as SQLite's own, save that it
//! reads whole results at once; [`Buffering`] is the same and denies that. [`Undeclared`] is the same
//! and declares nothing. [`Null`] refuses everything, or accepts everything and does nothing.

#![forbid(unsafe_code)]

mod bulk;
mod cancel;
mod connection;
mod csv;
mod dialect;
mod extra;
mod fault;
mod hub;
mod language;
mod network;
mod null;
mod plan;
mod result;
mod rows;
mod spoil;
mod statement;
mod transaction;

pub use connection::FaultyConnection;
pub use dialect::{Buffering, Faulty, Undeclared};
pub use fault::Fault;
pub use null::{Null, NullConnection, NullStatement};
pub use plan::EVERY_SEVENTH;
pub use statement::FaultyStatement;
