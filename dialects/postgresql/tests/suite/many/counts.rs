//! Every row is executed once, in whatever number, and counted.

use aludel::Value;
use aludel::dbapi::TransactionState;

use crate::support::{
    Row, begin, connect, connect_with, inserts_at_once, many, rows, run, scalar, text, try_many,
};

fn numbered(count: i64) -> Vec<Row> {
    (1..=count).map(|n| vec![Value::I64(n), text(&format!("row {n}"))]).collect()
}

#[test]
fn any_number_of_rows_is_inserted_once_and_in_order() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table numbers (at serial, n int, s text)");
    for count in [0, 1, 2, 31, 32, 33, 255, 256, 257, 4095, 4096, 4097, 20_000] {
        let given = numbered(count);
        let sql = "insert into numbers (n, s) values ($1, $2)";
        assert_eq!(many(&mut connection, sql, &given), Some(count as u64));
        let got = rows(&mut connection, "select n, s from numbers order by at");
        assert!(got == given, "{count} rows");
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
        run(&mut connection, "delete from numbers");
    }
    assert_eq!(inserts_at_once(&mut connection), 1);
}

#[test]
fn updates_deletes_and_queries_are_executed_for_each_row() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table things (n int, s text)");
    many(&mut connection, "insert into things values ($1, $2)", &numbered(10_000));
    let new: Vec<Row> =
        (1..=10_000).map(|n| vec![text(&format!("new {n}")), Value::I64(n % 5000)]).collect();
    run(&mut connection, "create index on things (n)");
    let changed = many(&mut connection, "update things set s = $1 where n = $2", &new);
    assert_eq!(changed, Some(4999 * 2));
    assert_eq!(
        scalar(&mut connection, "select count(*) from things where s = 'new ' || n + 5000"),
        Value::I64(4999)
    );
    let even: Vec<Row> = (1..=5000).map(|n| vec![Value::I64(2 * n)]).collect();
    let deleted = many(&mut connection, "delete from things where n = $1", &even);
    assert_eq!(deleted, Some(5000));
    run(&mut connection, "create temp sequence calls");
    let many_calls: Vec<Row> = vec![vec![text("calls")]; 3000];
    assert_eq!(many(&mut connection, "select nextval($1::regclass)", &many_calls), None);
    assert_eq!(scalar(&mut connection, "select last_value from calls"), Value::I64(3000));
}

#[test]
fn statements_without_parameters_run_as_often_as_there_are_rows() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table ticks (n serial)");
    let none: Vec<Row> = vec![Vec::new(); 300];
    assert_eq!(many(&mut connection, "insert into ticks default values", &none), Some(300));
    assert_eq!(many(&mut connection, "vacuum ticks", &none[..3]), None, "in no transaction");
    run(
        &mut connection,
        "create procedure pg_temp.tick() language plpgsql as $$ begin \
         insert into ticks default values; commit; end $$",
    );
    many(&mut connection, "call pg_temp.tick()", &none[..3]);
    assert_eq!(scalar(&mut connection, "select count(*) from ticks"), Value::I64(303));
    begin(&mut connection);
    many(&mut connection, "insert into ticks default values", &none);
    connection.rollback(aludel::abi::host::Limits::NONE).unwrap();
    assert_eq!(scalar(&mut connection, "select count(*) from ticks"), Value::I64(303));
}

#[test]
fn kinds_and_nulls_may_differ_from_row_to_row() {
    let Some(mut connection) = connect() else { return };
    run(
        &mut connection,
        "create temp table mixed (n int, b bytea, at timestamp, x numeric, s text)",
    );
    let stamp: Value = aludel::value::Timestamp::from_micros(1_000_000).into();
    let given: Vec<Row> = (0..5000_i64)
        .map(|n| {
            let pick = |place: i64, value: Value| {
                if (n >> place) & 1 == 0 { Value::Null } else { value }
            };
            let decimal = if n % 3 == 0 { text("1.50") } else { Value::I64(7) };
            let bytes = if n % 1000 == 999 { text("\\x0102") } else { Value::Bytes(vec![1, 2]) };
            vec![
                Value::I64(n),
                pick(0, bytes),
                pick(1, stamp.clone()),
                pick(2, decimal),
                pick(3, text("a \"quoted\" {text} \\ with, commas")),
            ]
        })
        .collect();
    let sql = "insert into mixed values ($1, $2, $3, $4, $5)";
    assert_eq!(many(&mut connection, sql, &given), Some(5000));
    let count = "select count(*), count(b), count(at), count(x), count(s), \
         count(*) filter (where b = '\\x0102'), count(*) filter (where x = 1.50) from mixed";
    let want = [5000, 2500, 2500, 2500, 2496, 2500, 833].map(Value::I64);
    assert_eq!(rows(&mut connection, count), [want]);
    assert_eq!(
        scalar(&mut connection, "select n from mixed where s like '%\\\\%' order by n limit 1"),
        Value::I64(8)
    );
}

#[test]
fn without_named_statements_it_works_as_well() {
    let Some(mut connection) = connect_with("prepared_statements=off") else { return };
    run(&mut connection, "create temp table unnamed (n int, s text)");
    for sql in ["insert into unnamed values ($1, $2)", "insert into unnamed values ($1, $2 || '')"]
    {
        assert_eq!(many(&mut connection, sql, &numbered(9000)), Some(9000));
    }
    assert_eq!(scalar(&mut connection, "select count(*) from unnamed"), Value::I64(18_000));
    let kept = scalar(&mut connection, "select count(*) from pg_prepared_statements");
    assert_eq!(kept, Value::I64(0));
}

#[test]
fn a_small_cache_is_no_obstacle() {
    let Some(mut connection) = connect_with("statement_cache_size=1") else { return };
    run(&mut connection, "create temp table small (n int, s text)");
    for _ in 0..3 {
        let sql = "insert into small values ($1, $2)";
        assert_eq!(many(&mut connection, sql, &numbered(2000)), Some(2000));
        assert_eq!(
            many(&mut connection, "delete from small where n = $1 and s = $2", &numbered(2000)),
            Some(2000)
        );
    }
    let kept = scalar(&mut connection, "select count(*) from pg_prepared_statements");
    assert_eq!(kept, Value::I64(1));
}

#[test]
fn large_rows_and_too_many_parameters() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table large (n int, s text, b bytea)");
    let large: Vec<Row> = (0..30)
        .map(|n| vec![Value::I64(n), text(&"x".repeat(1 << 20)), Value::Bytes(vec![7; 1 << 20])])
        .collect();
    let sql = "insert into large values ($1, $2, $3)";
    assert_eq!(many(&mut connection, sql, &large), Some(30));
    let sums = rows(&mut connection, "select sum(length(s)), sum(length(b)) from large");
    assert_eq!(sums, [[Value::I64(30 << 20), Value::I64(30 << 20)]]);
    let wide: Vec<Row> = vec![vec![Value::I64(1); 65_536]; 2];
    let error = try_many(&mut connection, "select $1", &wide).unwrap_err();
    assert_eq!(error.sqlstate(), Some("54023"), "{error}");
    run(&mut connection, "select 1");
}
