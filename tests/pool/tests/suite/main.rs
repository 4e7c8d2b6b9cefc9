//! Tests of the pool alone, on a manager that records what is asked of it.

mod cases;
mod classes;
mod listeners;
mod model;
mod order;
mod panics;
mod regressions;
mod settings;
mod stress;
mod tasks;
mod until;
mod upkeep;
mod waiting;
mod wakers;
mod within;
mod workers;
