//! Tests of the pool alone, on a manager that records what is asked of it.

mod cases;
mod order;
mod stress;
mod tasks;
mod until;
mod upkeep;
mod waiting;
