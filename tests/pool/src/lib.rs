//! A manager and a dialect that keep a record of everything, fail on demand, and need no database.

#![forbid(unsafe_code)]

mod block_on;
mod calls;
mod recorder;
mod watched;

pub use block_on::{block_on, poll_once};
pub use calls::Calls;
pub use recorder::{Conn, Faults, Recorder};
pub use watched::{Watched, calls_of};
