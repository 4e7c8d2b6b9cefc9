//! Running cases: which ones, in which order, each with a deadline and on its own connections.

mod one;
mod run;
mod select;
mod shuffle;
#[cfg(test)]
mod tests;

pub use run::Runner;
pub use select::Selection;
