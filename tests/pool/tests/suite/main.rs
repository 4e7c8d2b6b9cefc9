//! Tests of the pool alone, on a manager that records what is asked of it.

mod cases;
mod classes;
mod closing;
mod counters;
mod echo;
mod listeners;
mod model;
mod order;
mod panics;
mod regressions;
mod replacing;
mod settings;
mod stress;
mod tasks;
mod tested;
mod turns;
mod until;
mod upkeep;
mod waiting;
mod wakers;
mod within;
mod workers;
