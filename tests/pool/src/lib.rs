//! A manager that keeps a record of everything, fails on demand, and needs no database.

#![forbid(unsafe_code)]

mod recorder;

pub use recorder::{Conn, Faults, Recorder};
