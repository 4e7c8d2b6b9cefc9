//! What is given on the command line.

mod parse;
mod sql;
mod verbs;

pub(crate) use parse::{Request, parse};
pub(crate) use sql::{Arguments, Format};
pub(crate) use verbs::{Verb, VerbRequest};
