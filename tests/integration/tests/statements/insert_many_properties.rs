//! Whatever is inserted, few inserts of many rows do what many inserts of one do.

use aludel::{Connection, ExecutionOptions, NamedParams, Result, Value, params};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::databases::databases;

type Row = (Option<i64>, Option<String>);

/// Statements that may be made into inserts of many rows, and one that may not.
const STATEMENTS: [&str; 6] = [
    "insert into t (n, s) values (:n, :s) returning n, s",
    "insert into t (n, s) values (:n, :s) on conflict (n) do nothing returning n, s",
    "INSERT INTO t /* values (:x) */ (s, n) VALUES (upper(:s), :n) ON CONFLICT DO NOTHING \
     RETURNING n, s || ':n' -- :z",
    "insert into t (n, s) values (coalesce(cast(:n as integer), 1) + 1, :s) on conflict do nothing \
     returning n, s",
    "insert into t (s, n) values (:s, abs(cast(:n as integer))) returning n, lower(s)",
    "insert into t (n, s) values (:n, :s) on conflict (n) do update set s = excluded.s || t.n \
     returning n, s",
];

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = prop_oneof![3 => (-60..60_i64).prop_map(Some), 1 => Just(None)];
    let text = prop::option::weighted(0.9, "([a-zé'\":?$ ]|%s){0,8}");
    prop::collection::vec((number, text), 2..70)
}

/// What came back and what is stored then, each in an order of its own; or that it failed.
type Outcome = std::result::Result<(Vec<Row>, Vec<Row>), &'static str>;

fn outcome(
    connection: &mut Connection,
    sql: &str,
    sets: &[NamedParams],
    options: &ExecutionOptions,
) -> Result<Outcome> {
    let done = connection.execute_with(sql, sets, options).and_then(|mut result| result.all());
    let outcome = match done {
        Ok(returned) => {
            let mut returned: Vec<Row> = returned;
            returned.sort();
            let mut stored = connection.execute("select n, s from t", ())?.all()?;
            stored.sort();
            Ok((returned, stored))
        }
        Err(error) => Err(error.kind().name()),
    };
    connection.rollback()?;
    Ok(outcome)
}

#[test]
fn few_inserts_of_many_rows_do_what_many_inserts_of_one_do() {
    for database in databases() {
        let connection = std::cell::RefCell::new(database.with_table());
        let strategy = (rows(), 1..40_usize, prop::sample::select(&STATEMENTS[..]));
        let config = Config { failure_persistence: None, ..Config::with_cases(150) };
        let mut runner = TestRunner::new(config);
        let result = runner.run(&strategy, |(rows, page, sql)| {
            let sets: Vec<_> = rows
                .into_iter()
                .map(|(n, s)| params! { n: Value::from(n), s: Value::from(s) })
                .collect();
            let mut connection = connection.borrow_mut();
            let pages = ExecutionOptions::new().insertmanyvalues_page_size(page);
            let sorted = ExecutionOptions::new().sort_by_parameter_order(true);
            let ours = outcome(&mut connection, sql, &sets, &pages).expect("the connection works");
            let singly = outcome(&mut connection, sql, &sets, &sorted).expect("it works");
            prop_assert_eq!(&ours, &singly, "{} in pages of {}", sql, page);
            // The control: one execution after the other by the program itself.
            let mut returned: Vec<Row> = Vec::new();
            let mut failed = None;
            for set in &sets {
                match connection.execute(sql, set).and_then(|mut result| result.all()) {
                    Ok(rows) => returned.extend::<Vec<Row>>(rows),
                    Err(error) => {
                        failed = Some(error.kind().name());
                        break;
                    }
                }
            }
            connection.rollback().expect("it rolls back");
            returned.sort();
            match failed {
                Some(kind) => prop_assert_eq!(ours, Err(kind)),
                None => prop_assert_eq!(ours.map(|(returned, _)| returned), Ok(returned)),
            }
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{}: {error}", database.name));
    }
}
