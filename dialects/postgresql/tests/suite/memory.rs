//! Memory that executing, reading and large values take.

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::TransactionOptions;
use aludel_test_support::allocations::{self, Allocations, CountingAllocator};

use crate::support::{connect, connect_with, prepare, run};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// TLS takes memory for each of its records.
const PLAIN: &str = "sslmode=disable";

const MB: i64 = 1 << 20;

/// Executes, reads every row, and tells their number with what was allocated meanwhile.
fn counted(connection: &mut DriverConnection, sql: &str) -> (u64, Allocations) {
    let statement = prepare(connection, sql);
    let read = |connection: &mut DriverConnection| {
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        let mut rows = 0;
        while cursor.next().unwrap().is_some() {
            rows += 1;
        }
        rows
    };
    read(connection);
    let counted = allocations::count(|| read(connection));
    connection.close_statement(statement);
    counted
}

#[test]
fn a_million_rows_take_no_more_memory_than_a_thousand() {
    let Some(mut connection) = connect_with(PLAIN) else { return };
    for in_transaction in [false, true] {
        if in_transaction {
            connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
        }
        let sql = "select generate_series(1, 1000000) as n, 'a text of some length' as t, 1.5 as f";
        let (rows, seen) = counted(&mut connection, sql);
        assert_eq!(rows, 1_000_000);
        assert!(seen.peak < 8 * MB, "in transaction {in_transaction}: {seen:?}");
        assert_eq!(seen.allocations, 0, "in transaction {in_transaction}: {seen:?}");
    }
}

#[test]
fn a_statement_that_is_held_is_executed_without_allocating() {
    for query in ["", "&prepared_statements=off"] {
        let Some(mut connection) = connect_with(&format!("{PLAIN}{query}")) else { return };
        for in_transaction in [false, true] {
            if in_transaction {
                connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
            }
            for sql in ["select 1", "select $1::int8 + 1, 'text', $2::text", "set work_mem = 4096"]
            {
                let statement = prepare(&mut connection, sql);
                let mut execute = || {
                    let options = ExecuteOptions::default();
                    let mut cursor = match sql.contains('$') {
                        true => connection.execute(&statement, &(1_i64, "a"), options).unwrap(),
                        false => connection.execute(&statement, &(), options).unwrap(),
                    };
                    while cursor.next().unwrap().is_some() {}
                };
                (0..3).for_each(|_| execute());
                let ((), seen) = allocations::count(|| (0..100).for_each(|_| execute()));
                // Described anew each time, or not at all.
                let is_anew = !query.is_empty() || sql.starts_with("set");
                let wanted = if is_anew { 400 } else { 0 };
                assert!(seen.allocations <= wanted, "{sql} {query} {in_transaction}: {seen:?}");
                assert_eq!(seen.live, 0, "{sql}");
            }
        }
    }
}

#[test]
fn text_that_was_executed_before_is_executed_with_the_allocations_of_its_handle() {
    let Some(mut connection) = connect_with(PLAIN) else { return };
    let mut execute = || {
        let statement = prepare(&mut connection, "select $1::int8");
        let options = ExecuteOptions::default();
        assert!(
            connection.execute(&statement, &(1_i64,), options).unwrap().next().unwrap().is_some()
        );
        connection.close_statement(statement);
    };
    (0..3).for_each(|_| execute());
    let ((), seen) = allocations::count(|| (0..100).for_each(|_| execute()));
    assert_eq!((seen.allocations, seen.live), (100, 0), "{seen:?}");
}

#[test]
fn large_values_go_in_and_out_without_being_copied() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table large (id int, a bytea, t text)");
    let bytes: Vec<u8> = (0..64 << 20).map(|at: u32| (at % 251) as u8).collect();
    let text = "ä".repeat(16 << 20);
    let insert = prepare(&mut connection, "insert into large values ($1, $2, $3)");
    for id in [1_i64, 2] {
        // The first execution knows nothing of the types, the second one does.
        let ((), seen) = allocations::count(|| {
            let params = (id, bytes.as_slice(), text.as_str());
            drop(connection.execute(&insert, &params, ExecuteOptions::default()).unwrap());
        });
        assert!(seen.peak < MB, "{id}: {seen:?}");
    }
    let select = prepare(&mut connection, "select a, t from large where id = $1");
    for id in [1_i64, 2] {
        let ((), seen) = allocations::count(|| {
            let mut cursor =
                connection.execute(&select, &(id,), ExecuteOptions::default()).unwrap();
            let row = cursor.next().unwrap().expect("the row");
            let (a, t): (&[u8], &str) = row.get().unwrap();
            assert!(a == bytes && t == text);
        });
        let size = (bytes.len() + text.len()) as i64;
        assert!(seen.peak < size + size / 2, "{id}: {seen:?}");
        assert!(seen.live < MB, "the room for it is given back: {seen:?}");
    }
}

#[test]
fn a_large_value_between_small_ones_arrives_where_it_belongs() {
    let Some(mut connection) = connect() else { return };
    let sql = "select $1::text, $2::bytea, $3::text, $4::text, $5::jsonb, $6::int8";
    let statement = prepare(&mut connection, sql);
    let (large, blob) = ("l".repeat(70_000), vec![7_u8; 65_536]);
    let json = format!("[\"{}\"]", "j".repeat(70_000));
    for _ in 0..2 {
        let params = ("a", blob.as_slice(), large.as_str(), "", json.as_str(), 5_i64);
        let mut cursor =
            connection.execute(&statement, &params, ExecuteOptions::default()).unwrap();
        let row = cursor.next().unwrap().expect("the row");
        assert_eq!(row.get_at::<&str>(0).unwrap(), "a");
        assert_eq!(row.get_at::<&[u8]>(1).unwrap(), blob);
        assert_eq!(row.get_at::<&str>(2).unwrap(), large);
        assert_eq!(row.get_at::<&str>(3).unwrap(), "");
        assert_eq!(row.get_at::<&str>(4).unwrap(), json);
        assert_eq!(row.get_at::<i64>(5).unwrap(), 5);
    }
}

#[test]
fn parameters_that_no_message_can_hold_are_refused_and_the_connection_goes_on() {
    let Some(mut connection) = connect() else { return };
    // Pages that are never written cost no memory.
    let huge = vec![0_u8; 600 << 20];
    let statement = prepare(&mut connection, "select length($1::bytea), length($2::bytea)");
    let params = (huge.as_slice(), huge.as_slice());
    let error =
        connection.execute(&statement, &params, ExecuteOptions::default()).map(drop).unwrap_err();
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("54000"), false), "{error}");
    run(&mut connection, "select 1");
}
