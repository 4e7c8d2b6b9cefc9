//! Errors of the server and of the way to it, as errors of aludel.
//!
//! Everything is decided by the SQLSTATE and by fields that no server translates, never by the
//! text of a message.

mod class;
mod constraint;
mod help;
mod io;
mod outcome;
mod position;
mod role;
mod server;

pub(crate) use io::{from_io, unreachable};
pub(crate) use role::judge_role;
pub(crate) use server::{from_server, from_startup};

#[cfg(test)]
mod tests;
