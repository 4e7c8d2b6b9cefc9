//! The connection and its statements: what travels in which flight, and what comes back.
//!
//! Every call is of the same form:
//!
//! 1. `let _running = connection.start(call)?` takes the deadline, lets the call be cancelled until
//!    it is dropped, and gets rid of what an open result has left.
//! 2. Messages are composed into [`link`]'s `out` ([`flight`], [`bind`]); each `sync` is a
//!    ReadyForQuery that is owed from then on. `send` writes them, and before them what was put off
//!    (BEGIN, SAVEPOINT) in the same Sync: when that fails, the server skips the rest. What was
//!    composed and not sent is forgotten by the next `start`.
//! 3. `receive` takes one message after the other; those that may come at any time, and the answers
//!    to what was put off, never come out of it. `until_ready` reads to the last ReadyForQuery that
//!    is owed, and gives the first error. `settle` does the same after an error that was received.
//!    Rows of the program's statements are not received but lent ([`open`]).
//!
//! The deadline is kept below all of that: when it passes, the server is told to stop ([`stop`]),
//! and its answer comes as the error of the call.

mod bind;
mod bulk;
mod cache;
mod cancel;
mod catalog;
mod execute;
mod flight;
mod link;
mod listen;
mod many;
mod open;
mod parts;
mod postgresql;
mod prepared;
mod put_off;
mod reflect;
mod session;
mod statement;
mod stop;
mod talk;
mod transaction;
mod two_phase;
mod unasked;
mod unsent;

pub use postgresql::PostgresqlConnection;
pub use statement::PostgresqlStatement;
