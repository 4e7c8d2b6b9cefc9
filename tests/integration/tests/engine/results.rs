//! Rows that are lent, rows that are owned, single values, early drops.

use aludel::dbapi::TypeKind;
use aludel::{ErrorKind, OwnedRow, Value};

use crate::memory;

const NUMBERS: &str = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 1000) \
     select i, 'row ' || i as name from c";

#[test]
fn select_one_as_the_first_line_of_every_tutorial() {
    let one: i64 = memory().execute("select 1", ()).unwrap().scalar().unwrap();
    assert_eq!(one, 1);
}

#[test]
fn rows_are_lent_one_after_the_other_over_many_batches() {
    let mut connection = memory().connect().unwrap();
    let mut rows = connection.execute(NUMBERS, ()).unwrap();
    let mut expected = 0;
    while let Some(row) = rows.next().unwrap() {
        expected += 1;
        let (number, name): (i64, &str) = row.get().unwrap();
        assert_eq!((number, name), (expected, format!("row {expected}").as_str()));
        assert_eq!(row.get_by::<i64>("i").unwrap(), expected);
    }
    assert_eq!(expected, 1000);
    assert!(rows.next().unwrap().is_none(), "the end stays the end");
}

#[test]
fn owned_rows_outlive_the_result() {
    let rows: Vec<OwnedRow> = memory().execute(NUMBERS, ()).unwrap().all().unwrap();
    assert_eq!(rows.len(), 1000);
    assert_eq!(rows[999].values(), [Value::I64(1000), Value::Text("row 1000".into())]);
    assert_eq!(rows[999].get_by::<&str>("name").unwrap(), "row 1000");
}

#[test]
fn the_owned_iterator_can_be_left_in_the_middle() {
    let engine = memory();
    let some: Vec<i64> = engine
        .execute(NUMBERS, ())
        .unwrap()
        .owned()
        .take(3)
        .map(|row| row.unwrap().get_at(0).unwrap())
        .collect();
    assert_eq!(some, [1, 2, 3]);
    assert_eq!(engine.execute("select 5", ()).unwrap().scalar::<i64>().unwrap(), 5);
}

#[test]
fn a_result_dropped_early_leaves_the_connection_usable() {
    let mut connection = memory().connect().unwrap();
    for _ in 0..3 {
        let mut rows = connection.execute(NUMBERS, ()).unwrap();
        rows.next().unwrap().unwrap();
    }
    connection.execute("create table t (x integer)", ()).unwrap();
    connection.commit().unwrap();
}

#[test]
fn one_wants_exactly_one_row_and_first_takes_what_there_is() {
    let engine = memory();
    let run = |sql: &str| engine.execute(sql, ()).unwrap();
    assert_eq!(run("select 1, 'a'").one::<(i64, String)>().unwrap(), (1, "a".into()));
    assert_eq!(run("select 1 where false").one::<(i64,)>().unwrap_err().kind(), ErrorKind::NoRow);
    assert_eq!(run(NUMBERS).one::<(i64, String)>().unwrap_err().kind(), ErrorKind::MultipleRows);
    assert_eq!(run("select 1 where false").first::<(i64,)>().unwrap(), None);
    assert_eq!(run(NUMBERS).first::<(i64, String)>().unwrap(), Some((1, "row 1".into())));
    assert_eq!(run("select 1 where false").scalar::<i64>().unwrap_err().kind(), ErrorKind::NoRow);
}

#[test]
fn rowcount_and_last_insert_id_tell_what_a_statement_changed() {
    let mut connection = memory().connect().unwrap();
    let created = connection.execute("create table t (id integer primary key, x integer)", ());
    assert_eq!(created.unwrap().rowcount(), None, "DDL changes no rows");
    let result = connection.execute("insert into t (x) values (1), (2), (3)", ()).unwrap();
    assert_eq!((result.rowcount(), result.last_insert_id()), (Some(3), Some(3)));
    assert!(!result.returns_rows());
    drop(result);
    let mut result = connection.execute("update t set x = 9 returning id", ()).unwrap();
    assert!(result.returns_rows());
    result.finish().unwrap();
    assert_eq!(result.rowcount(), Some(3));
}

#[test]
fn columns_are_described_also_without_rows() {
    let mut connection = memory().connect().unwrap();
    connection
        .execute("create table t (id integer primary key, name varchar(20) not null)", ())
        .unwrap();
    let mut result = connection.execute("select id, name as n, 1 + 1 from t", ()).unwrap();
    let columns = result.description().unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "n", "1 + 1"]);
    assert_eq!(columns[1].sql_type.kind, TypeKind::Varchar);
    assert_eq!(columns[1].sql_type.length, Some(20));
    assert_eq!(columns[2].sql_type.kind, TypeKind::Unknown);
    assert!(result.next().unwrap().is_none());
}

#[test]
fn two_columns_of_one_name_are_refused_by_name_and_read_by_place() {
    let mut connection = memory().connect().unwrap();
    let mut result = connection.execute("select 1 as a, 2 as a", ()).unwrap();
    let row = result.next().unwrap().unwrap();
    assert_eq!(
        row.get_by::<i64>("a").unwrap_err().to_string(),
        "NoSuchColumnError: column name `a` is ambiguous: the result has more than one\n  \
         help: give the columns different names with AS, or read them by place"
    );
    assert_eq!(row.get_at::<i64>(1).unwrap(), 2);
    assert_eq!(
        row.get_by::<i64>("b").unwrap_err().to_string(),
        "NoSuchColumnError: no column `b`\n  help: the result has: a, a"
    );
}

#[test]
fn a_script_executes_statement_by_statement() {
    let mut connection = memory().connect().unwrap();
    let mut script = connection.script(
        "create table t (x text); -- a comment; with a semicolon\n\
         insert into t values ('a;b'); select x from t; /* the end */",
    );
    assert!(!script.next_statement().unwrap().unwrap().returns_rows());
    assert_eq!(script.next_statement().unwrap().unwrap().rowcount(), Some(1));
    let text: String = script.next_statement().unwrap().unwrap().scalar().unwrap();
    assert_eq!(text, "a;b");
    assert!(script.next_statement().unwrap().is_none());
}
