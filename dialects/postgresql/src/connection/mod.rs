//! The connection and its statements: what travels in which flight, and what comes back.
//!
//! - [`link`]: the conversation. Messages are composed into its `out`, leave as one flight, and
//!   come back one by one until the server is ready.
//! - [`cache`], [`prepared`]: statements that the server keeps, and what it says about them.
//! - [`execute`], [`open`]: an execution and the result that it leaves open.

mod bind;
mod cache;
mod catalog;
mod execute;
mod flight;
mod keyword;
mod link;
mod open;
mod postgresql;
mod prepared;
mod session;
mod statement;
mod talk;
mod transaction;
mod unasked;

pub use postgresql::PostgresqlConnection;
pub use statement::PostgresqlStatement;
