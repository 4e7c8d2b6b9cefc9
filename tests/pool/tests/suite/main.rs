//! Tests of the pool alone, on a manager that records what is asked of it.

mod cases;
mod classes;
mod clocks;
mod closing;
mod counters;
mod deadlock;
mod executor;
mod executor_of_engine;
mod listeners;
mod model;
mod order;
mod panics;
mod regressions;
mod replacing;
mod returning;
mod settings;
mod silence;
mod stress;
mod tasks;
mod turns;
mod until;
mod upkeep;
mod waiting;
mod wakers;
mod within;
mod workers;
