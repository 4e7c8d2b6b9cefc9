//! What listeners are told of executions.

use std::time::Duration;

use aludel::text::text;
use aludel::{ExecutionOptions, Result, params};

use crate::{Log, engine};

/// An engine that writes down all four events of its executions.
fn told(log: &Log) -> aludel::Engine {
    let engine = engine();
    let writer = log.clone();
    engine.events().before_execute(move |ctx| {
        writer.write(format!("before_execute {} {}", ctx.statement(), ctx.parameters()));
    });
    let writer = log.clone();
    engine.events().before_cursor_execute(move |ctx| {
        let (sql, values) = (ctx.statement(), ctx.parameters());
        writer.write(format!("before_cursor_execute {sql} {values} {}", ctx.executemany));
    });
    let writer = log.clone();
    engine.events().after_cursor_execute(move |ctx| {
        assert!(ctx.elapsed < Duration::from_secs(30));
        let (sql, values) = (ctx.statement(), ctx.parameters());
        let (rowcount, rows) = (ctx.rowcount, ctx.returns_rows);
        writer.write(format!("after_cursor_execute {sql} {values} {rowcount:?} {rows}"));
    });
    let writer = log.clone();
    engine.events().after_execute(move |ctx| {
        writer.write(format!("after_execute {} {}", ctx.statement(), ctx.parameters()));
    });
    engine
}

#[test]
fn an_execution_is_told_as_the_program_gives_it_and_as_it_is_sent() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    engine.execute("select :x + :y + :x", params! { y: 2, x: 1 })?;
    assert_eq!(
        log.take(),
        [
            "before_execute select :x + :y + :x {y: 2, x: 1}",
            "before_cursor_execute select ? + ? + ? (1, 2, 1) false",
            "after_cursor_execute select ? + ? + ? (1, 2, 1) None true",
            "after_execute select :x + :y + :x {y: 2, x: 1}",
        ]
    );
    engine.execute("select ?", ("it's",))?;
    assert_eq!(log.take()[1], "before_cursor_execute select ? ('it''s',) false");
    engine.execute("select 1", ())?;
    assert_eq!(log.take()[0], "before_execute select 1 ()");
    Ok(())
}

#[test]
fn an_executemany_is_one_event() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    let sets = [params! { y: "a" }, params! { y: "b" }];
    engine.execute("insert into t (y) values (:y)", &sets)?;
    assert_eq!(
        log.take(),
        [
            "before_execute insert into t (y) values (:y) [{y: 'a'}, {y: 'b'}]",
            "before_cursor_execute insert into t (y) values (?) [('a',), ('b',)] true",
            "after_cursor_execute insert into t (y) values (?) [('a',), ('b',)] Some(2) false",
            "after_execute insert into t (y) values (:y) [{y: 'a'}, {y: 'b'}]",
        ]
    );
    engine.execute("insert into t (y) values (?)", [("c",), ("d",)])?;
    assert_eq!(
        log.take()[1],
        "before_cursor_execute insert into t (y) values (?) [('c',), ('d',)] true"
    );
    Ok(())
}

#[test]
fn lists_and_inserts_of_many_rows_are_told_as_they_are_sent() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    engine.execute("select x from t where x in :xs", params! { xs: [1, 2] })?;
    assert_eq!(
        log.take()[1],
        "before_cursor_execute select x from t where x in (?, ?) (1, 2) false"
    );
    let sets = [params! { y: "a" }, params! { y: "b" }, params! { y: "c" }];
    let options = ExecutionOptions::new().insertmanyvalues_page_size(2);
    let mut connection = engine.connect()?;
    let sql = "insert into t (y) values (:y) returning x";
    let ids: Vec<(i64,)> = connection.execute_with(sql, &sets, &options)?.all()?;
    assert_eq!(ids, [(1,), (2,), (3,)]);
    let told = log.take();
    let sent: Vec<&String> =
        told.iter().filter(|line| line.starts_with("before_cursor_execute")).collect();
    assert_eq!(sent.len(), 2, "{told:?}");
    assert!(sent[0].contains("('a', 'b') false") && sent[1].contains("('c',) false"), "{sent:?}");
    assert_eq!(told.last().map(|line| line.starts_with("after_execute")), Some(true));
    Ok(())
}

#[test]
fn a_declared_bind_and_its_value_are_told() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    let clause = text("select :x").bindparams([aludel::text::bindparam("x").value(5)])?;
    let x: i64 = engine.execute(&clause, ())?.scalar()?;
    assert_eq!(x, 5);
    assert_eq!(log.take()[1], "before_cursor_execute select ? (5,) false");
    Ok(())
}

#[test]
fn what_a_listener_executes_is_told_to_others_and_not_to_itself() -> Result<()> {
    let log = Log::default();
    let engine = engine();
    let writer = log.clone();
    engine.events().before_execute(move |ctx| {
        writer.write(format!("before {}", ctx.statement()));
        let one: i64 = ctx.connection.scalar("select 1", ())?;
        assert_eq!(one, 1);
        Ok(())
    });
    let writer = log.clone();
    engine.events().before_cursor_execute(move |ctx| {
        writer.write(format!("cursor {}", ctx.statement()));
        ctx.connection.execute("select 2", ())?;
        Ok(())
    });
    let mut connection = engine.connect()?;
    let three: i64 = connection.scalar("select 3", ())?;
    assert_eq!(three, 3);
    assert_eq!(
        log.take(),
        ["before select 3", "cursor select 1", "cursor select 3", "before select 2"]
    );
    Ok(())
}
