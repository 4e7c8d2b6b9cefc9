//! Executing once for each of many rows of parameters.

mod at_once;
mod counts;
mod failing;
mod returning;
mod stopping;
