//! Memory does not grow with the number of rows, unless they are collected.

use std::time::Duration;

use aludel::{CursorResult, Engine, OwnedRow, Result};
use aludel_test_support::allocations::count;

use crate::{Database, databases};

/// The most that reading holds at one moment, in bytes.
fn peak(database: &Database, read: impl Fn(CursorResult<'_>) -> Result<()>) -> i64 {
    let mut connection = database.connect();
    connection.execute(database.rows, ()).and_then(|mut rows| rows.finish()).expect("warm-up");
    let rows = connection.execute(database.rows, ()).expect("rows");
    let (done, seen) = count(|| read(rows));
    done.expect("all rows are read");
    seen.peak
}

#[test]
fn reading_holds_a_batch_and_collecting_holds_every_row() {
    type Read = fn(CursorResult<'_>) -> Result<()>;
    let streaming: [(&str, Read); 4] = [
        ("fetch_one", |mut rows| {
            while rows.fetch_one::<OwnedRow>()?.is_some() {}
            Ok(())
        }),
        ("owned", |rows| rows.owned().try_for_each(|row| row.map(drop))),
        ("mappings", |rows| rows.mappings().try_for_each(|row| row.map(drop))),
        ("partitions", |mut rows| {
            rows.partitions::<(i64, f64, Option<i64>, String)>(20)
                .try_for_each(|some| some.map(drop))
        }),
    ];
    for database in databases() {
        for (name, read) in streaming {
            let held = peak(&database, read);
            assert!(held < 16 * 1024, "{}: {name} holds {held} bytes", database.name);
        }
        let held = peak(&database, |mut rows| rows.all::<OwnedRow>().map(drop));
        assert!(held > 10_000 * 32, "{}: all() holds {held} bytes", database.name);
    }
}

#[test]
fn no_more_of_a_parameter_is_copied_than_is_shown() {
    let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect());
    let engine = engine.slow_query_threshold(Duration::from_secs(3600)).build().expect("a URL");
    let mut connection = engine.connect().expect("a connection");
    let (blob, text) = (vec![1_u8; 4 << 20], "x".repeat(4 << 20));
    let mut measure = || {
        let (length, seen) = count(|| {
            connection.scalar::<i64>("select length(?) + length(?)", (&blob[..], text.as_str()))
        });
        assert_eq!(length.expect("a number"), 2 * (4 << 20));
        seen.peak
    };
    measure();
    let held = measure();
    assert!(held < 64 * 1024, "{held} bytes");
}
