//! Tests of the pool alone, on a manager that records what is asked of it.

mod order;
mod stress;
mod waiting;
