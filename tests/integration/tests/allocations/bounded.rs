//! Memory does not grow with the number of rows, unless they are collected.

use aludel::{CursorResult, OwnedRow, Result};
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
