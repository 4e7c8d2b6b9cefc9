//! What the echo promises beside its lines: names, switching, hiding, and writers of all kinds.

#[path = "echo_cases/recorder.rs"]
mod recorder;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aludel::pool::settings::EchoPool;
use aludel::text::text;
use aludel::{Echo, Engine, EngineBuilder, ExecutionOptions, OwnedRow, Result, params};

use recorder::Recorder;

fn builder() -> EngineBuilder {
    Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect())
}

fn recorded(echo: Echo) -> (Engine, Recorder) {
    let recorder = Recorder::default();
    let engine = builder().echo(echo).echo_to(recorder.clone()).build();
    (engine.expect("the URL is good"), recorder)
}

#[test]
fn every_line_has_the_name_of_the_engine_and_the_token_of_the_connection() -> Result<()> {
    let recorder = Recorder::default();
    let engine = builder().echo(true).logging_name("app").echo_to(recorder.clone()).build()?;
    let mut conn = engine.connect()?;
    conn.execution_options(&ExecutionOptions::new().logging_token("t1"))?;
    conn.execute("select 1", ())?;
    drop(conn);
    engine.connect()?.execute("select 2", ())?;
    let lines = recorder.lines();
    let (with, without) = lines.split_at(4);
    assert!(with.iter().all(|l| l.starts_with("INFO aludel::engine.app [t1] ")), "{with:?}");
    assert_eq!(with[3], "INFO aludel::engine.app [t1] ROLLBACK", "also when it is dropped");
    assert_eq!(without[0], "INFO aludel::engine.app BEGIN (implicit)", "the token does not stay");
    Ok(())
}

#[test]
fn a_sub_engine_may_have_a_token() -> Result<()> {
    let (engine, recorder) = recorded(Echo::On);
    let reports = engine.execution_options(&ExecutionOptions::new().logging_token("reports"));
    reports.execute("select 1", ())?;
    assert_eq!(recorder.lines()[0], "INFO aludel::engine [reports] select 1");
    Ok(())
}

#[test]
fn it_is_switched_on_and_off_for_open_connections() -> Result<()> {
    let (engine, recorder) = recorded(Echo::Off);
    let mut conn = engine.connect()?;
    conn.execute("select 1", ())?;
    assert!(recorder.lines().is_empty());
    engine.set_echo(Echo::On);
    conn.execute("select 1", ())?;
    engine.set_echo(Echo::Off);
    conn.rollback()?;
    let lines = recorder.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(
        lines[1], "INFO aludel::engine [cached] ()",
        "nobody looked on when it was compiled"
    );
    Ok(())
}

#[test]
fn a_text_that_was_compiled_before_says_when() -> Result<()> {
    let (engine, recorder) = recorded(Echo::On);
    let mut conn = engine.connect()?;
    conn.execute("select :a", params! { a: 1 })?;
    conn.execute("select :a", params! { a: 2 })?;
    let line = &recorder.lines()[4];
    assert!(line.contains(" [cached since 0") && line.ends_with("s ago] (2,)"), "{line}");
    Ok(())
}

#[test]
fn hidden_parameters_are_in_no_line() -> Result<()> {
    let recorder = Recorder::default();
    let engine = builder().echo(true).hide_parameters(true).echo_to(recorder.clone()).build()?;
    let mut conn = engine.connect()?;
    conn.execute("select :a", params! { a: "sesame" })?;
    let rows = [params! { a: "sesame" }, params! { a: "sesame" }];
    assert!(conn.execute("insert into t values (:a)", &rows).is_err());
    assert!(!recorder.lines().iter().any(|line| line.contains("sesame")));
    Ok(())
}

#[test]
fn hidden_parameters_are_in_no_line_of_any_kind_of_execution() -> Result<()> {
    let recorder = Recorder::default();
    let engine = builder().echo(true).hide_parameters(true).echo_to(recorder.clone());
    let engine = engine.slow_query_threshold(Duration::ZERO).build()?;
    let mut conn = engine.connect()?;
    conn.execute("create table t (id integer primary key, a text unique)", ())?;
    let rows: Vec<_> = (0..5).map(|n| params! { a: format!("sesame {n}") }).collect();
    conn.execute("insert into t (a) values (:a)", &rows)?;
    let again: Vec<_> = (0..5).map(|n| params! { a: format!("sesame, {n}") }).collect();
    let pages = ExecutionOptions::new().insertmanyvalues_page_size(2);
    let returning = "insert into t (a) values (:a) returning id";
    conn.execute_with(returning, &again, &pages)?.all::<OwnedRow>()?;
    assert!(conn.execute_with(returning, &again, &pages).is_err());
    conn.exec_driver_sql("select ?", ("sesame",))?;
    conn.execute(text("select :a"), params! { a: "sesame" })?;
    let error = conn.execute("insert into t (a) values (:a)", params! { a: "sesame 1" });
    let shown = format!("{:?} {0:#} {0}", error.expect_err("it is there"));
    assert!(!shown.contains("sesame"), "{shown}");
    let lines = recorder.lines();
    assert!(lines.iter().filter(|line| line.contains("slow query")).count() >= 6, "{lines:#?}");
    let found = lines.iter().find(|line| line.contains("sesame"));
    assert_eq!(found, None);
    Ok(())
}

#[test]
fn the_first_statement_of_a_checkout_tells_what_that_took() -> Result<()> {
    let (engine, recorder) = recorded(Echo::Debug);
    let mut conn = engine.connect()?;
    conn.execute("select 1", ())?.all::<OwnedRow>()?;
    conn.execute("select 2", ())?.all::<OwnedRow>()?;
    let lines = recorder.lines();
    let ends: Vec<&String> = lines.iter().filter(|line| line.contains(": prepare ")).collect();
    assert!(ends[0].contains("s; pool wait 0.0") && ends[0].contains("s, connect 0.0"), "{ends:?}");
    assert!(ends[1].contains("fetch ") && !ends[1].contains("pool wait"), "{ends:?}");
    Ok(())
}

#[test]
fn the_debug_echo_ends_a_statement_with_its_rows_and_its_time() -> Result<()> {
    let (engine, recorder) = recorded(Echo::Debug);
    let mut conn = engine.connect()?;
    conn.execute("create table t (x integer)", ())?;
    conn.execute("insert into t values (1), (2)", ())?;
    conn.execute("select x from t", ())?.all::<OwnedRow>()?;
    let lines = recorder.lines();
    let ends: Vec<&str> =
        lines.iter().filter_map(|line| line.split_once(": prepare")).map(|e| e.0).collect();
    let begin = |text: &str| format!("DEBUG aludel::engine [{text} in 0.");
    assert!(ends[1].starts_with(&begin("2 rows changed")), "{ends:?}");
    assert!(ends[2].starts_with(&begin("2 rows")), "{ends:?}");
    let of_select: Vec<&String> = lines.iter().skip_while(|l| !l.contains("select x")).collect();
    assert_eq!(of_select[2], "DEBUG aludel::engine Col ('x',)");
    assert_eq!(of_select[3], "DEBUG aludel::engine Row (1,)");
    assert_eq!(of_select[4], "DEBUG aludel::engine Row (2,)");
    assert!(of_select[5].contains("fetch"), "{of_select:?}");
    Ok(())
}

#[test]
fn a_statement_of_a_script_is_told_of() -> Result<()> {
    let (engine, recorder) = recorded(Echo::On);
    let mut conn = engine.connect()?;
    let mut script = conn.script("select 1;\nselect 2");
    while script.next_statement()?.is_some() {}
    let lines = recorder.lines();
    assert_eq!(lines[1..3], ["INFO aludel::engine select 1;", "INFO aludel::engine [raw sql] ()"]);
    assert_eq!(lines[3], "INFO aludel::engine select 2");
    Ok(())
}

/// Fails at everything, after it has written a part.
struct Broken;

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::Other.into())
    }
}

#[test]
fn a_writer_that_fails_fails_no_statement() -> Result<()> {
    let engine = builder().echo(Echo::Debug).echo_to(Broken).build()?;
    let rows = engine.connect()?.execute("values (1), (2)", ())?.all::<OwnedRow>()?;
    assert_eq!(rows.len(), 2);
    Ok(())
}

/// Panics at everything.
struct Panicking;

impl Write for Panicking {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        panic!("the writer panics, as the test demands")
    }

    fn flush(&mut self) -> io::Result<()> {
        panic!("the writer panics, as the test demands")
    }
}

#[test]
fn a_writer_that_panics_fails_no_statement() -> Result<()> {
    let engine = builder().echo(Echo::Debug).echo_pool(EchoPool::Debug).echo_to(Panicking);
    let engine = engine.slow_query_threshold(Duration::ZERO).build()?;
    for _ in 0..2 {
        let mut conn = engine.connect()?;
        let rows = conn.execute("values (1), (2)", ())?.all::<OwnedRow>()?;
        assert_eq!(rows.len(), 2);
        conn.commit()?;
    }
    assert_eq!((engine.checkedout(), engine.pool().checkedin()), (0, 1));
    Ok(())
}

/// Takes its time for each line.
struct Slow;

impl Write for Slow {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        std::thread::sleep(Duration::from_millis(300));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_time_of_a_writer_that_blocks_is_not_that_of_the_statement() -> Result<()> {
    let engine = builder().echo(true).echo_to(Slow).build()?;
    let mut conn = engine.connect()?;
    conn.execution_options(&ExecutionOptions::new().timeout(Duration::from_millis(500)))?;
    let count: i64 = conn.scalar(text("select count(*) from sqlite_schema"), ())?;
    assert_eq!(count, 0);
    conn.commit()
}

/// Takes a byte at a time, so that lines would mix if they could.
#[derive(Clone, Default)]
struct Bytewise(Arc<Mutex<Vec<u8>>>);

impl Write for Bytewise {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(first) = bytes.first() else { return Ok(0) };
        self.0.lock().expect("nobody panics").push(*first);
        Ok(1)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn lines_of_64_threads_do_not_mix() -> Result<()> {
    let written = Bytewise::default();
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite:///{}", directory.path().join("t.db").display());
    let engine = Engine::builder(url.as_str()).dialect(aludel_dialect_sqlite::dialect());
    let engine = engine.echo(true).echo_pool(EchoPool::Debug).echo_to(written.clone()).build()?;
    std::thread::scope(|scope| {
        for number in 0..64_i64 {
            let engine = &engine;
            scope.spawn(move || {
                let mut conn = engine.connect().expect("the database is there");
                let token = ExecutionOptions::new().logging_token(format!("{number}"));
                conn.execution_options(&token).expect("a token");
                conn.execute("select :n", params! { n: number }).expect("it runs");
            });
        }
    });
    let bytes = written.0.lock().expect("nobody panics").clone();
    let text = String::from_utf8(bytes).expect("lines are text");
    let of = |target| text.lines().filter(|line| line[23..].contains(target)).count();
    assert_eq!(of(" INFO aludel::engine ["), 64 * 4);
    assert!(of(" DEBUG aludel::pool ") >= 64 * 3, "each is checked out, returned and reset");
    let whole = text.lines().filter(|line| line.starts_with("20") && line.contains(" aludel::"));
    assert_eq!(whole.count(), of(" aludel::engine ") + of(" aludel::pool "));
    assert_eq!(of(" aludel::engine ") + of(" aludel::pool "), text.lines().count());
    for number in 0..64 {
        let mark = format!("[{number}] ");
        let of_thread: Vec<&str> =
            text.lines().filter_map(|l| Some(l.split_once(&mark)?.1)).collect();
        let tag = &of_thread[2];
        assert_eq!(
            [of_thread[0], of_thread[1], of_thread[3]],
            ["BEGIN (implicit)", "select ?", "ROLLBACK"]
        );
        assert!(
            tag.starts_with('[') && tag.ends_with(&format!("s] ({number},)"))
                || tag.contains("ago"),
            "{tag}"
        );
    }
    Ok(())
}

#[test]
fn a_slow_query_is_told_of_with_who_executed_it() -> Result<()> {
    let recorder = Recorder::default();
    let quick = builder().slow_query_threshold(Duration::from_secs(3600));
    quick.echo_to(recorder.clone()).build()?.execute("select 1", ())?;
    assert!(recorder.lines().is_empty());
    let slow = builder().slow_query_threshold(Duration::ZERO);
    let slow = slow.echo_to(recorder.clone()).build()?;
    slow.connect()?.execute("select :a", params! { a: 7 })?;
    let lines = recorder.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("WARNING aludel::engine slow query: 0."), "{lines:?}");
    assert!(lines[0].contains("echo.rs:") && lines[0].ends_with("\nselect ?\n(7,)"));
    Ok(())
}
