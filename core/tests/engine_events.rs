//! What a program's own subscriber gets of an engine.

#[path = "engine_events/collector.rs"]
mod collector;
#[path = "echo_cases/recorder.rs"]
mod recorder;

use std::time::Duration;

use aludel::{Echo, Engine, Result, params};
use tracing::Level;

use collector::{Collector, Told};
use recorder::Recorder;

fn engine(echo: Echo) -> Engine {
    let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect()).echo(echo);
    engine.logging_name("app").build().expect("the URL is good")
}

/// What a subscriber of this level gets of the work.
fn told(level: Level, work: impl FnOnce() -> Result<()>) -> Vec<Told> {
    told_of("aludel::engine", level, work)
}

/// The same of targets that begin so.
fn told_of(target: &'static str, level: Level, work: impl FnOnce() -> Result<()>) -> Vec<Told> {
    let collector = Collector::new(target, level);
    tracing::subscriber::with_default(collector.clone(), work).expect("it works");
    collector.told()
}

fn statement(told: &[Told]) -> &Told {
    told.iter().find(|told| told.is_event() && told.has("db.query.text")).expect("a statement")
}

#[test]
fn a_statement_has_the_attributes_of_opentelemetry() {
    let told = told(Level::DEBUG, || {
        let mut conn = engine(Echo::Off).connect()?;
        conn.execute("select :a", params! { a: 5 }).map(drop)
    });
    let event = statement(&told);
    assert_eq!((event.target, event.level), ("aludel::engine", Level::DEBUG));
    for (name, value) in [
        ("db.system.name", "sqlite"),
        ("db.query.text", "select ?"),
        ("db.operation.name", "SELECT"),
        ("parameters", "(5,)"),
        ("cached", "false"),
        ("engine", "app"),
    ] {
        assert_eq!(event.field(name), Some(value), "{name}");
    }
    assert!(event.field("code.file.path").is_some_and(|path| path.ends_with("engine_events.rs")));
    let done = told.iter().find(|told| told.message() == "statement done").expect("its end");
    assert!(done.has("elapsed") && done.has("prepare") && done.has("execute"));
    assert_eq!(done.field("db.query.text"), Some("select ?"));
    let span = told.iter().find(|told| !told.is_event()).expect("a span");
    assert_eq!(span.name, "execute");
    assert_eq!(span.field("db.query.text"), Some("select ?"));
    assert_eq!(span.field("otel.kind"), Some("client"));
}

#[test]
fn an_error_is_recorded_with_its_kind_and_code() {
    let told = told(Level::DEBUG, || {
        let mut conn = engine(Echo::Off).connect()?;
        conn.execute("create table t (x integer primary key)", ())?;
        conn.execute("insert into t values (1)", ())?;
        assert!(conn.execute("insert into t values (1)", ()).is_err());
        Ok(())
    });
    let failed = told.iter().find(|told| told.is_event() && told.has("error.type"));
    assert_eq!(failed.expect("an error").field("error.type"), Some("IntegrityError"));
    let recorded = |name: &str, value: &str| {
        told.iter().any(|t| !t.is_event() && t.field(name) == Some(value))
    };
    assert!(recorded("error.type", "IntegrityError"), "the span has it too");
    assert!(recorded("otel.status_code", "ERROR"), "and its status");
    assert!(recorded("otel.status_description", "UNIQUE constraint failed: t.x"), "and why");
}

#[test]
fn the_echo_raises_the_level_and_the_level_decides() {
    let work = |echo| move || engine(echo).execute("select 1", ()).map(drop);
    assert!(told(Level::INFO, work(Echo::Off)).is_empty());
    assert_eq!(statement(&told(Level::INFO, work(Echo::On))).level, Level::INFO);
    assert_eq!(statement(&told(Level::DEBUG, work(Echo::Off))).level, Level::DEBUG);
    let rows = |told: Vec<Told>| told.iter().any(|told| told.message().starts_with("Row ("));
    let read = |echo| move || engine(echo).execute("select 1", ())?.scalar::<i64>().map(drop);
    assert!(!rows(told(Level::DEBUG, read(Echo::On))));
    assert!(rows(told(Level::DEBUG, read(Echo::Debug))));
    assert!(rows(told(Level::TRACE, read(Echo::Off))));
}

#[test]
fn the_beginning_and_end_of_transactions_are_events() {
    let told = told(Level::DEBUG, || {
        engine(Echo::Off).begin(|conn| conn.execute("select 1", ()).map(drop))
    });
    let messages: Vec<&str> = told.iter().filter(|t| t.is_event()).map(Told::message).collect();
    assert_eq!(messages[..2], ["connected", "BEGIN (implicit)"]);
    assert_eq!(messages.last(), Some(&"COMMIT"));
}

#[test]
fn opening_a_connection_is_an_event_with_its_time() {
    let told = told(Level::DEBUG, || engine(Echo::Off).connect().map(drop));
    let connected = told.iter().find(|told| told.message() == "connected").expect("the event");
    assert!(connected.has("elapsed"));
    assert_eq!(connected.field("db.system.name"), Some("sqlite"));
}

#[test]
fn a_statement_tells_how_many_rows_were_read_and_where_its_time_went() {
    let told = told(Level::DEBUG, || {
        engine(Echo::Off).execute("values (1), (2)", ())?.all::<(i64,)>().map(drop)
    });
    let done = told.iter().find(|told| told.message() == "statement done").expect("its end");
    assert_eq!(done.field("db.response.returned_rows"), Some("2"));
    assert!(["prepare", "execute", "fetch", "elapsed"].iter().all(|name| done.has(name)));
}

#[test]
fn hidden_parameters_are_in_no_field() {
    let told = told(Level::TRACE, || {
        let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect());
        let engine = engine.hide_parameters(true).build()?;
        engine.execute("create table t (a)", ())?;
        assert!(
            engine.execute("insert into missing values (:a)", params! { a: "sesame" }).is_err()
        );
        engine.execute("insert into t values (:a)", params! { a: "sesame" }).map(drop)
    });
    let found =
        told.iter().find(|told| told.fields.iter().any(|(_, value)| value.contains("sesame")));
    assert_eq!(found.map(Told::message), None);
}

#[test]
fn what_the_program_has_chosen_a_writer_for_is_written_there_too() -> Result<()> {
    let recorder = Recorder::default();
    let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect());
    let engine = engine.echo(true).echo_to(recorder.clone()).build()?;
    let told = told(Level::INFO, || engine.execute("select 1", ()).map(drop));
    assert_eq!(statement(&told).field("db.query.text"), Some("select 1"));
    assert_eq!(recorder.lines()[0], "INFO aludel::engine select 1");
    Ok(())
}

fn seconds(told: &Told, field: &str) -> f64 {
    told.field(field).and_then(|text| text.parse().ok()).expect("a time")
}

#[test]
fn a_checkout_is_an_event_with_its_times_and_its_place() {
    let told = told_of("aludel::pool", Level::DEBUG, || {
        let engine = engine(Echo::Off);
        drop(engine.connect()?);
        engine.connect().map(drop)
    });
    let out: Vec<&Told> =
        told.iter().filter(|t| t.message() == "Connection 1 checked out from pool").collect();
    assert_eq!(out.len(), 2);
    assert_eq!((out[0].target, out[0].level), ("aludel::pool", Level::DEBUG));
    assert_eq!(out[0].field("connection"), Some("1"));
    assert!(out[0].field("code.file.path").is_some_and(|path| path.ends_with("engine_events.rs")));
    assert!(seconds(out[0], "connect") > 0.0 && seconds(out[0], "pool_wait") >= 0.0);
    assert_eq!(seconds(out[1], "connect"), 0.0, "it is open");
    let others: Vec<&str> = told.iter().map(Told::message).collect();
    assert_eq!(others[0], "Created new connection 1");
    assert!(!others.iter().any(|text| text.contains("being returned")), "{others:?}");
}

#[test]
fn the_first_statement_of_a_checkout_tells_what_that_took() {
    let told = told_of("aludel::", Level::DEBUG, || {
        let builder = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect());
        let engine = builder.pool_size(1).max_overflow(0).build()?;
        let held = engine.connect()?;
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(60));
                drop(held);
            });
            let mut conn = engine.connect()?;
            conn.execute("select 1", ())?;
            conn.execute("select 2", ()).map(drop)
        })
    });
    let statements: Vec<&Told> =
        told.iter().filter(|told| told.message() == "statement done").collect();
    assert!(seconds(statements[0], "pool_wait") > 0.03);
    assert_eq!(seconds(statements[0], "connect"), 0.0);
    assert!(seconds(statements[0], "elapsed") < seconds(statements[0], "pool_wait"));
    assert!(!statements[1].has("pool_wait") && !statements[1].has("connect"));
    assert!(statements.iter().all(|told| told.field("connection") == Some("1")));
    let span = told.iter().find(|told| told.name == "execute").expect("the span of the first");
    assert_eq!(seconds(span, "pool_wait"), seconds(statements[0], "pool_wait"));
    let out: Vec<&Told> = told.iter().filter(|t| t.message().contains("checked out")).collect();
    assert_eq!(seconds(out[1], "pool_wait"), seconds(statements[0], "pool_wait"));
}
