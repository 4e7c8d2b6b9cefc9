//! What is printed of statements that do not go the usual way.

#[path = "echo_cases/recorder.rs"]
mod recorder;

use std::time::Duration;

use aludel::{Connection, Echo, Engine, EngineBuilder, ExecutionOptions, OwnedRow, Result, params};

use recorder::Recorder;

fn builder() -> EngineBuilder {
    Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect())
}

fn recorded(echo: Echo) -> (Engine, Recorder) {
    let recorder = Recorder::default();
    let engine = builder().echo(echo).echo_to(recorder.clone()).build();
    (engine.expect("the URL is good"), recorder)
}

/// The engine warns of everything that takes so long, and prints nothing else.
fn warned(threshold: Duration) -> (Engine, Recorder) {
    let recorder = Recorder::default();
    let engine = builder().slow_query_threshold(threshold).echo_to(recorder.clone()).build();
    (engine.expect("the URL is good"), recorder)
}

/// What a statement ended with, without its times.
fn ends(recorder: &Recorder) -> Vec<String> {
    let lines = recorder.lines();
    let ends = lines.iter().filter(|line| line.contains(": prepare "));
    let text = |line: &String| line.split_once('[').expect("a bracket").1.to_owned();
    ends.map(text).map(|end| end.split(" in 0.").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_statement_of_a_script_that_cannot_be_prepared_is_printed_with_its_error() -> Result<()> {
    let (engine, recorder) = recorded(Echo::On);
    let mut conn = engine.connect()?;
    let error = conn.script("selec 1; select 2").next_statement().expect_err("it is wrong");
    assert_eq!(error.statement(), Some("selec 1; select 2"));
    let lines = recorder.lines();
    assert_eq!(
        lines[1..],
        ["INFO aludel::engine selec 1; select 2", "INFO aludel::engine [raw sql] ()"]
    );
    let long = format!("selec 1; {}", "select 2; ".repeat(1000));
    assert!(conn.script(&long).next_statement().is_err());
    assert!(recorder.lines()[3].len() < 500, "a script may be long");
    Ok(())
}

#[test]
fn listeners_see_the_error_of_a_script_that_cannot_be_prepared() -> Result<()> {
    let (engine, _) = recorded(Echo::Off);
    engine.events().handle_error(|ctx| {
        assert_eq!(ctx.statement(), Some("selec 1"));
        ctx.set_error(aludel::Error::data("seen"));
        Ok(())
    });
    let error = engine.connect()?.script("selec 1").next_statement().expect_err("it is wrong");
    assert_eq!(error.message(), "seen");
    Ok(())
}

#[test]
fn sets_that_return_rows_are_printed_before_they_are_executed() -> Result<()> {
    let (engine, recorder) = recorded(Echo::On);
    let sets: Vec<_> = (0..3_i64).map(|a| params! { a: a }).collect();
    let sql = "update missing set a = :a returning a";
    assert!(engine.connect()?.execute(sql, &sets).is_err());
    let lines = recorder.lines();
    assert!(lines[1].ends_with(" update missing set a = ? returning a"), "{lines:?}");
    assert!(lines[2].ends_with("] [(0,), (1,), (2,)]"), "{lines:?}");
    Ok(())
}

#[test]
fn sets_that_the_dialect_does_not_execute_together_are_printed_once() -> Result<()> {
    let (engine, recorder) = recorded(Echo::Debug);
    let mut conn = engine.connect()?;
    conn.execute("create table t (a)", ())?;
    conn.execute("insert into t values (1)", ())?;
    let before = recorder.lines().len();
    let sets: Vec<_> = (0..3_i64).map(|a| params! { a: a }).collect();
    let rows = conn.execute("update t set a = :a returning a", &sets)?.all::<(i64,)>()?;
    assert_eq!(rows, [(0,), (1,), (2,)]);
    let lines = recorder.lines().split_off(before);
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines[1].ends_with("] [(0,), (1,), (2,)]"), "{lines:?}");
    assert!(lines[2].contains(" [3 rows in "), "{lines:?}");
    Ok(())
}

#[test]
fn rows_that_are_passed_over_are_counted() -> Result<()> {
    let (engine, recorder) = recorded(Echo::Debug);
    let mut conn = engine.connect()?;
    let mut rows = conn.execute("values (1), (2), (3)", ())?;
    rows.next()?;
    rows.finish()?;
    drop(rows);
    assert_eq!(ends(&recorder), ["3 rows"]);
    Ok(())
}

#[test]
fn rows_that_are_left_out_as_duplicates_are_printed_and_counted() -> Result<()> {
    let (engine, recorder) = recorded(Echo::Debug);
    let rows = engine.connect()?.execute("values (1), (1), (1)", ())?.unique().all::<OwnedRow>()?;
    assert_eq!(rows.len(), 1);
    assert_eq!(ends(&recorder), ["3 rows"]);
    assert_eq!(recorder.lines().iter().filter(|line| line.ends_with(" Row (1,)")).count(), 3);
    Ok(())
}

#[test]
fn a_result_that_is_dropped_ends_before_its_transaction() -> Result<()> {
    let (engine, recorder) = recorded(Echo::Debug);
    let engine = engine.execution_options(&ExecutionOptions::new().read_only(true));
    let mut rows = engine.execute("values (1), (2), (3)", ())?;
    rows.next()?;
    drop(rows);
    let lines = recorder.lines();
    let [.., end, rollback] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(end.contains(" [1 row in ") && rollback.ends_with(" ROLLBACK"), "{lines:#?}");
    Ok(())
}

/// Row 4000 is one that cannot be computed.
const FAILS_LATER: &str = "with recursive n(i) as (select 1 union all select i + 1 from n \
     where i < 5000) select abs(case when i = 4000 then -9223372036854775807 - 1 else i end) from n";

#[test]
fn a_statement_that_fails_while_its_rows_are_read_says_so_at_its_end() -> Result<()> {
    let (engine, recorder) = recorded(Echo::Debug);
    let mut conn = engine.connect()?;
    let error = conn.execute(FAILS_LATER, ())?.all::<OwnedRow>().expect_err("a row is wrong");
    let ends = ends(&recorder);
    assert_eq!(ends.len(), 1, "{ends:?}");
    assert_eq!(ends[0], format!("{} after 3999 rows", error.kind().name()));
    let error = conn.execute("select missing", ()).expect_err("it is missing");
    assert_eq!(self::ends(&recorder)[1..], [error.kind().name()]);
    Ok(())
}

const ENDLESS: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";

#[test]
fn a_statement_that_took_too_long_for_its_timeout_is_warned_of() -> Result<()> {
    let (engine, recorder) = warned(Duration::from_millis(50));
    let mut conn = engine.connect()?;
    conn.execution_options(&ExecutionOptions::new().timeout(Duration::from_millis(100)))?;
    let error = conn.execute(ENDLESS, ()).expect_err("it has no end");
    let lines = recorder.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let (head, sql) = lines[0].split_once('\n').expect("its text");
    let kind = error.kind().name();
    assert!(head.contains(&format!("s, {kind}, at ")) && head.contains("echo_statements.rs:"));
    assert_eq!(sql, format!("{ENDLESS}\n()"));
    Ok(())
}

fn slow_rows(conn: &mut Connection) -> Result<aludel::CursorResult<'_>> {
    let first = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000)";
    conn.execute(format!("{first} select i from n"), ())
}

#[test]
fn the_time_of_reading_to_the_end_counts_as_that_of_the_statement() -> Result<()> {
    let (engine, recorder) = warned(Duration::from_millis(20));
    let mut conn = engine.connect()?;
    conn.execute("select 1", ())?.finish()?;
    assert_eq!(recorder.lines(), [""; 0]);
    slow_rows(&mut conn)?.finish()?;
    assert_eq!(recorder.lines().len(), 1, "{:?}", recorder.lines());
    assert_eq!(conn.rollback().map(|()| recorder.lines().len())?, 1);
    Ok(())
}

#[test]
fn a_slow_insert_of_many_rows_is_cut() -> Result<()> {
    let (engine, recorder) = warned(Duration::ZERO);
    let mut conn = engine.connect()?;
    conn.execute("create table t (a)", ())?;
    let sets: Vec<_> = (0..1000_i64).map(|a| params! { a: a }).collect();
    conn.execute("insert into t (a) values (:a) returning a", &sets)?;
    let lines = recorder.lines();
    let longest = lines.iter().map(String::len).max();
    assert!(longest.is_some_and(|longest| longest < 2000), "{longest:?}");
    assert!(lines[1].contains(" characters truncated ... "), "{lines:?}");
    Ok(())
}
