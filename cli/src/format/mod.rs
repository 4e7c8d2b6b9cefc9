//! The formats that rows are printed in.

mod csv;
mod json;
mod markdown;
mod output;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use output::Output;
