//! Events of the engine, and what its errors say, on SQLite.

mod connecting;
mod errors;
mod messages;
mod panics;
mod postgresql;
mod registration;
mod rewriting;
mod statements;
mod transactions;

use std::sync::{Arc, Mutex};

use aludel::{Connection, Engine, EngineBuilder};

/// A builder with the linked dialect.
fn builder(url: &str) -> EngineBuilder {
    aludel_test_services::this_ran("sqlite-static");
    Engine::builder(url).dialect(aludel_dialect_sqlite::dialect())
}

/// An engine on a database in memory with a table `t`.
fn engine() -> Engine {
    let engine = builder("sqlite://").build().expect("the URL is good");
    engine.execute("create table t (x integer primary key, y text)", ()).expect("a table");
    engine
}

/// What listeners write down.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn write(&self, line: impl Into<String>) {
        self.0.lock().expect("no listener panics with the log").push(line.into());
    }

    /// What was written since this was called the last time.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no listener panics with the log"))
    }
}

/// Rows of `t`.
fn rows(connection: &mut Connection) -> i64 {
    connection.scalar("select count(*) from t", ()).expect("a table")
}
