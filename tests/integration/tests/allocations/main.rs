//! What the engine allocates: nothing for a statement that it knows, nothing for a row.
//!
//! A program of its own, because it counts what its allocator gives. SQLite's own memory does not
//! come from there and is not counted; what the client of PostgreSQL takes is.

mod bounded;
mod statements;

use aludel::{Connection, Engine};
use aludel_test_services::provided;
use aludel_test_support::allocations::CountingAllocator;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// A database and its SQL for 10,000 rows of a number, a float, a NULL and a text.
struct Database {
    name: &'static str,
    url: String,
    rows: &'static str,
}

const SQLITE_ROWS: &str = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 10000) \
     select i, i * 0.5, null, 'the text of row ' || i from c";

const POSTGRESQL_ROWS: &str = "select i, i * float8 '0.5', null::bigint, 'the text of row ' || i \
     from generate_series(1, 10000) as i";

/// SQLite, and PostgreSQL where there is a server around the test.
fn databases() -> Vec<Database> {
    let test = std::thread::current().name().unwrap_or("a test without a name").to_owned();
    let sqlite = Database { name: "sqlite", url: "sqlite://".into(), rows: SQLITE_ROWS };
    let postgresql = provided("pg", &test).map(|vars| Database {
        name: "postgresql",
        url: vars["ALUDEL_PG_URL"].to_owned(),
        rows: POSTGRESQL_ROWS,
    });
    std::iter::once(sqlite).chain(postgresql).collect()
}

impl Database {
    fn connect(&self) -> Connection {
        self.engine().connect().expect("the database takes a connection")
    }

    fn engine(&self) -> Engine {
        let dialect = match self.name {
            "sqlite" => aludel_dialect_sqlite::dialect(),
            _ => aludel_dialect_postgresql::dialect(),
        };
        Engine::builder(self.url.as_str()).dialect(dialect).build().expect("the URL is good")
    }
}
