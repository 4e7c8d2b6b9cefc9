//! Random tables and rows: executemany is the loop of single executions, whatever they hold.

use std::cell::{Cell, RefCell};

use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::error::Error;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Row, begin, connect, one_by_one, rows, run, try_many};

/// A column, with values of which some do not fit.
#[derive(Debug, Clone, Copy)]
enum Column {
    SmallInt,
    Integer,
    Short,
    Fixed,
    Money,
    Domain,
    Json,
    Bytes,
    Unique,
    Required,
}

const COLUMNS: [Column; 10] = [
    Column::SmallInt,
    Column::Integer,
    Column::Short,
    Column::Fixed,
    Column::Money,
    Column::Domain,
    Column::Json,
    Column::Bytes,
    Column::Unique,
    Column::Required,
];

impl Column {
    fn definition(self) -> &'static str {
        match self {
            Column::SmallInt => "smallint check (c% <> 77)",
            Column::Integer => "int default 5",
            Column::Short => "varchar(4)",
            Column::Fixed => "char(4)",
            Column::Money => "numeric(6, 2)",
            Column::Domain => "pg_temp.even",
            Column::Json => "json",
            Column::Bytes => "bytea",
            Column::Unique => "int unique",
            Column::Required => "text not null",
        }
    }

    /// `rare` is how often something is wrong.
    fn value(self, rare: f64) -> BoxedStrategy<Value> {
        let text = |pattern: &'static str| {
            proptest::string::string_regex(pattern).expect("a pattern").prop_map(Value::Text)
        };
        let weights = |usual: BoxedStrategy<Value>, wrong: BoxedStrategy<Value>| {
            let is_wrong = proptest::bool::weighted(rare);
            let usual = match self {
                Column::Required => usual,
                _ => prop_oneof![1 => Just(Value::Null), 5 => usual].boxed(),
            };
            is_wrong
                .prop_flat_map(move |wrongly| if wrongly { wrong.clone() } else { usual.clone() })
                .boxed()
        };
        match self {
            Column::SmallInt => weights(
                (-50_i64..50).prop_map(Value::I64).boxed(),
                prop_oneof![Just(Value::I64(77)), Just(Value::I64(1 << 20))].boxed(),
            ),
            Column::Integer => weights(
                prop_oneof![any::<i32>().prop_map(|n| Value::I64(n.into())), text("[0-9]{1,5}")]
                    .boxed(),
                text("[a-z]{2}").boxed(),
            ),
            Column::Short | Column::Fixed => weights(
                text("[a-z\"\\\\{},' ]{0,4}").boxed(),
                prop_oneof![text("[a-z]{5}"), text("[a-z]{4} {1,3}")].boxed(),
            ),
            Column::Money => weights(
                prop_oneof![text("-?[0-9]{1,3}\\.[0-9]{0,4}"), Just(Value::F64(0.125))].boxed(),
                Just(Value::I64(1_000_000)).boxed(),
            ),
            Column::Domain => weights(
                (-9_i64..9).prop_map(|n| Value::I64(2 * n)).boxed(),
                Just(Value::I64(3)).boxed(),
            ),
            Column::Json => weights(
                prop_oneof![text("\\[[0-9]{1,3}\\]"), text("\"[a-z\\\\n]?\"")].boxed(),
                text("[a-z]{1,3}").boxed(),
            ),
            Column::Bytes => weights(
                proptest::collection::vec(any::<u8>(), 0..5).prop_map(Value::Bytes).boxed(),
                text("[a-z]{1,3}").boxed(),
            ),
            Column::Unique => weights(
                any::<i32>().prop_map(|n| Value::I64(n.into())).boxed(),
                Just(Value::I64(1)).boxed(),
            ),
            Column::Required => weights(text("[a-z]{0,3}").boxed(), Just(Value::Null).boxed()),
        }
    }
}

/// Columns and rows.
fn tables() -> impl Strategy<Value = (Vec<Column>, Vec<Row>)> {
    let columns = proptest::collection::vec(proptest::sample::select(&COLUMNS[..]), 1..5);
    let rare = prop_oneof![Just(0.0), Just(0.0005), Just(0.01)];
    (columns, rare, 0..140_usize).prop_flat_map(|(columns, rare, count)| {
        let row: Vec<_> = columns.iter().map(|column| column.value(rare)).collect();
        (Just(columns), proptest::collection::vec(row, count))
    })
}

/// What must be the same. The words differ where one way has the server judge a value and the other
/// refuses it before it is sent.
fn shape(error: &Error) -> (Option<String>, String, Option<String>, Option<u64>) {
    let constraint = error.constraint().map(|constraint| format!("{:?}", constraint.kind));
    (
        error.sqlstate().map(Into::into),
        format!("{:?}", error.kind()),
        constraint,
        error.failing_row(),
    )
}

fn contents(connection: &mut DriverConnection, table: &str) -> Vec<Vec<Value>> {
    rows(connection, &format!("select t::text from {table} t order by at"))
}

/// True when the rows could be inserted.
fn check(connection: &mut DriverConnection, columns: &[Column], given: &[Row], tail: &str) -> bool {
    let names: Vec<String> = (0..columns.len()).map(|n| format!("c{n}")).collect();
    let [looped, at_once] = ["looped", "at_once"].map(|table| {
        let definitions: Vec<String> = columns
            .iter()
            .zip(&names)
            .map(|(column, name)| format!("{name} {}", column.definition().replace("c%", name)))
            .collect();
        run(
            connection,
            &format!("create temp table {table} (at serial, {})", definitions.join(", ")),
        );
        let marks: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
        format!("insert into {table} ({}) values ({}) {tail}", names.join(", "), marks.join(", "))
    });
    begin(connection);
    let single = one_by_one(connection, &looped, given);
    let of_loop = if single.is_ok() { contents(connection, "looped") } else { Vec::new() };
    connection.rollback(Limits::NONE).unwrap();
    begin(connection);
    let many = try_many(connection, &at_once, given);
    match (&single, &many) {
        (Ok(single), Ok(many)) => {
            assert_eq!(single, many);
            assert_eq!(contents(connection, "at_once"), of_loop);
        }
        (Err((row, single)), Err(many)) => {
            let mut wanted = shape(single);
            wanted.3 = Some(*row);
            assert_eq!(shape(many), wanted);
            // A value that is refused before it is sent aborts nothing.
            assert!(single.is_transaction_aborted() || !many.is_transaction_aborted());
        }
        _ => panic!("one by one {single:?}, as many {many:?}"),
    }
    connection.rollback(Limits::NONE).unwrap();
    run(connection, "drop table looped, at_once");
    run(connection, "deallocate all");
    single.is_ok()
}

#[test]
fn random_tables_and_rows_are_as_if_inserted_one_by_one() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create domain pg_temp.even as int check (value % 2 = 0)");
    let connection = RefCell::new(connection);
    let outcomes = [Cell::new(0), Cell::new(0)];
    let tails = proptest::sample::select(&["", "on conflict do nothing"][..]);
    let config = Config { cases: 120, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(tables(), tails), |((columns, given), tail)| {
            let is_done = check(&mut connection.borrow_mut(), &columns, &given, tail);
            outcomes[usize::from(is_done)].set(outcomes[usize::from(is_done)].get() + 1);
            Ok(())
        })
        .unwrap();
    assert!(outcomes.iter().all(|count| count.get() > 10), "both ends occur: {outcomes:?}");
}
