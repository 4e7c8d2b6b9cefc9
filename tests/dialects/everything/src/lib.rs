//! A dialect that has every capability, every kind of value, and misbehaves when it is asked to.
//!
//! Its statements are a language of its own, listed at `Command`; its data is a table of a key and
//! a value in memory. `coverage` answers which entries of the tables were called and which kinds of
//! values went each way, so that a test can tell what was never exercised.

#![forbid(unsafe_code)]

mod answer;
mod bulk;
mod cancel;
mod command;
mod connection;
mod coverage;
mod database;
mod dialect;
mod failure;
mod misbehaviour;
mod options;
mod probe;
mod reflection;
mod samples;
mod script;
mod statement;
mod transaction;

pub use connection::EverythingConnection;
pub use dialect::{Everything, info};
pub use samples::{NAMES as SAMPLES, rows as sample};
pub use statement::EverythingStatement;
