//! The engine: a URL's dialect and its connections.
//!
//! An [`Engine`] is made once for a database and kept. Making it finds, verifies and loads the
//! dialect and checks the URL; it connects at the first use. A [`Connection`] begins a transaction
//! with its first statement and rolls back what was not committed.

mod builder;
mod cache_stats;
mod compiled_cache;
mod connect_args;
mod connection;
pub mod events;
mod handle;
mod session;
mod source;
mod statement_cache;
mod url_rules;

pub use builder::EngineBuilder;
pub use cache_stats::CacheStats;
pub use connection::Connection;
pub use handle::{Engine, create_engine};
pub(crate) use session::Session;
pub(crate) use source::Lease;
pub(crate) use statement_cache::Kept;
