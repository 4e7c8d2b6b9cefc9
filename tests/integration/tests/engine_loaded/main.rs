//! The engine on SQLite, loaded as a plugin.
//!
//! The same tests as for the linked dialect, in a process of its own, because one process holds one
//! provider of a scheme.

#[path = "../engine/bad_input.rs"]
mod bad_input;
#[path = "../engine/binds.rs"]
mod binds;
#[path = "../engine/caches.rs"]
mod caches;
#[path = "../engine/closing.rs"]
mod closing;
#[path = "../engine/driver.rs"]
mod driver;
#[path = "../engine/early_drop.rs"]
mod early_drop;
#[path = "../engine/lifecycle.rs"]
mod lifecycle;
#[path = "../engine/parameters.rs"]
mod parameters;
#[path = "../engine/results.rs"]
mod results;
mod seeds;
#[path = "../engine/shapes.rs"]
mod shapes;
#[path = "../engine/shared_memory.rs"]
mod shared_memory;
mod sharing;
#[path = "../engine/transactions.rs"]
mod transactions;
mod vendored;

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

/// An engine with the loaded dialect.
fn engine(url: &str) -> Engine {
    try_engine(url).expect("the URL is good")
}

fn try_engine(url: &str) -> Result<Engine> {
    builder(url).build()
}

/// A builder that finds and loads the plugin beside this program.
fn builder(url: &str) -> EngineBuilder {
    aludel_test_services::this_ran("sqlite-loaded");
    Engine::builder(url)
}

/// A directory of its own, and the URL of a database file in it.
fn file() -> (TempDir, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let url = format!("sqlite:///{}", directory.path().join("test.db").display());
    (directory, url)
}
