//! What programs do wrong with connections, transactions and results, and what must stay right.
//!
//! Each case works on a [`Site`], which says how an engine is made and what the database must have
//! seen of it at the end: nothing leaks, nothing returns dirty, counts return to zero. The cases are
//! the same for every database and pool; `misuse_suite!` makes tests of them.

pub(crate) mod aborted;
pub(crate) mod by_hand;
pub(crate) mod commits;
pub(crate) mod crowd;
pub(crate) mod drops;
pub(crate) mod lost;
pub(crate) mod nested;
pub(crate) mod panics;
pub(crate) mod retries;
pub(crate) mod returned;
pub(crate) mod rounds;
pub(crate) mod site;
mod suite;
pub(crate) mod threads;

pub(crate) use suite::misuse_suite;
