//! Events on a PostgreSQL server: what SQLite has no place for.

use std::time::{Duration, Instant};

use aludel::text::text;
use aludel::{ConstraintKind, Engine, EngineBuilder, ErrorKind, Result, params};
use aludel_test_services::provided;

use crate::Log;

/// An engine on the server around this test; `None`, and why on standard error, where there is none.
fn server() -> Option<Engine> {
    Some(builder()?.build().expect("a good URL"))
}

fn builder() -> Option<EngineBuilder> {
    let test = std::thread::current().name().unwrap_or("a test without a name").to_owned();
    let vars = provided("pg", &test)?;
    let url = vars.get("ALUDEL_PG_URL").expect("a server has a URL").to_owned();
    Some(Engine::builder(url).dialect(aludel_dialect_postgresql::dialect()))
}

#[test]
fn a_transaction_of_postgresql_begins_with_what_its_listener_sets() -> Result<()> {
    let Some(engine) = server() else { return Ok(()) };
    engine.events().begin(|connection| {
        connection.execute("set local application_name = 'of this transaction'", ())?;
        Ok(())
    });
    let mut connection = engine.connect()?;
    let show = "select current_setting('application_name')";
    let name: String = connection.scalar(show, ())?;
    assert_eq!(name, "of this transaction");
    connection.rollback()?;
    Ok(())
}

#[test]
fn statements_of_postgresql_are_told_and_rewritten_in_its_paramstyle() -> Result<()> {
    let Some(engine) = server() else { return Ok(()) };
    let log = Log::default();
    let writer = log.clone();
    engine.events().before_cursor_execute(move |ctx| {
        writer.write(format!("{} {}", ctx.statement(), ctx.parameters()));
        let commented = format!("/* shop */ {}", ctx.statement());
        ctx.set_statement(commented);
    });
    let mut connection = engine.connect()?;
    let clause = text("select cast(:x as integer) + cast(:x as integer), cast(:y as text)");
    let row: (i64, Option<String>) =
        connection.execute(&clause, params! { x: 2, y: None::<String> })?.one()?;
    assert_eq!(row, (4, None));
    let sent = "select cast($1 as integer) + cast($1 as integer), cast($2 as text) (2, NULL)";
    assert_eq!(log.take(), [sent]);
    let error = connection.execute("select 1 / cast(:x as integer)", params! { x: 0 }).unwrap_err();
    assert_eq!(error.statement(), Some("/* shop */ select 1 / cast($1 as integer)"));
    assert_eq!(error.parameters().map(ToString::to_string).as_deref(), Some("(0,)"));
    assert_eq!(error.sqlstate(), Some("22012"));
    Ok(())
}

#[test]
fn errors_of_postgresql_have_parameters_and_constraints() -> Result<()> {
    let Some(engine) = server() else { return Ok(()) };
    let mut connection = engine.connect()?;
    connection.execute("create temp table u (x integer constraint only_one unique)", ())?;
    connection.commit()?;
    let sets = [params! { x: 1 }, params! { x: 2 }, params! { x: 1 }];
    let error = connection.execute("insert into u values (:x)", &sets).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity);
    let constraint = error.constraint().expect("PostgreSQL names it");
    assert_eq!(
        (constraint.kind, constraint.name.as_deref()),
        (ConstraintKind::Unique, Some("only_one"))
    );
    assert!(error.to_string().contains("[parameters: [(1,), (2,), (1,)]]"), "{error}");
    assert_eq!(error.failing_row(), Some(2));
    Ok(())
}

#[test]
fn a_session_of_postgresql_that_was_ended_is_told_as_a_disconnect() -> Result<()> {
    let Some(engine) = server() else { return Ok(()) };
    let log = Log::default();
    let writer = log.clone();
    engine.events().handle_error(move |ctx| writer.write(format!("{}", ctx.is_disconnect)));
    let mut connection = engine.connect()?;
    let pid: i64 = connection.scalar("select pg_backend_pid()", ())?;
    connection.rollback()?;
    engine.execute("select pg_terminate_backend(cast(:pid as integer))", params! { pid: pid })?;
    let error = connection.execute("select 1", ()).unwrap_err();
    assert!(error.is_disconnect() && connection.invalidated(), "{error}");
    assert_eq!(log.take(), ["true"]);
    connection.rollback()?;
    let other: i64 = connection.scalar("select pg_backend_pid()", ())?;
    assert_ne!(other, pid);
    Ok(())
}

#[test]
fn two_phase_transactions_of_postgresql_are_told_step_by_step() -> Result<()> {
    let Some(engine) = server() else { return Ok(()) };
    let log = Log::default();
    let writer = |event: &'static str| {
        let log = log.clone();
        move |ctx: &mut aludel::engine::events::TwoPhaseEvent<'_>| {
            log.write(format!("{event} {} {}", ctx.xid, ctx.is_prepared));
        }
    };
    engine.events().begin_twophase(writer("begin"));
    engine.events().prepare_twophase(writer("prepare"));
    engine.events().commit_twophase(writer("commit"));
    engine.events().rollback_twophase(writer("rollback"));
    engine.events().begin(|_| Err(aludel::Error::internal("a two-phase transaction is not this")));
    let xid = format!("aludel-events-{}", std::process::id());
    let mut connection = engine.connect()?;
    let mut transaction = connection.begin_twophase(Some(&xid))?;
    transaction.execute("create temp table at_least_something (x integer)", ()).map(drop).ok();
    transaction.rollback()?;
    let mut transaction = connection.begin_twophase(Some(&xid))?;
    transaction.prepare()?;
    transaction.commit()?;
    let lines =
        ["begin", "rollback", "begin", "prepare"].map(|event| format!("{event} {xid} false"));
    let told = log.take();
    assert_eq!(told[..4], lines);
    assert_eq!(told[4..], [format!("commit {xid} true")]);
    Ok(())
}

#[test]
fn a_connection_that_a_listener_opens_ends_with_the_time_for_connecting() -> Result<()> {
    // It takes connections, and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let engine = Engine::builder(format!("postgresql://someone@127.0.0.1:{port}/db"))
        .dialect(aludel_dialect_postgresql::dialect())
        .pool_connect_timeout(Duration::from_millis(200))
        .build()?;
    let log = Log::default();
    let writer = log.clone();
    engine.events().do_connect(move |ctx| {
        let opened = ctx.connect().map(|connection| ctx.set_connection(connection));
        writer.write("opened");
        opened
    });
    let begun = Instant::now();
    assert!(engine.connect().is_err());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(log.take(), ["opened"]);
    Ok(())
}

#[test]
fn hidden_parameters_are_nowhere_in_an_error_of_postgresql() -> Result<()> {
    let Some(builder) = builder() else { return Ok(()) };
    let engine = builder.hide_parameters(true).build()?;
    let mut connection = engine.connect()?;
    connection.execute("create temporary table m (m text unique, n integer check (n > 0))", ())?;
    connection.execute("insert into m values ('secret@x', 1)", ())?;
    connection.commit()?;
    let secret = "secret@x";
    for (sql, params) in [
        ("insert into m values (:v)", params! { v: secret }),
        ("insert into m values (:v, 0)", params! { v: secret }),
        ("select cast(cast(:v as text) as integer)", params! { v: secret }),
        ("select cast(cast(:v as text) as date)", params! { v: "secret@x \"quoted\" secret@x" }),
        ("select cast(cast(:v as text) as json)", params! { v: "{secret@x" }),
        ("select cast(:v as integer)", params! { v: 777_333_777_333_i64 }),
        ("select cast(cast(:v as text) as integer)", params! { v: "777333777333" }),
    ] {
        let error = connection.execute(sql, params).unwrap_err();
        let text = format!("{error} {error:?} {:?} {:?}", error.context(), error.detail());
        assert!(!text.contains("secret") && !text.contains("777333"), "{text}");
        assert!(error.sqlstate().is_some() && error.hides_parameters(), "{text}");
        connection.rollback()?;
    }
    Ok(())
}

#[test]
fn hidden_parameters_are_nowhere_in_an_error_of_postgresql_without_a_statement() -> Result<()> {
    let Some(builder) = builder() else { return Ok(()) };
    let engine = builder.hide_parameters(true).build()?;
    let mut connection = engine.connect()?;
    let table = "create temporary table d (m text unique deferrable initially deferred)";
    connection.execute(table, ())?;
    for _ in 0..2 {
        connection.execute("insert into d values (:v)", params! { v: "secret@x" })?;
    }
    let error = connection.commit().unwrap_err();
    assert_eq!(error.sqlstate(), Some("23505"), "{error}");
    let text = format!("{error} {error:?} {:?} {:?}", error.context(), error.detail());
    assert!(!text.contains("secret"), "{text}");
    assert!(error.hides_parameters() && !text.contains("SQL parameters"), "{text}");
    Ok(())
}
