//! A manager that keeps a record of everything, fails on demand, and needs no database.

#![forbid(unsafe_code)]

mod block_on;
mod recorder;

pub use block_on::{block_on, poll_once};
pub use recorder::{Conn, Faults, Recorder};
