//! The databases that a test runs on.

use aludel::{Connection, Engine, EngineBuilder};
use aludel_test_services::{provided, this_ran};

/// A database that is there.
pub(crate) struct Database {
    pub(crate) name: &'static str,
    url: String,
}

/// SQLite in memory, and PostgreSQL where there is a server around the test.
pub(crate) fn databases() -> Vec<Database> {
    this_ran("sqlite-static");
    let mut all = vec![Database { name: "sqlite", url: "sqlite://".into() }];
    all.extend(postgresql());
    all
}

/// PostgreSQL, where there is a server around the test.
pub(crate) fn postgresql() -> Option<Database> {
    let test = std::thread::current().name().unwrap_or("a test without a name").to_owned();
    let vars = provided("pg", &test)?;
    Some(Database { name: "postgresql", url: vars["ALUDEL_PG_URL"].to_owned() })
}

impl Database {
    pub(crate) fn builder(&self) -> EngineBuilder {
        Engine::builder(self.url.as_str()).dialect(match self.name {
            "sqlite" => aludel_dialect_sqlite::dialect(),
            _ => aludel_dialect_postgresql::dialect(),
        })
    }

    pub(crate) fn engine(&self) -> Engine {
        self.builder().build().expect("the URL is good")
    }

    /// A connection that has a table `t` of its own: `id` counted by the database, a unique number
    /// `n` and a text `s`.
    pub(crate) fn with_table(&self) -> Connection {
        with_table(&self.engine(), self.name)
    }
}

/// See [`Database::with_table`].
pub(crate) fn with_table(engine: &Engine, name: &str) -> Connection {
    let mut connection = engine.connect().expect("the database takes a connection");
    let id = match name {
        "sqlite" => "integer primary key",
        _ => "integer generated always as identity primary key",
    };
    let sql = format!("create temporary table t (id {id}, n integer unique, s text)");
    connection.execute(&sql, ()).expect("a table");
    connection.commit().expect("the table stays");
    connection
}
