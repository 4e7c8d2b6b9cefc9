//! Rows on the borders of batches, arenas and copies.

use crate::support::{memory, prepare, run, scalar};
use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};

/// A table of `rows` rows, the text of each as long as `length` says of its number.
fn filled(rows: usize, length: impl Fn(usize) -> usize) -> DriverConnection {
    let mut connection = memory();
    run(&mut connection, "create table t (i integer primary key, a text, b blob)");
    run(&mut connection, "begin");
    let insert = prepare(&mut connection, "insert into t values (?, ?, ?)");
    let rows: Vec<(i64, String, Vec<u8>)> = (0..rows)
        .map(|row| (row as i64, letters(row, length(row)), vec![row as u8; length(row)]))
        .collect();
    connection.execute_many(&insert, &rows, Limits::NONE).unwrap();
    run(&mut connection, "commit");
    connection
}

fn letters(row: usize, length: usize) -> String {
    (0..length).map(|at| char::from(b'a' + ((row + at) % 26) as u8)).collect()
}

fn check(connection: &mut DriverConnection, rows: usize, length: impl Fn(usize) -> usize) {
    let statement = prepare(connection, "select i, a, b, a from t order by i");
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    for row in 0..rows {
        let read = cursor.next().unwrap().unwrap_or_else(|| panic!("row {row} is missing"));
        let wanted = letters(row, length(row));
        assert_eq!(read.get_at::<i64>(0).unwrap(), row as i64);
        assert_eq!(read.get_at::<&str>(1).unwrap(), wanted, "row {row}");
        assert!(read.get_at::<&[u8]>(2).unwrap() == vec![row as u8; length(row)], "row {row}");
        assert_eq!(read.get_at::<&str>(3).unwrap(), wanted, "row {row}");
    }
    assert!(cursor.next().unwrap().is_none());
    assert!(cursor.next().unwrap().is_none(), "the end stays the end");
}

#[test]
fn texts_of_every_length_around_the_borders_of_copying_arrive() {
    let length = |row: usize| row % 300;
    check(&mut filled(900, length), 900, length);
}

#[test]
fn results_of_every_size_around_a_batch_arrive() {
    for rows in [0, 1, 2, 255, 256, 257, 511, 512, 513, 1000] {
        let length = |_| 3;
        check(&mut filled(rows, length), rows, length);
    }
}

#[test]
fn rows_that_fill_the_arena_go_on_in_the_next_batch() {
    // Three values of at most 128 bytes: the arena of 32 KiB is full long before 256 rows are.
    for size in [100, 120, 126, 127, 128] {
        let length = |_| size;
        check(&mut filled(700, length), 700, length);
    }
}

#[test]
fn long_and_short_rows_take_turns() {
    let length = |row: usize| match row % 7 {
        0 => 129,
        3 => 40_000,
        other => other,
    };
    check(&mut filled(600, length), 600, length);
}

#[test]
fn two_thousand_columns_arrive_in_their_order() {
    let mut connection = memory();
    let columns: Vec<String> = (0..2000).map(|column| format!("{column} as c{column}")).collect();
    let sql = format!("select {} from (select 1 union all select 2)", columns.join(", "));
    let statement = prepare(&mut connection, &sql);
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    for _ in 0..2 {
        let row = cursor.next().unwrap().unwrap();
        assert_eq!(row.len(), 2000);
        for column in 0..2000 {
            assert_eq!(row.get_at::<i64>(column).unwrap(), column as i64);
        }
        assert_eq!(row.get_by::<i64>("c1999").unwrap(), 1999);
    }
    assert!(cursor.next().unwrap().is_none());
}

#[test]
fn a_result_that_is_dropped_early_leaves_the_statement_usable() {
    let mut connection = filled(1000, |_| 5);
    let statement = prepare(&mut connection, "select i from t where i >= ? order by i");
    for first in [0, 500, 999, 0] {
        let mut cursor =
            connection.execute(&statement, &[first], ExecuteOptions::default()).unwrap();
        assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), first);
        drop(cursor);
    }
    // An open cursor would keep the table locked.
    run(&mut connection, "drop table t");
}

#[test]
fn a_wish_for_one_row_brings_one_and_closes_the_statement() {
    let mut connection = filled(100, |row| if row == 7 { 5000 } else { 3 });
    let statement = prepare(&mut connection, "select a from t where i >= ?");
    for (first, length) in [(0_i64, 3), (7, 5000), (8, 3)] {
        let mut cursor = connection.execute(&statement, &[first], ExecuteOptions::ONE_ROW).unwrap();
        let row = cursor.next().unwrap().unwrap();
        assert_eq!(row.get_at::<&str>(0).unwrap(), letters(first as usize, length));
        drop(cursor);
    }
    let mut cursor = connection.execute(&statement, &[1000_i64], ExecuteOptions::ONE_ROW).unwrap();
    assert!(cursor.next().unwrap().is_none());
    drop(cursor);
    run(&mut connection, "drop table t");
}

#[test]
fn an_error_in_the_middle_comes_after_the_rows_before_it() {
    let mut connection = filled(1000, |_| 1);
    let statement = prepare(
        &mut connection,
        "select case when i = 777 then abs(-9223372036854775808) else i end from t order by i",
    );
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    for row in 0..777 {
        assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), row);
    }
    assert_eq!(cursor.next().unwrap_err().message(), "integer overflow");
    drop(cursor);
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(1000));
}

#[test]
fn at_most_as_many_rows_come_as_the_limit_says() {
    let mut connection = filled(1000, |_| 1);
    let statement = prepare(&mut connection, "select i from t");
    let options = ExecuteOptions::default().limits(Limits::NONE.max_rows(300));
    let mut cursor = connection.execute(&statement, &(), options).unwrap();
    let mut rows = 0;
    while cursor.next().unwrap().is_some() {
        rows += 1;
    }
    assert_eq!(rows, 300);
}
