//! PostgreSQL's lexical rules, as far as they tell where a statement ends and what it may do.
//!
//! Nothing here decides whether SQL is right: that is the server's affair. Whatever is not
//! understood is passed on as it is.

mod first;
mod insert;
mod kind;
mod lexer;
mod partial;
mod token;

pub(crate) use first::{First, first_statement};
pub(crate) use insert::{OnConflict, single_insert};
pub(crate) use kind::StatementKind;
pub(crate) use partial::may_run_in_parts;

#[cfg(test)]
mod binds_tests;
#[cfg(test)]
mod server_tests;
#[cfg(test)]
mod tests;
