//! Benchmarks of connection pools: ours and its peers side by side in one run, and room for yours.
//!
//! Every contender is measured once a round in every cell, in turning order, against the same server
//! that is in the process alone ([`Server`]); what counts are medians, and ratios within rounds. Each
//! of the programs `pool_…` is one [`Bench`] with its contenders. To add a pool, implement
//! [`BenchPool`] for it, and write the same program with one [`Contender`] more.
//!
//! The peers are behind the feature `peers`.

#![forbid(unsafe_code)]

mod args;
mod bench;
mod contended;
mod contender;
mod crowd;
mod fairness;
mod hold;
mod json;
mod measured;
mod open_loop;
mod outage;
mod overhead;
mod overtakes;
mod plan;
mod pools;
mod report;
mod server;
mod spike;
mod spread;
mod subject;
mod uncontended;
mod waits;

pub use args::Args;
pub use bench::Bench;
pub use contender::{BenchPool, Contender, Setup};
pub use server::{Answer, Attempt, Connection, Failure, Server};
