//! Memory that an executemany takes.

use aludel::abi::host::{DriverConnection, DriverStatement, Limits};
use aludel_test_support::allocations::{self, Allocations};

use crate::support::{connect_with, prepare, run};

const MB: i64 = 1 << 20;

/// What is allocated for this many rows, the second time.
fn counted(
    connection: &mut DriverConnection,
    statement: &DriverStatement,
    rows: &[(i64, String)],
) -> Allocations {
    let mut seen = None;
    for _ in 0..4 {
        let execute = || connection.execute_many(statement, rows, Limits::NONE).unwrap();
        seen = Some(allocations::count(execute).1);
    }
    seen.expect("it was executed")
}

#[test]
fn no_row_allocates_and_only_what_travels_at_once_is_held() {
    let Some(mut connection) = connect_with("sslmode=disable") else { return };
    run(&mut connection, "create temp table t (n int primary key, s text)");
    for sql in [
        "insert into t values ($1, $2) on conflict do nothing",
        "update t set s = $2 where n = $1",
        "insert into t values ($1, $2) on conflict do nothing returning n",
    ] {
        let statement = prepare(&mut connection, sql);
        let rows: Vec<(i64, String)> = (0..40_000).map(|n| (n, format!("row {n}"))).collect();
        let few = counted(&mut connection, &statement, &rows[..4000]);
        let many = counted(&mut connection, &statement, &rows);
        assert!(few.allocations < 80, "{sql}: {few:?}");
        assert!(many.allocations < 10 * few.allocations.max(20), "{sql}: {many:?}");
        assert!(many.peak < MB, "{sql}: {many:?}");
    }
}

#[test]
fn rows_that_come_back_are_not_held() {
    let Some(mut connection) = connect_with("sslmode=disable") else { return };
    let sql = "select $1::int, repeat('x', 100000)";
    let statement = prepare(&mut connection, sql);
    let rows: Vec<(i64,)> = (0..2000).map(|n| (n,)).collect();
    let (count, seen) = allocations::count(|| {
        let mut cursor =
            connection.execute_many_returning(&statement, &rows, Limits::NONE).unwrap();
        let mut count = 0;
        while cursor.next().unwrap().is_some() {
            count += 1;
        }
        count
    });
    assert_eq!(count, 2000);
    assert!(seen.peak < MB, "of 200 MB that came back: {seen:?}");
}
