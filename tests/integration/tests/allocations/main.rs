//! What the engine allocates on SQLite: nothing for a statement that it knows, nothing for a row.
//!
//! A program of its own, because it counts what its allocator gives. SQLite's own memory does not
//! come from there and is not counted.

mod bounded;
mod statements;

use aludel::{Connection, Engine};
use aludel_test_support::allocations::CountingAllocator;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// Rows of a number, a float, a NULL and a text.
const ROWS: &str = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 10000) \
     select i, i * 0.5, null, 'the text of row ' || i from c";

fn connect() -> Connection {
    Engine::builder("sqlite://")
        .dialect(aludel_dialect_sqlite::dialect())
        .build()
        .and_then(|engine| engine.connect())
        .expect("a database in memory")
}
