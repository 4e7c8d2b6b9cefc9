//! Binds by name: lists, declarations, literals, and texts that are the driver's own.

use aludel::text::{bindparam, text};
use aludel::value::Array;
use aludel::{Connection, ErrorKind, Value, params};

use crate::memory;

/// A table of ten pairs: 0, "n0" to 9, "n9".
fn pairs() -> Connection {
    let mut connection = memory().connect().unwrap();
    connection.execute("create table t (x integer, y text)", ()).unwrap();
    let rows: Vec<_> = (0..10_i64).map(|x| params! { x: x, y: format!("n{x}") }).collect();
    connection.execute("insert into t values (:x, :y)", &rows).unwrap();
    connection
}

#[test]
fn a_list_after_in_expands_and_an_empty_one_holds_nothing() {
    let mut connection = pairs();
    let mut found = |sql: &str, xs: Vec<i64>| -> Vec<i64> {
        connection.scalars(sql, params! { xs: xs }).unwrap().all().unwrap()
    };
    let within = "select x from t where x in :xs order by x";
    assert_eq!(found(within, vec![3, 1, 77]), [1, 3]);
    assert_eq!(found(within, vec![5]), [5]);
    assert_eq!(found(within, vec![]), [0_i64; 0]);
    let outside = "select x from t where x not in :xs order by x";
    assert_eq!(found(outside, (1..10).collect()), [0]);
    assert_eq!(found(outside, vec![]).len(), 10);
    let twice = "select x from t where x in :xs and x + 0 in :xs";
    assert_eq!(found(twice, vec![2]), [2]);
}

#[test]
fn a_list_of_pairs_expands_to_pairs() {
    let mut connection = pairs();
    let mut found = |pairs: Vec<[i64; 2]>| -> Vec<i64> {
        let sql = "select x from t where (x, x + 1) in :pairs order by x";
        connection.scalars(sql, params! { pairs: pairs }).unwrap().all().unwrap()
    };
    assert_eq!(found(vec![[1, 2], [5, 5], [7, 8]]), [1, 7]);
    assert_eq!(found(vec![[3, 4]]), [3]);
    assert_eq!(found(vec![]), [0_i64; 0]);
    let named = vec![Value::Struct(vec![1_i64.into(), "n1".into()])];
    let sql = "select count(*) from t where (x, y) in :pairs";
    let pairs = Value::Array(Array::new(named));
    assert_eq!(connection.scalar::<i64>(sql, params! { pairs: pairs }).unwrap(), 1);
}

#[test]
fn lists_of_one_length_share_a_statement_and_others_do_not() {
    let mut connection = pairs();
    let sql = "select count(*) from t where x in :xs";
    let count = |connection: &mut Connection, xs: &[i64]| -> i64 {
        connection.scalar(sql, params! { xs: xs }).unwrap()
    };
    let before = connection.statement_cache().size;
    assert_eq!(count(&mut connection, &[1, 2, 3]), 3);
    assert_eq!(count(&mut connection, &[7, 8, 99]), 2);
    assert_eq!(connection.statement_cache().size, before + 1);
    assert_eq!(count(&mut connection, &[7]), 1);
    assert_eq!(connection.statement_cache().size, before + 2);
}

#[test]
fn a_list_is_wanted_where_a_bind_expands() {
    let mut connection = pairs();
    let error = connection.execute("select 1 where 1 in :xs", params! { xs: 1 }).unwrap_err();
    assert_eq!(error.message(), "bind `xs` expands to a list, and its value is i64");
    let rows = [params! { xs: vec![1_i64] }, params! { xs: vec![2_i64] }];
    let error = connection.execute("delete from t where x in :xs", &rows).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let count: i64 = connection.scalar("select count(*) from t", ()).unwrap();
    assert_eq!(count, 10, "nothing was executed");
}

#[test]
fn declared_values_stand_where_an_execution_gives_none() {
    let mut connection = memory().connect().unwrap();
    let statement =
        text("select :a + :b").bindparams([bindparam("a").value(40), bindparam("b").value(2)]);
    let statement = statement.unwrap();
    assert_eq!(connection.scalar::<i64>(&statement, ()).unwrap(), 42);
    assert_eq!(connection.scalar::<i64>(&statement, params! { b: 3 }).unwrap(), 43);
    let error = connection.execute(&statement, params! { c: 3 }).unwrap_err();
    assert_eq!(error.message(), "the statement has no parameter `c`");
    let half = text("select :a, :b").bindparams([bindparam("a").value(1)]).unwrap();
    assert_eq!(connection.execute(&half, ()).unwrap_err().message(), "no value for parameter `b`");
    let unknown = text("select :a").bindparams([bindparam("z")]).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Argument);
}

#[test]
fn a_literal_stands_in_the_text() {
    let mut connection = pairs();
    let statement = text("select x from t order by x limit :n")
        .bindparams([bindparam("n").literal_execute()])
        .unwrap();
    let found: Vec<i64> = connection.scalars(&statement, params! { n: 2 }).unwrap().all().unwrap();
    assert_eq!(found, [0, 1]);
    let quoted = text("select :s").bindparams([bindparam("s").literal_execute()]).unwrap();
    let text: String = connection.scalar(&quoted, params! { s: "it's :s" }).unwrap();
    assert_eq!(text, "it's :s");
    let error = connection.execute(&quoted, params! { s: vec![0_u8] }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
}

#[test]
fn what_is_quoted_or_a_comment_is_no_bind() {
    let mut connection = memory().connect().unwrap();
    let row: (String, String, i64) = connection
        .execute(
            "select '{\"k\":true, \"at\": \"12:30\"}', ':a', :a -- :b\n /* :c */ as \":d\"",
            params! { a: 1 },
        )
        .unwrap()
        .one()
        .unwrap();
    assert_eq!(row, ("{\"k\":true, \"at\": \"12:30\"}".into(), ":a".into(), 1));
}

#[test]
fn the_drivers_own_text_is_sent_as_it_is() {
    let mut connection = memory().connect().unwrap();
    let row: (String, i64) =
        connection.exec_driver_sql("select '\\:x', ?", (5,)).unwrap().one().unwrap();
    assert_eq!(row, ("\\:x".into(), 5));
    let own: i64 = connection.exec_driver_sql("select :x", (6,)).unwrap().scalar().unwrap();
    assert_eq!(own, 6, "SQLite's own named placeholder, by place");
    connection.exec_driver_sql("create table t (x integer)", ()).unwrap();
    let many = connection.exec_driver_sql("insert into t values (?)", [(1,), (2,)]).unwrap();
    assert_eq!(many.rowcount(), Some(2));
    drop(many);
    let error = connection.exec_driver_sql("select :x", params! { x: 1 }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let error = connection.execute(text("select :x"), (1,)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}
