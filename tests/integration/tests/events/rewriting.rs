//! Listeners that change statements and values, or refuse them.

use aludel::text::text;
use aludel::{Error, ErrorKind, Result, Value, params};

use crate::{engine, rows};

#[test]
fn before_execute_can_change_text_and_named_values() -> Result<()> {
    let engine = engine();
    engine.events().before_execute(|ctx| {
        let sql = ctx.statement().replace("secret", "y");
        ctx.set_statement(sql);
        for value in ctx.parameters_mut().sets_mut().iter_mut().flat_map(|set| set.values_mut()) {
            if let Value::Text(text) = value {
                *text = text.to_uppercase();
            }
        }
    });
    let mut connection = engine.connect()?;
    connection.execute("insert into t (secret) values (:y)", params! { y: "a" })?;
    connection
        .execute("insert into t (secret) values (:y)", &[params! { y: "b" }, params! { y: "c" }])?;
    connection.execute(text("insert into t (secret) values (:y)"), params! { y: "d" })?;
    connection.execute("insert into t (y) values (?)", ("e",))?;
    connection.execute("insert into t (y) values (?)", [("f",), ("g",)])?;
    let all: Vec<String> = connection.scalars("select y from t order by x", ())?.all()?;
    assert_eq!(all, ["A", "B", "C", "D", "E", "F", "G"]);
    Ok(())
}

#[test]
fn before_cursor_execute_can_change_the_sent_text_and_its_values() -> Result<()> {
    let engine = engine();
    engine.events().before_cursor_execute(|ctx| {
        if ctx.statement().starts_with("select ?") {
            ctx.set_statement("select ? * 10 /* seen */");
        }
        for value in ctx.parameters_mut().sets_mut().iter_mut().flat_map(|set| set.values_mut()) {
            if let Value::I64(number) = value {
                *number += 1;
            }
        }
    });
    let by_name: i64 = engine.execute("select :x", params! { x: 1 })?.scalar()?;
    let by_place: i64 = engine.execute("select ?", (2,))?.scalar()?;
    assert_eq!((by_name, by_place), (20, 30));
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (?)", [(10,), (20,)])?;
    connection.execute("insert into t (x) values (:x)", &[params! { x: 30 }, params! { x: 40 }])?;
    let all: Vec<i64> = connection.scalars("select x from t order by x", ())?.all()?;
    assert_eq!(all, [11, 21, 31, 41]);
    Ok(())
}

#[test]
fn a_text_alone_that_is_changed_keeps_its_values() -> Result<()> {
    let engine = engine();
    engine.events().before_cursor_execute(|ctx| {
        let commented = format!("/* shop */ {}", ctx.statement());
        ctx.set_statement(commented);
    });
    let mut connection = engine.connect()?;
    connection
        .execute("insert into t (y) values (:y)", &[params! { y: "a" }, params! { y: "b" }])?;
    assert_eq!(rows(&mut connection), 2);
    let prepared = connection.statement_cache().size;
    assert_eq!(rows(&mut connection), 2);
    assert_eq!(connection.statement_cache().size, prepared, "it is kept under its new text");
    Ok(())
}

#[test]
fn what_was_refused_was_not_executed_and_the_transaction_goes_on() -> Result<()> {
    let engine = engine();
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    let refuse = |sql: &str| match sql.contains("delete") {
        true => Err(Error::invalid_request("nothing is deleted")),
        false => Ok(()),
    };
    for events in ["before_execute", "before_cursor_execute"] {
        let listener = match events {
            "before_execute" => engine.events().before_execute(move |ctx| refuse(ctx.statement())),
            _ => engine.events().before_cursor_execute(move |ctx| refuse(ctx.statement())),
        };
        let error = connection.execute("delete from t", ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{events}");
        assert_eq!(rows(&mut connection), 1, "{events}");
        listener.remove();
    }
    connection.commit()?;
    assert_eq!(rows(&mut connection), 1);
    Ok(())
}

#[test]
fn an_error_after_the_execution_is_its_error_and_what_it_did_is_done() -> Result<()> {
    let engine = engine();
    let mut connection = engine.connect()?;
    engine.events().once().after_cursor_execute(|_| Err(Error::invalid_request("too late")));
    let error = connection.execute("insert into t (x) values (1) returning x", ()).unwrap_err();
    assert_eq!(error.message(), "too late");
    engine.events().once().after_execute(|_| Err(Error::invalid_request("too late again")));
    assert_eq!(connection.execute("select 1", ()).unwrap_err().message(), "too late again");
    assert_eq!(rows(&mut connection), 1, "the open results were closed");
    Ok(())
}

#[test]
fn a_listener_may_end_the_transaction() -> Result<()> {
    let engine = engine();
    engine.events().before_cursor_execute(|ctx| match ctx.statement().starts_with("insert") {
        true => ctx.connection.commit(),
        false => Ok(()),
    });
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    connection.execute("insert into t (x) values (2)", ())?;
    connection.rollback()?;
    assert_eq!(rows(&mut connection), 1, "the second began a transaction of its own");
    Ok(())
}
