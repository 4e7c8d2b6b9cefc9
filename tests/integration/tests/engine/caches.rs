//! Texts kept compiled and statements kept prepared: counted, bounded, and given up when they fail.

use aludel::text::text;
use aludel::{Connection, params};

use crate::{builder, engine, file, memory};

fn hits_and_misses(connection: &mut Connection) -> (u64, u64) {
    let stats = connection.statement_cache();
    (stats.hits, stats.misses)
}

#[test]
fn a_statement_is_prepared_once_for_a_connection() {
    let mut connection = memory().connect().unwrap();
    for expected in 0..3 {
        assert_eq!(connection.scalar::<i64>("select 1", ()).unwrap(), 1);
        assert_eq!(hits_and_misses(&mut connection), (expected, 1));
    }
    assert_eq!(connection.scalar::<i64>("select :x", params! { x: 1 }).unwrap(), 1);
    assert_eq!(connection.scalar::<i64>(text("select :x"), params! { x: 2 }).unwrap(), 2);
    assert_eq!(hits_and_misses(&mut connection), (3, 2), "text() of the same text is the same");
}

#[test]
fn a_text_is_compiled_once_for_an_engine() {
    let (_directory, url) = file();
    let engine = engine(&url);
    let mut connections = [(); 3].map(|()| engine.connect().unwrap());
    for connection in &mut connections {
        connection.scalar::<i64>("select :x", params! { x: 1 }).unwrap();
        connection.scalar::<i64>("select :x", params! { x: 1 }).unwrap();
    }
    let stats = engine.query_cache();
    assert_eq!((stats.hits, stats.misses, stats.size, stats.capacity), (2, 1, 1, 500));
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    let engine = builder("sqlite://").statement_cache_size(2).query_cache_size(1).build().unwrap();
    let mut connection = engine.connect().unwrap();
    for sql in ["select 1", "select 2", "select 1", "select 3", "select 1", "select 2"] {
        connection.scalar::<i64>(sql, ()).unwrap();
    }
    let stats = connection.statement_cache();
    assert_eq!((stats.hits, stats.misses, stats.size, stats.capacity), (2, 4, 2, 2));
    drop(connection);
    assert_eq!((engine.query_cache().size, engine.query_cache().capacity), (1, 1));
}

#[test]
fn a_cache_of_no_size_keeps_nothing() {
    let engine = builder("sqlite://").statement_cache_size(0).query_cache_size(0).build().unwrap();
    let mut connection = engine.connect().unwrap();
    for x in 0..3_i64 {
        assert_eq!(connection.scalar::<i64>("select :x", params! { x: x }).unwrap(), x);
    }
    assert_eq!(connection.statement_cache().size, 0);
    drop(connection);
    assert_eq!((engine.query_cache().size, engine.query_cache().misses), (0, 3));
}

#[test]
fn a_result_may_outlive_the_statements_place_in_the_cache() {
    let engine = builder("sqlite://").statement_cache_size(1).build().unwrap();
    let mut connection = engine.connect().unwrap();
    for round in 0..3 {
        let mut one = connection.execute("values (1), (2)", ()).unwrap();
        assert_eq!(one.fetch_one::<(i64,)>().unwrap(), Some((1,)), "round {round}");
        drop(one);
        let mut other = connection.execute("values (3), (4)", ()).unwrap();
        assert_eq!(other.all::<(i64,)>().unwrap(), [(3,), (4,)], "round {round}");
    }
}

#[test]
fn a_statement_that_fails_is_not_kept() {
    let mut connection = memory().connect().unwrap();
    connection.execute("create table t (x integer unique)", ()).unwrap();
    let insert = |connection: &mut Connection, x: i64| {
        connection.execute("insert into t values (:x)", params! { x: x }).map(drop)
    };
    let before = connection.statement_cache().size;
    insert(&mut connection, 1).unwrap();
    assert_eq!(connection.statement_cache().size, before + 1);
    insert(&mut connection, 1).unwrap_err();
    assert_eq!(connection.statement_cache().size, before);
    insert(&mut connection, 2).unwrap();
    let count: i64 = connection.scalar("select count(*) from t", ()).unwrap();
    assert_eq!(count, 2, "and it is prepared again");
}

#[test]
fn a_kept_statement_sees_what_ddl_changed() {
    let mut connection = memory().connect().unwrap();
    let names = |connection: &mut Connection| -> Vec<String> {
        connection.execute("select * from t", ()).unwrap().keys().unwrap()
    };
    connection.execute("create table t (a integer)", ()).unwrap();
    connection.execute("insert into t values (1)", ()).unwrap();
    assert_eq!(names(&mut connection), ["a"]);
    connection.execute("alter table t add column b text default 'new'", ()).unwrap();
    let row: (i64, String) = connection.execute("select * from t", ()).unwrap().one().unwrap();
    assert_eq!(row, (1, "new".into()));
    assert_eq!(names(&mut connection), ["a", "b"]);
    connection.execute("alter table t rename column a to z", ()).unwrap();
    assert_eq!(names(&mut connection), ["z", "b"]);
    connection.execute("drop table t", ()).unwrap();
    let error = connection.execute("select * from t", ()).unwrap_err();
    assert!(error.message().contains("no such table"), "{error}");
    connection.execute("create table t (c integer)", ()).unwrap();
    assert_eq!(names(&mut connection), ["c"]);
}

#[test]
fn another_connections_ddl_is_seen_too() {
    let (_directory, url) = file();
    let engine = engine(&url);
    let (mut one, mut two) = (engine.connect().unwrap(), engine.connect().unwrap());
    one.execute("create table t (a integer)", ()).unwrap();
    one.commit().unwrap();
    assert_eq!(two.execute("select * from t", ()).unwrap().keys().unwrap(), ["a"]);
    two.commit().unwrap();
    one.execute("alter table t add column b text", ()).unwrap();
    one.commit().unwrap();
    assert_eq!(two.execute("select * from t", ()).unwrap().keys().unwrap(), ["a", "b"]);
}

#[test]
fn a_text_of_more_than_64_kib_is_executed_and_not_kept() {
    let engine = memory();
    let mut connection = engine.connect().unwrap();
    let of_length = |length: usize| format!("select 1 /*{}*/", "x".repeat(length - 13));
    let before = (connection.statement_cache().size, engine.query_cache().size);
    for (length, kept) in [(64 * 1024 + 1, 0), (64 * 1024, 1)] {
        let sql = of_length(length);
        assert_eq!(sql.len(), length);
        assert_eq!(connection.scalar::<i64>(sql.as_str(), ()).unwrap(), 1);
        assert_eq!(connection.statement_cache().size, before.0 + kept, "{length}");
        assert_eq!(engine.query_cache().size, before.1 + kept, "{length}");
    }
}
