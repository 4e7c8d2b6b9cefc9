//! Executing once for each of many rows of parameters.

mod at_once;
mod counts;
mod failing;
mod links;
mod memory;
mod property;
mod returning;
mod stopping;
