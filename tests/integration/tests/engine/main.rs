//! The engine on SQLite, linked into the test.

mod bad_input;
mod binds;
mod building;
mod caches;
mod closing;
mod configured;
mod credentials;
mod driver;
mod early_drop;
mod ending;
mod first_connect;
mod lifecycle;
mod limits;
mod parameters;
mod pool_events;
mod pooling;
mod recorded;
mod results;
mod shapes;
mod shared_memory;
mod sub_engines;
mod transactions;
mod url_options;

use aludel::pool::settings::PoolClass;
use aludel::{Engine, EngineBuilder, Result};
use tempfile::TempDir;

/// An engine on a database in memory.
fn memory() -> Engine {
    engine("sqlite:///:memory:")
}

/// An engine on a database in memory that is its one connection's.
fn private_memory() -> Engine {
    builder("sqlite://").poolclass(PoolClass::StaticPool).build().expect("the URL is good")
}

/// An engine with the linked dialect.
fn engine(url: &str) -> Engine {
    try_engine(url).expect("the URL is good")
}

fn try_engine(url: &str) -> Result<Engine> {
    builder(url).build()
}

/// A builder with the linked dialect.
fn builder(url: &str) -> EngineBuilder {
    aludel_test_services::this_ran("sqlite-static");
    Engine::builder(url).dialect(aludel_dialect_sqlite::dialect())
}

/// A directory of its own, and the URL of a database file in it.
fn file() -> (TempDir, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let url = format!("sqlite:///{}", directory.path().join("test.db").display());
    (directory, url)
}
