//! The shapes in which rows come: columns, mappings, scalars, groups, without duplicates, kept.

use aludel::ExecutionOptions;
use aludel::text::text;
use aludel::{CursorResult, ErrorKind, OwnedRow, Value};

use crate::memory;

const ROWS: &str = "select column1 as id, column2 as name, column3 as n \
     from (values (1, 'a', 10), (2, 'b', 10), (3, 'a', 30), (4, null, 30))";

const NUMBERS: &str = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 1000) \
     select i, 'row ' || i as name from c";

fn rows() -> CursorResult<'static> {
    memory().execute(ROWS, ()).unwrap()
}

#[test]
fn columns_reorder_limit_and_repeat_and_rows_are_lent_so() {
    let mut result = rows().columns(["n", "id", "n"]).unwrap();
    assert_eq!(result.keys().unwrap(), ["n", "id", "n"]);
    let row = result.next().unwrap().unwrap();
    assert_eq!(row.get::<(i64, i64, i64)>().unwrap(), (10, 1, 10));
    assert_eq!(row.get_by::<i64>("id").unwrap(), 1);
    assert_eq!(row.get_by::<i64>("n").unwrap_err().kind(), ErrorKind::NoSuchColumn, "ambiguous");
    assert_eq!(row.get_by::<i64>("name").unwrap_err().kind(), ErrorKind::NoSuchColumn);
    drop(result);
    let row: (String, i64) =
        rows().columns([2, 1]).unwrap().columns([1, 0]).unwrap().first().unwrap().unwrap();
    assert_eq!(row, ("a".into(), 10), "of what there is by then");
    assert_eq!(rows().columns([3]).unwrap_err().kind(), ErrorKind::NoSuchColumn);
    assert_eq!(
        rows().columns(["nam"]).unwrap_err().to_string(),
        "NoSuchColumnError: no column `nam`\n  help: the result has: id, name, n"
    );
}

#[test]
fn unique_compares_what_is_asked_for() {
    assert_eq!(rows().unique().all::<OwnedRow>().unwrap().len(), 4);
    let names = rows().unique().scalars::<Option<String>>("name").unwrap().all().unwrap();
    assert_eq!(names, [Some("a".into()), Some("b".into()), None]);
    let names = rows().scalars::<Option<String>>("name").unwrap().unique().all().unwrap();
    assert_eq!(names.len(), 3, "in either order");
    let mut pairs = rows().mappings().columns(["n"]).unwrap().unique();
    assert_eq!(pairs.all().unwrap().len(), 2);
    let first_of_each = rows().unique_by(|row| row.get_by::<i64>("n")).all::<OwnedRow>().unwrap();
    let ids: Vec<i64> = first_of_each.iter().map(|row| row.get_at(0).unwrap()).collect();
    assert_eq!(ids, [1, 3]);
    let one = memory().execute("values (1), (1)", ()).unwrap().unique().one::<(i64,)>().unwrap();
    assert_eq!(one, (1,), "duplicates are no second row");
}

#[test]
fn mappings_read_by_name() {
    let mut mappings = rows().mappings();
    assert_eq!(mappings.keys().unwrap(), ["id", "name", "n"]);
    let first = mappings.fetch_one().unwrap().unwrap();
    assert_eq!(first.get::<&str>("name").unwrap(), "a");
    assert_eq!(first.keys().collect::<Vec<_>>(), ["id", "name", "n"]);
    assert_eq!(mappings.fetch_many(2).unwrap().len(), 2);
    assert_eq!(mappings.all().unwrap().len(), 1);
    assert!(mappings.next().is_none());
    assert_eq!(rows().mappings().first().unwrap().unwrap().get::<i64>("id").unwrap(), 1);
    assert!(rows().mappings().one().is_err() && rows().mappings().one_or_none().is_err());
}

#[test]
fn scalars_are_the_values_of_one_column() {
    let scalars = || rows().scalars::<i64>(2).unwrap();
    assert_eq!(scalars().all().unwrap(), [10, 10, 30, 30]);
    assert_eq!(scalars().fetch_many(3).unwrap(), [10, 10, 30]);
    assert_eq!(scalars().first().unwrap(), Some(10));
    assert_eq!(scalars().unique().fetch_one().unwrap(), Some(10));
    assert_eq!(scalars().one().unwrap_err().kind(), ErrorKind::MultipleRows);
    assert_eq!(scalars().sum::<aludel::Result<i64>>().unwrap(), 80);
    let groups: Vec<Vec<i64>> = scalars().partitions(3).map(Result::unwrap).collect();
    assert_eq!(groups, [vec![10, 10, 30], vec![30]]);
    assert_eq!(rows().scalars::<i64>("zz").unwrap_err().kind(), ErrorKind::NoSuchColumn);
    let mut names = rows().scalars::<String>("name").unwrap();
    assert!(names.by_ref().take(3).all(|name| name.is_ok()));
    assert_eq!(names.next().unwrap().unwrap_err().kind(), ErrorKind::Conversion, "NULL");
    assert!(names.next().is_none());
}

#[test]
fn scalar_and_scalars_of_a_connection_execute_and_read() {
    let mut connection = memory().connect().unwrap();
    assert_eq!(connection.scalar::<i64>("select :x", aludel::params! { x: 5 }).unwrap(), 5);
    let numbers: Vec<i64> = connection.scalars("values (1), (2)", ()).unwrap().all().unwrap();
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn partitions_are_of_one_size_and_the_last_of_what_is_left() {
    let mut connection = memory().connect().unwrap();
    let mut result = connection.execute(NUMBERS, ()).unwrap();
    let sizes: Vec<usize> =
        result.partitions::<OwnedRow>(300).map(|group| group.unwrap().len()).collect();
    assert_eq!(sizes, [300, 300, 300, 100]);
    drop(result);
    let mut result = connection.execute(NUMBERS, ()).unwrap();
    let first = result.partitions::<(i64, String)>(None).next().unwrap().unwrap();
    assert_eq!(first.len(), 256, "a batch");
    let error = result.partitions::<OwnedRow>(0).next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
}

#[test]
fn yield_per_reaches_partitions_wherever_it_is_said() {
    let mut connection = memory().connect().unwrap();
    let options = ExecutionOptions::new().yield_per(100);
    let sizes = |mut result: CursorResult<'_>| -> Vec<usize> {
        result.partitions::<OwnedRow>(None).map(|group| group.unwrap().len()).take(2).collect()
    };
    assert_eq!(sizes(connection.execute_with(NUMBERS, (), &options).unwrap()), [100, 100]);
    let statement = text(NUMBERS).execution_options(&options);
    assert_eq!(sizes(connection.execute(&statement, ()).unwrap()), [100, 100]);
    let other = ExecutionOptions::new().yield_per(7);
    let result = connection.execute_with(&statement, (), &other).unwrap();
    assert_eq!(sizes(result), [7, 7], "the execution has the last word");
    assert_eq!(sizes(connection.execute(NUMBERS, ()).unwrap().yield_per(9)), [9, 9]);
    let mut result = connection.execute_with(NUMBERS, (), &other).unwrap();
    assert_eq!(result.fetch_many::<OwnedRow>(None).unwrap().len(), 7);
    assert_eq!(result.all::<OwnedRow>().unwrap().len(), 993);
}

#[test]
fn batches_of_any_size_bring_every_row() {
    let mut connection = memory().connect().unwrap();
    for rows in [0, 1, 2, 255, 256, 257, 100_000] {
        let options = ExecutionOptions::new().stream_results(true).max_row_buffer(rows);
        let mut result = connection.execute_with(NUMBERS, (), &options).unwrap();
        let mut expected = 0;
        while let Some(row) = result.next().unwrap() {
            expected += 1;
            assert_eq!(row.get_at::<i64>(0).unwrap(), expected, "in batches of {rows}");
        }
        assert_eq!(expected, 1000, "in batches of {rows}");
    }
}

#[test]
fn a_frozen_result_is_read_again_and_again_without_a_connection() {
    let engine = memory();
    let frozen = engine.execute(ROWS, ()).unwrap().freeze().unwrap();
    drop(engine);
    for _ in 0..2 {
        let mut result = frozen.result();
        let row = result.next().unwrap().unwrap();
        assert_eq!(row.get::<(i64, &str, i64)>().unwrap(), (1, "a", 10));
        assert_eq!(row.get_by::<&str>("name").unwrap(), "a");
        assert_eq!(result.all::<OwnedRow>().unwrap(), frozen.rows()[1..]);
        assert_eq!(result.next().unwrap().map(|row| row.len()), None);
        assert_eq!(result.keys().unwrap(), ["id", "name", "n"]);
    }
    let names = frozen.result().columns(["name"]).unwrap().unique().all::<(Option<String>,)>();
    assert_eq!(names.unwrap().len(), 3);
    let other = frozen.with_new_rows([vec![9.into(), Value::Null, 1.into()]]).unwrap();
    assert_eq!(other.result().one::<(i64, Option<String>, i64)>().unwrap(), (9, None, 1));
    assert_eq!(frozen.with_new_rows([vec![]]).unwrap_err().kind(), ErrorKind::Argument);
    let copy = frozen.clone();
    assert!(std::thread::spawn(move || copy.result().all::<OwnedRow>()).join().unwrap().is_ok());
}

#[test]
fn results_of_several_databases_are_merged_in_order() {
    let some = |sql: &str| memory().execute(sql, ()).unwrap();
    let frozen = some("select 4 as x").freeze().unwrap();
    let others = [some("select 3 as y"), some("select 1 where false"), frozen.result()];
    let mut merged = some("values (1), (2)").merge(others).unwrap();
    assert_eq!(merged.keys().unwrap(), ["column1"]);
    assert_eq!(merged.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 1);
    assert_eq!(merged.all::<(i64,)>().unwrap(), [(2,), (3,), (4,)]);
    assert_eq!(merged.all::<(i64,)>().unwrap(), []);
    let error = some("select 1").merge([some("select 1, 2")]).unwrap_err();
    assert_eq!(error.message(), "a result of 2 columns cannot be merged with one of 1");
    let mut left = some("values (1)").merge([some("values (1), (2)")]).unwrap().unique();
    assert_eq!(left.first::<(i64,)>().unwrap(), Some((1,)));
    assert!(left.closed() && left.next().is_err());
}

#[test]
fn an_owned_result_is_an_iterator_in_another_thread() {
    let result = memory().execute(NUMBERS, ()).unwrap();
    let sum = std::thread::spawn(move || {
        let mut sum = 0;
        for row in result.owned() {
            sum += row?.get_at::<i64>(0)?;
        }
        Ok::<i64, aludel::Error>(sum)
    });
    assert_eq!(sum.join().unwrap().unwrap(), 500_500);
}

#[test]
fn several_results_follow_one_another_and_each_has_its_own_columns() {
    let engine = aludel::Engine::builder("everything://h/db")
        .dialect(aludel::abi::static_dialect::<aludel_test_everything::Everything>())
        .build()
        .unwrap();
    let mut result = engine.execute("results 4", ()).unwrap();
    for expected in 0..4_usize {
        assert_eq!(result.all::<OwnedRow>().unwrap().len(), expected);
        assert_eq!(result.next_result().unwrap(), expected < 3);
    }
    assert!(!result.next_result().unwrap());
    let mut skipped = engine.execute("results 600", ()).unwrap();
    assert!((0..599).all(|_| skipped.next_result().unwrap()));
    assert_eq!(skipped.fetch_one::<OwnedRow>().unwrap().unwrap().len(), 2);
    skipped.close().unwrap();
    assert_eq!(skipped.next_result().unwrap_err().kind(), ErrorKind::ResourceClosed);
    drop(engine.execute("results 5", ()).unwrap());
    assert_eq!(engine.execute("rows 1", ()).unwrap().all::<OwnedRow>().unwrap().len(), 1);
}
