//! The engine: a URL's dialect and its connections.
//!
//! An [`Engine`] is made once for a database and kept. Making it finds, verifies and loads the
//! dialect and checks the URL; it connects at the first use. A [`Connection`] begins a transaction
//! with its first statement and rolls back what was not committed; a [`Transaction`] is held for a
//! block, a [`Savepoint`] is one inside another, a [`TwoPhaseTransaction`] one of several databases.

mod anchor;
mod begin;
mod builder;
mod by_hand;
mod cache_stats;
mod cancel;
mod closing;
mod commit;
mod compiled_cache;
mod config;
mod connect_args;
mod connection;
mod connector;
mod credentials;
pub mod events;
mod failure;
mod first_connect;
mod handle;
mod info;
mod lease;
mod number;
mod options;
mod origin;
mod phase;
mod pool_handle;
mod raw_connection;
mod report;
mod retry;
mod savepoint;
mod server;
mod session;
mod session_manager;
mod source;
mod state;
mod statement_cache;
mod sub_engine;
mod transaction;
mod two_phase;
mod url_rules;

pub use builder::EngineBuilder;
pub use cache_stats::CacheStats;
pub use cancel::{CancelHandle, RunningCall};
pub use config::engine_from_config;
pub use connection::Connection;
pub use connector::ConnectRequest;
pub use credentials::Credentials;
pub use handle::{Engine, create_engine};
pub use info::Info;
pub(crate) use lease::Lease;
pub use pool_handle::EnginePool;
pub use raw_connection::RawConnection;
pub(crate) use report::{Ended, Origin, Watch, Watched, Watcher};
pub use retry::RetryPolicy;
pub use savepoint::Savepoint;
pub(crate) use session::Session;
pub(crate) use state::EngineState;
pub(crate) use statement_cache::Kept;
pub use transaction::Transaction;
pub use two_phase::TwoPhaseTransaction;
