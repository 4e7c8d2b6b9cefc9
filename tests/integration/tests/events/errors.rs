//! handle_error: classifying, replacing and giving up.

use std::error::Error as _;

use aludel::{Error, ErrorKind, Result};

use crate::{Log, builder, engine, rows};

#[test]
fn an_error_is_told_with_statement_and_parameters() -> Result<()> {
    let log = Log::default();
    let engine = engine();
    let writer = log.clone();
    engine.events().handle_error(move |ctx| {
        assert!(!ctx.is_disconnect && !ctx.is_pre_ping && ctx.invalidate_pool_on_disconnect);
        let parameters = ctx.parameters().map(ToString::to_string);
        writer.write(format!("{:?} {:?} {parameters:?}", ctx.engine, ctx.statement()));
    });
    engine.execute("insert into t (x) values (1)", ())?;
    let error = engine.execute("insert into t (x) values (?)", (1,)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity);
    assert_eq!(
        log.take(),
        [r#"Engine(sqlite://) Some("insert into t (x) values (?)") Some("(1,)")"#]
    );
    Ok(())
}

#[test]
fn errors_of_connecting_reading_and_committing_are_told() -> Result<()> {
    let log = Log::default();
    let engine = builder("sqlite:////nowhere/at/all.db").build()?;
    let writer = log.clone();
    engine.events().handle_error(move |ctx| writer.write(format!("{}", ctx.error().kind())));
    assert!(engine.connect().is_err());
    assert_eq!(log.take(), ["OperationalError"]);

    let engine = builder("sqlite://").build()?;
    let writer = log.clone();
    engine.events().handle_error(move |ctx| {
        writer.write(ctx.statement().unwrap_or("without a statement"));
    });
    let mut connection = engine.connect()?;
    let sql = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 1000) \
               select iif(i = 900, json('{'), i) from c";
    assert!(connection.execute(sql, ())?.all::<(aludel::Value,)>().is_err());
    assert_eq!(log.take(), [sql]);

    connection.execute("pragma foreign_keys = on", ())?;
    connection.commit()?;
    connection.rollback()?;
    let mut connection = builder("sqlite://?foreign_keys=true").build()?;
    let writer = log.clone();
    connection.events().handle_error(move |ctx| {
        writer.write(ctx.statement().unwrap_or("without a statement"));
    });
    let mut connection = std::mem::replace(&mut connection, engine).connect()?;
    connection.execute("create table p (x integer primary key)", ())?;
    let child = "create table c (x references p deferrable initially deferred)";
    connection.execute(child, ())?;
    connection.execute("insert into c values (1)", ())?;
    assert_eq!(connection.commit().unwrap_err().kind(), ErrorKind::Integrity);
    assert_eq!(log.take(), ["without a statement"]);
    Ok(())
}

#[test]
fn errors_that_no_driver_has_reported_are_not_told() {
    let log = Log::default();
    let engine = engine();
    let writer = log.clone();
    engine.events().handle_error(move |_| writer.write("told"));
    engine.events().once().before_execute(|_| Err(Error::invalid_request("refused")));
    assert!(engine.execute("select 1", ()).is_err());
    assert!(engine.execute("select :x", ()).is_err());
    assert!(engine.execute("select 1; select 2", ()).is_err());
    assert!(log.take().is_empty());
}

#[test]
fn an_error_can_be_replaced_and_keeps_what_it_replaces() {
    let log = Log::default();
    let engine = engine();
    engine.events().handle_error(|ctx| ctx.set_error(Error::programming("run the migrations")));
    let writer = log.clone();
    engine.events().handle_error(move |ctx| writer.write(ctx.error().message()));
    let error = engine.execute("select x from missing", ()).unwrap_err();
    assert_eq!(error.message(), "run the migrations");
    let source = error.source().expect("the error that it replaces").to_string();
    assert!(source.contains("no such table: missing"), "{source}");
    assert_eq!(log.take(), ["run the migrations"]);
}

#[test]
fn an_error_that_is_returned_ends_it() {
    let log = Log::default();
    let engine = engine();
    engine.events().handle_error(|_| Err(Error::data("this one")));
    let writer = log.clone();
    engine.events().handle_error(move |_| writer.write("told"));
    let error = engine.execute("select x from missing", ()).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Data, "this one"));
    assert!(error.source().is_some());
    assert!(log.take().is_empty());
}

#[test]
fn an_error_can_be_said_to_mean_that_the_connection_is_gone() -> Result<()> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let engine = builder(&format!("sqlite:///{}/a.db", directory.path().display())).build()?;
    engine.execute("create table t (x integer primary key)", ())?;
    let mut connection = engine.connect()?;
    connection.execute("create temp table of_this_connection (x)", ())?;
    connection.commit()?;
    let listener = engine.events().handle_error(|ctx| ctx.is_disconnect = true);
    let error = connection.execute("select x from missing", ()).unwrap_err();
    assert!(error.is_disconnect());
    assert!(connection.invalidated());
    listener.remove();
    connection.rollback()?;
    assert_eq!(rows(&mut connection), 0, "it has connected anew");
    let error = connection.execute("select x from of_this_connection", ()).unwrap_err();
    assert!(!error.is_disconnect());
    Ok(())
}

#[test]
fn a_listener_to_errors_is_not_told_of_its_own() -> Result<()> {
    let log = Log::default();
    let directory = tempfile::tempdir().expect("a temporary directory");
    // A file, so that the listener gets a connection of its own.
    let engine = builder(&format!("sqlite:///{}/a.db", directory.path().display())).build()?;
    for name in ["one", "two"] {
        let writer = log.clone();
        engine.events().handle_error(move |ctx| {
            writer.write(format!("{name}: {}", ctx.statement().unwrap_or_default()));
            // The table is missing, so that this fails as well.
            ctx.engine.execute(format!("insert into {name} values (1)"), ()).map(drop).unwrap_err();
        });
    }
    for _ in 0..2 {
        assert!(engine.execute("select x from missing", ()).is_err());
        let told = log.take();
        let [one, two] = ["one", "two"].map(|name| format!("insert into {name} values (1)"));
        let missing = "select x from missing";
        let expected = [
            format!("one: {missing}"),
            format!("two: {one}"),
            format!("two: {missing}"),
            format!("one: {two}"),
        ];
        assert_eq!(told, expected, "each is told of the other's, and not of its own");
    }
    Ok(())
}
