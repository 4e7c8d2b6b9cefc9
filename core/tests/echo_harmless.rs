//! Looking on changes nothing of what the program does, and every end of a transaction is told.

#[path = "engine_events/collector.rs"]
mod collector;
#[path = "echo_cases/recorder.rs"]
mod recorder;

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use aludel::dbapi::IsolationLevel;
use aludel::pool::ResetOnReturn;
use aludel::{Echo, Engine, EngineBuilder, ExecutionOptions, Result, params};
use tempfile::TempDir;
use tracing::Level;

use collector::{Collector, Told};
use recorder::Recorder;

fn builder() -> EngineBuilder {
    Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect())
}

/// A database in a file.
fn file(directory: &TempDir) -> EngineBuilder {
    let url = format!("sqlite:///{}", directory.path().join("t.db").display());
    Engine::builder(url.as_str()).dialect(aludel_dialect_sqlite::dialect())
}

/// What becomes of an insert whose connection is dropped: the rows that are committed, whether its
/// transaction is still open, and the last line of the echo.
fn dropped(how: ResetOnReturn, echo: Echo, listens: bool) -> Result<(i64, bool, Option<String>)> {
    let directory = tempfile::tempdir().expect("a directory");
    file(&directory).build()?.execute("create table t (x)", ())?;
    let recorder = Recorder::default();
    let engine = file(&directory).pool_reset_on_return(how).echo(echo);
    let engine = engine.echo_to(recorder.clone()).build()?;
    if listens {
        engine.events().commit(|_| Ok(()));
        engine.events().rollback(|_| {});
    }
    engine.connect()?.execute("insert into t values (1)", ())?;
    let rows = file(&directory).build()?.connect()?.scalar("select count(*) from t", ())?;
    let last = recorder.lines().pop();
    let is_open = engine.connect()?.in_transaction();
    Ok((rows, is_open, last))
}

#[test]
fn a_connection_that_is_dropped_is_reset_as_the_pool_says_also_when_somebody_looks() -> Result<()> {
    for (how, rows, is_open, last) in [
        (ResetOnReturn::Rollback, 0, false, "ROLLBACK"),
        (ResetOnReturn::Commit, 1, false, "COMMIT"),
        (ResetOnReturn::None, 0, true, "[generated"),
    ] {
        for listens in [false, true] {
            assert_eq!(dropped(how, Echo::Off, listens)?, (rows, is_open, None), "{how}");
            let (rows_seen, is_open_seen, line) = dropped(how, Echo::On, listens)?;
            assert_eq!((rows_seen, is_open_seen), (rows, is_open), "{how}, echo, {listens}");
            let line = line.expect("statements are told");
            assert!(line.starts_with(&format!("INFO aludel::engine {last}")), "{how}: {line}");
        }
    }
    Ok(())
}

#[test]
fn what_a_listener_does_not_let_be_committed_is_rolled_back_when_it_is_dropped() -> Result<()> {
    let directory = tempfile::tempdir().expect("a directory");
    let recorder = Recorder::default();
    let engine = file(&directory).pool_reset_on_return(ResetOnReturn::Commit).echo(true);
    let engine = engine.echo_to(recorder.clone()).build()?;
    engine.execute("create table t (x)", ())?;
    engine.events().commit(|_| Err(aludel::Error::invalid_request("not now")));
    engine.connect()?.execute("insert into t values (1)", ())?;
    assert!(recorder.lines().last().is_some_and(|line| line.ends_with(" ROLLBACK")));
    assert_eq!(engine.connect()?.scalar::<i64>("select count(*) from t", ())?, 0);
    Ok(())
}

#[test]
fn what_sql_text_has_begun_is_told_when_it_ends() -> Result<()> {
    let recorder = Recorder::default();
    let engine = builder().echo(true).echo_to(recorder.clone()).build()?;
    let mut conn = engine.connect()?;
    conn.set_isolation_level(IsolationLevel::Autocommit)?;
    let last = || recorder.lines().pop().expect("a line");
    for _ in 0..2 {
        conn.execute("begin", ())?;
        conn.commit()?;
        assert_eq!(last(), "INFO aludel::engine COMMIT");
        conn.execute("begin", ())?;
        conn.rollback()?;
        assert_eq!(last(), "INFO aludel::engine ROLLBACK");
    }
    let before = recorder.lines().len();
    conn.commit()?;
    conn.rollback()?;
    assert_eq!(recorder.lines().len(), before, "there was nothing to end");
    Ok(())
}

/// Panics at a line with this text.
struct Panicking(&'static str);

impl Write for Panicking {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let line_text = std::str::from_utf8(line).expect("lines are text");
        assert!(!line_text.contains(self.0), "the writer panics, as the test demands");
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_panics_while_a_panic_unwinds_does_not_end_the_program() -> Result<()> {
    let engine = builder().echo(true).echo_to(Panicking("ROLLBACK")).build()?;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        engine.begin(|conn| -> Result<()> {
            conn.execute("select 1", ())?;
            panic!("the program panics, as the test demands")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!((engine.checkedout(), engine.pool().checkedin()), (0, 1));
    let engine = builder().echo(Echo::Debug).echo_to(Panicking("select")).build()?;
    assert_eq!(engine.connect()?.scalar::<i64>("select 1", ())?, 1);
    Ok(())
}

/// Takes this long for each line.
struct Slow(Duration);

impl Write for Slow {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        std::thread::sleep(self.0);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A connection whose echo takes 600 ms for each line, and whose statements may take 500 ms.
fn impatient(echo: Echo) -> Result<aludel::Connection> {
    let engine = builder().echo(echo).echo_to(Slow(Duration::from_millis(600))).build()?;
    let mut conn = engine.connect()?;
    conn.execution_options(&ExecutionOptions::new().timeout(Duration::from_millis(500)))?;
    Ok(conn)
}

#[test]
fn the_lines_of_a_transaction_do_not_count_for_a_timeout() -> Result<()> {
    let mut conn = impatient(Echo::On)?;
    assert_eq!(conn.scalar::<i64>("select 1", ())?, 1);
    conn.commit()?;
    let mut script = conn.script("select 1");
    assert!(script.next_statement()?.is_some());
    conn.begin_nested(|conn| conn.execute("select 2", ()).map(drop))
}

#[test]
fn the_lines_of_the_pages_before_do_not_count_for_a_timeout() -> Result<()> {
    let sets: Vec<_> = (0..4_i64).map(|a| params! { a: a }).collect();
    let two = ExecutionOptions::new().insertmanyvalues_page_size(2);
    for level in [None, Some(IsolationLevel::Autocommit)] {
        let mut conn = impatient(Echo::On)?;
        if let Some(level) = level {
            conn.set_isolation_level(level)?;
        }
        conn.execute("create table t (a)", ())?;
        let sql = "insert into t (a) values (:a) returning a";
        assert_eq!(conn.execute_with(sql, &sets, &two)?.scalars::<i64>(0)?.all()?, [0, 1, 2, 3]);
        let each = "update t set a = a + 10 where a = :a returning a";
        let changed: Vec<i64> = conn.execute(each, &sets[..2])?.scalars(0)?.all()?;
        assert_eq!(changed, [10, 11]);
    }
    Ok(())
}

#[test]
fn a_step_of_a_transaction_that_fails_is_an_event_with_its_error() {
    let collector = Collector::new("aludel::engine", Level::DEBUG);
    tracing::subscriber::with_default(collector.clone(), || -> Result<()> {
        let url = "sqlite://?foreign_keys=true";
        let engine = Engine::builder(url).dialect(aludel_dialect_sqlite::dialect()).build()?;
        let mut conn = engine.connect()?;
        conn.execute(
            "create table t (x integer primary key, y references t deferrable initially deferred)",
            (),
        )?;
        conn.execute("insert into t values (1, 2)", ())?;
        let error = conn.commit().expect_err("no row is 2");
        assert!(error.constraint().is_some(), "{error}");
        conn.rollback()
    })
    .expect("it works");
    let told = collector.told();
    let place = told.iter().position(|told| told.message() == "COMMIT failed").expect("an event");
    let failed: &Told = &told[place];
    assert!(failed.is_event() && failed.target == "aludel::engine" && failed.level == Level::DEBUG);
    assert_eq!(failed.field("error.type"), Some("IntegrityError"));
    assert!(failed.has("error.message") && failed.has("db.response.status_code"));
    assert_eq!(failed.field("db.system.name"), Some("sqlite"));
    assert_eq!(told[place - 1].message(), "COMMIT");
    assert_eq!(told.last().map(Told::message), Some("ROLLBACK"));
    let spans = told.iter().filter(|told| !told.is_event());
    assert!(spans.map(|span| span.name).all(|name| name == "execute"), "steps have no span");
}
