//! The cases, one file for each group or part of one.

mod all;
mod conflicts;
mod constraints;
mod counts;
mod early_drop;
mod errors;
mod execute;
mod executemany;
mod handshake;
mod hostile;
mod isolation;
mod limits;
mod parameters;
mod reflection;
mod reset;
mod round_trips;
mod streaming;
mod texts;
mod transactions;
mod types;

pub use all::all;
