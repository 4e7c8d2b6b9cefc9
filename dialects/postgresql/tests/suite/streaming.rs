//! Long results inside and outside of transactions, read to their end and dropped before.

use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::{TransactionOptions, TransactionState};

use crate::support::{connect, connect_with, error_of, prepare, rows, run, scalar, text, try_run};

fn begin(connection: &mut DriverConnection) {
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
}

/// Reads all rows, whose first column counts from 1, and tells how many there were.
fn count_up(connection: &mut DriverConnection, sql: &str) -> i64 {
    let statement = prepare(connection, sql);
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    let mut at = 0;
    while let Some(row) = cursor.next().unwrap() {
        at += 1;
        assert_eq!(row.get_at::<i64>(0).unwrap(), at);
    }
    at
}

#[test]
fn rows_of_every_width_arrive_in_order_in_a_transaction() {
    for query in ["", "prepared_statements=off"] {
        let Some(mut connection) = connect_with(query) else { return };
        begin(&mut connection);
        for (last, width) in [(512, 1), (513, 1), (100_000, 10), (3000, 3000), (40, 300_000)] {
            let sql = format!("select n, repeat('x', {width}) from generate_series(1, {last}) n");
            assert_eq!(count_up(&mut connection, &sql), last);
        }
        let sql = "select n, decode(repeat('00', 100), 'hex') from generate_series(1, 5000) n";
        assert_eq!(count_up(&mut connection, sql), 5000);
        assert_eq!(connection.transaction_state(), TransactionState::Active);
        connection.commit(Limits::NONE).unwrap();
    }
}

#[test]
fn values_that_look_like_the_end_of_a_part_do_no_harm() {
    let Some(mut connection) = connect() else { return };
    begin(&mut connection);
    let value = "73000000045a0000000554";
    let sql = format!("select n, '\\x{value}'::bytea from generate_series(1, 20000) n");
    assert_eq!(count_up(&mut connection, &sql), 20_000);
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}

#[test]
fn an_endless_query_that_nobody_reads_on_does_not_end_the_transaction() {
    let Some(mut connection) = connect() else { return };
    begin(&mut connection);
    run(&mut connection, "create temp table stays (a int)");
    for width in [1, 100_000] {
        let sql = format!("select generate_series(1, 1000000000), repeat('x', {width})");
        let statement = prepare(&mut connection, &sql);
        for read in [1, 2000] {
            let mut cursor =
                connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
            for _ in 0..read {
                assert!(cursor.next().unwrap().is_some());
            }
            drop(cursor);
            assert_eq!(connection.transaction_state(), TransactionState::Active);
            assert_eq!(scalar(&mut connection, "select count(*) from stays"), Value::I64(0));
        }
        let portals = "select count(*) from pg_cursors where statement like '%1000000000%' \
                       and statement not like '%pg_cursors%'";
        assert_eq!(scalar(&mut connection, portals), Value::I64(0), "the portal is closed");
    }
    connection.commit(Limits::NONE).unwrap();
    assert_eq!(scalar(&mut connection, "select count(*) from stays"), Value::I64(0));
}

#[test]
fn rows_before_an_error_are_delivered_and_the_transaction_is_aborted() {
    let Some(mut connection) = connect() else { return };
    for last in [100, 600, 2000, 30_000, 200_000] {
        begin(&mut connection);
        let sql = format!("select n, 1 / ({last} - n) from generate_series(1, 1000000) n");
        let statement = prepare(&mut connection, &sql);
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        let mut at = 0_i64;
        let error = loop {
            match cursor.next() {
                Ok(row) => at += i64::from(row.is_some()),
                Err(error) => break error,
            }
        };
        drop(cursor);
        assert_eq!((at, error.sqlstate()), (last - 1, Some("22012")));
        assert!(error.is_transaction_aborted());
        assert_eq!(error_of(&mut connection, "select 1").sqlstate(), Some("25P02"));
        connection.rollback(Limits::NONE).unwrap();
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    }
}

#[test]
fn what_fails_in_rows_that_nobody_reads_is_the_reason_of_the_next_error() {
    let Some(mut connection) = connect() else { return };
    for commits in [false, true] {
        begin(&mut connection);
        let sql = "select 1 / (600 - n) from generate_series(1, 100000) n";
        let statement = prepare(&mut connection, sql);
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        for _ in 0..512 {
            assert!(cursor.next().unwrap().is_some());
        }
        drop(cursor);
        let error = if commits {
            connection.commit(Limits::NONE).unwrap_err()
        } else {
            error_of(&mut connection, "select 1")
        };
        assert_eq!(error.sqlstate(), Some("25P02"), "{error}");
        assert!(error.detail().unwrap().contains("division by zero"), "{error}");
        if !commits {
            connection.rollback(Limits::NONE).unwrap();
        }
    }
    // The next transaction has reasons of its own.
    begin(&mut connection);
    let missing = error_of(&mut connection, "select * from no_such_table");
    assert_eq!(missing.detail(), None);
    let error = error_of(&mut connection, "select 1");
    assert!(error.detail().unwrap().contains("no_such_table"), "{error}");
    connection.rollback(Limits::NONE).unwrap();
}

#[test]
fn rows_that_are_locked_are_locked_all_though_few_are_read() {
    let (Some(mut one), Some(mut other)) = (connect(), connect()) else { return };
    run(&mut one, "drop table if exists locked_all");
    run(&mut one, "create table locked_all as select generate_series(1, 5000) as a");
    begin(&mut one);
    let statement = prepare(&mut one, "select a from locked_all for update");
    drop(one.execute(&statement, &(), ExecuteOptions::default()).unwrap());
    let free = "select a from locked_all for update skip locked limit 1";
    assert_eq!(rows(&mut other, free), Vec::<Vec<Value>>::new());
    one.rollback(Limits::NONE).unwrap();
    assert_eq!(rows(&mut other, free).len(), 1);
    run(&mut one, "drop table locked_all");
}

#[test]
fn queries_that_aggregate_keep_their_parallel_workers_in_a_transaction() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "drop table if exists scanned_by_many");
    run(&mut connection, "create table scanned_by_many as select generate_series(1, 50000) as a");
    run(&mut connection, "alter table scanned_by_many set (parallel_workers = 2)");
    run(&mut connection, "analyze scanned_by_many");
    run(
        &mut connection,
        "create or replace function who_scans() returns int parallel safe language plpgsql \
         as 'begin return pg_backend_pid(); end'",
    );
    begin(&mut connection);
    for setting in [
        "min_parallel_table_scan_size = 0",
        "parallel_setup_cost = 0",
        "parallel_tuple_cost = 0",
        "parallel_leader_participation = off",
    ] {
        run(&mut connection, &format!("set local {setting}"));
    }
    let own = scalar(&mut connection, "select pg_backend_pid()");
    assert_ne!(scalar(&mut connection, "select max(who_scans()) from scanned_by_many"), own);
    let rows = rows(&mut connection, "select who_scans() from scanned_by_many");
    assert!(rows.iter().all(|row| row[0] == own), "in parts only the server process itself scans");
    connection.rollback(Limits::NONE).unwrap();
    run(&mut connection, "drop table scanned_by_many");
    run(&mut connection, "drop function who_scans()");
}

#[test]
fn another_statement_may_run_while_a_part_is_under_way() {
    let Some(mut connection) = connect() else { return };
    begin(&mut connection);
    let long = prepare(&mut connection, "select generate_series(1, 1000000)");
    for read in [1, 600, 5000] {
        let mut cursor = connection.execute(&long, &(), ExecuteOptions::default()).unwrap();
        for _ in 0..read {
            assert!(cursor.next().unwrap().is_some());
        }
        drop(cursor);
        let (rows, _) = try_run(&mut connection, "select $1::text", &("a",)).unwrap();
        assert_eq!(rows, [[text("a")]]);
    }
    connection.rollback(Limits::NONE).unwrap();
}

#[test]
fn a_deadline_holds_between_two_parts() {
    let Some(mut connection) = connect() else { return };
    begin(&mut connection);
    let sql = "select n, case when n = 600 then pg_sleep(30)::text end \
               from generate_series(1, 100000) n";
    let statement = prepare(&mut connection, sql);
    let limits = Limits::within(Duration::from_millis(200));
    let options = ExecuteOptions::default().limits(limits);
    let started = Instant::now();
    let mut cursor = connection.execute(&statement, &(), options).unwrap();
    let error = loop {
        if let Err(error) = cursor.next() {
            break error;
        }
    };
    drop(cursor);
    assert!(started.elapsed() >= Duration::from_millis(200), "{error}");
    assert!(started.elapsed() < Duration::from_secs(15), "it was not waited for");
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("HYT00"), false), "{error}");
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}
