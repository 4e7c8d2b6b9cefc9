//! The cases, one file for each group or part of one.

mod all;
mod constraints;
mod counts;
mod errors;
mod execute;
mod executemany;
mod handshake;
mod isolation;
mod limits;
mod parameters;
mod reset;
mod streaming;
mod transactions;
mod types;

pub use all::all;
