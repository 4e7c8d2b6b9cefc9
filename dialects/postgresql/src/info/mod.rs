//! What can be said of PostgreSQL without a connection: names, words, rules of its SQL.

mod names;
mod reserved;
mod rules;
mod types;

pub(crate) use names::{ALIASES, DRIVERS};
pub(crate) use reserved::WORDS;
pub(crate) use rules::RULES;
pub(crate) use types::TYPE_NAMES;

#[cfg(test)]
mod tests;
