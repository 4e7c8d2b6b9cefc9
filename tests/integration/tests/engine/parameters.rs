//! Parameters by place and by name, for one execution and for many.

use aludel::{Value, params};

use crate::memory;

#[test]
fn tuples_slices_arrays_and_vectors_bind_by_place() {
    let engine = memory();
    let sum = "select ? + ?";
    let scalar = |result: aludel::Result<aludel::CursorResult<'static>>| {
        result.unwrap().scalar::<i64>().unwrap()
    };
    assert_eq!(scalar(engine.execute(sum, (1, 2_u8))), 3);
    assert_eq!(scalar(engine.execute(sum, [1, 2])), 3);
    assert_eq!(scalar(engine.execute(sum, vec![1, 2])), 3);
    assert_eq!(scalar(engine.execute(sum, &[Value::I64(1), Value::I64(2)][..])), 3);
}

#[test]
fn null_goes_in_as_none_and_comes_out_as_none() {
    let engine = memory();
    let none: Option<i64> = engine.execute("select ?", (None::<i64>,)).unwrap().scalar().unwrap();
    assert_eq!(none, None);
}

#[test]
fn named_parameters_bind_wherever_their_name_stands() {
    let engine = memory();
    let row: (i64, String) = engine
        .execute("select :x + :x, :name", params! { name: "n", x: 20 })
        .unwrap()
        .one()
        .unwrap();
    assert_eq!(row, (40, "n".into()));
}

#[test]
fn many_rows_of_parameters_are_an_executemany() {
    let mut connection = memory().connect().unwrap();
    connection.execute("create table t (x integer, y text)", ()).unwrap();
    let rows = [params! { x: 1, y: "a" }, params! { y: "b", x: 2 }];
    let result = connection.execute("insert into t values (:x, :y)", &rows).unwrap();
    assert_eq!(result.rowcount(), Some(2));
    drop(result);
    let many: Vec<(i64, &str)> = (3..2000).map(|i| (i, "c")).collect();
    let result = connection.execute("insert into t values (?, ?)", &many).unwrap();
    assert_eq!(result.rowcount(), Some(1997));
    drop(result);
    let (count, sum): (i64, i64) =
        connection.execute("select count(*), sum(x) from t", ()).unwrap().one().unwrap();
    assert_eq!((count, sum), (1999, 1999 * 2000 / 2));
}

#[test]
fn a_failing_row_of_an_executemany_is_named() {
    let mut connection = memory().connect().unwrap();
    connection.execute("create table t (x integer primary key)", ()).unwrap();
    let mut rows: Vec<(i64,)> = (0..1500).map(|i| (i,)).collect();
    rows[1400] = (7,);
    let error = connection.execute("insert into t values (?)", &rows).unwrap_err();
    assert_eq!(error.failing_row(), Some(1400));
}

#[test]
fn missing_and_extra_names_are_listed() {
    let engine = memory();
    let error = engine.execute("select :a, :b", params! { a: 1, c: 2, d: 3 }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ProgrammingError: no value for parameter `b`; the statement has no parameter `c`, `d`\n\
         [SQL: select :a, :b]\n[parameters: {a: 1, c: 2, d: 3}]\n  help: give exactly one value for each name in the statement"
    );
}
