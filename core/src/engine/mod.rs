//! The engine: a URL's dialect and its connections.
//!
//! An [`Engine`] is made once for a database and kept. Making it finds, verifies and loads the
//! dialect and checks the URL; it connects at the first use. A [`Connection`] begins a transaction
//! with its first statement and rolls back what was not committed.

mod builder;
mod connect_args;
mod connection;
mod handle;
mod source;
mod url_rules;

pub use builder::EngineBuilder;
pub use connection::Connection;
pub use handle::{Engine, create_engine};
pub(crate) use source::Lease;
