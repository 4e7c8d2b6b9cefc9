//! A small harness for comparisons: paired rounds, ratios with their spread, instruction counts.
//!
//! Wall time on a shared machine is noisy, so variants run one after the other in each round, the
//! order turned around every time, and what counts is the ratio within a round.

mod args;
mod budget;
mod cost;
mod instructions;
mod paired;
mod processes;
mod stats;

pub use args::Args;
pub use budget::{Budget, Measure, report};
pub use cost::Cost;
pub use instructions::{count_instructions, count_instructions_of, measured_region};
pub use paired::{Comparison, Variant, compare};
pub use processes::rounds_in_processes;
pub use stats::{Spread, spread};
