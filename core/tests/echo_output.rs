//! The echo of a program that sets nothing up, seen from outside the program.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use aludel::pool::settings::EchoPool;
use aludel::pool::{Manager, Pool};
use aludel::{Engine, Result};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Present in the program that is looked at: what it does beside.
const CHILD: &str = "ALUDEL_TEST_ECHO_CHILD";

/// The file that the program makes when its statement has succeeded.
const DONE: &str = "ALUDEL_TEST_ECHO_DONE";

/// Takes events of the level INFO and shows them to nobody.
struct Taker(LevelFilter);

impl Subscriber for Taker {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.0
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.0)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// A pool without an engine.
struct Numbers;

impl Manager for Numbers {
    type Connection = u32;

    fn connect(&self, _within: Option<Duration>) -> Result<u32> {
        Ok(7)
    }
}

fn work_of_pool() -> Result<()> {
    let pool = Pool::builder(Numbers).echo_pool(EchoPool::Debug).build()?;
    drop(pool.connect()?);
    pool.dispose();
    Ok(())
}

fn work() -> Result<()> {
    let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect());
    engine.echo(true).build()?.connect()?.execute("select 1", ())?;
    if let Some(done) = std::env::var_os(DONE) {
        std::fs::write(done, "").expect("the directory is there");
    }
    Ok(())
}

/// The program that is looked at.
#[test]
fn child() -> Result<()> {
    let Ok(takes) = std::env::var(CHILD) else { return Ok(()) };
    let level = match takes.as_str() {
        "info" => LevelFilter::INFO,
        "warn" => LevelFilter::WARN,
        "of a pool" => return work_of_pool(),
        "of a pool, info" => {
            let taker = Taker(LevelFilter::INFO);
            tracing::subscriber::set_global_default(taker).expect("there is no other");
            return work_of_pool();
        }
        "alone" => {
            std::io::stdin().read_to_string(&mut String::new()).expect("text");
            return work();
        }
        _ => return work(),
    };
    tracing::subscriber::set_global_default(Taker(level)).expect("there is no other");
    work()
}

/// Runs the program; true when it ended well, and the lines of the echo.
fn run(takes: &str, stdout: Stdio) -> (bool, Vec<String>) {
    let mut command = Command::new(std::env::current_exe().expect("this program has a name"));
    command.args(["--exact", "child"]).env(CHILD, takes).stdout(stdout);
    let output = command.spawn().and_then(|child| child.wait_with_output()).expect("it runs");
    let text = String::from_utf8(output.stdout).expect("lines are text");
    let is_told =
        |line: &&str| line.contains(" aludel::engine ") || line.contains(" aludel::pool ");
    let lines = text.lines().filter(is_told).map(str::to_owned);
    (output.status.success(), lines.collect())
}

#[test]
fn lines_go_to_standard_output_without_any_set_up() {
    let (ended_well, lines) = run("nothing", Stdio::piped());
    assert!(ended_well);
    let texts: Vec<&str> =
        lines.iter().filter_map(|l| Some(l.split_once("::engine ")?.1)).collect();
    assert_eq!(texts.len(), 4, "{lines:?}");
    assert_eq!([texts[0], texts[1], texts[3]], ["BEGIN (implicit)", "select 1", "ROLLBACK"]);
    assert!(texts[2].starts_with("[generated in 0.0") && texts[2].ends_with("s] ()"), "{lines:?}");
}

#[test]
fn lines_of_a_pool_without_an_engine_go_there_too() {
    let (ended_well, lines) = run("of a pool", Stdio::piped());
    assert!(ended_well && lines.len() == 6, "{lines:?}");
    assert!(lines[0].ends_with(" DEBUG aludel::pool Created new connection 1"), "{lines:?}");
    assert!(lines[5].contains(" INFO aludel::pool Pool disposed. Pool size: 5 "), "{lines:?}");
    let (ended_well, lines) = run("of a pool, info", Stdio::piped());
    assert!(ended_well && lines.len() == 5, "the subscriber has the last: {lines:?}");
    assert!(lines.iter().all(|line| line.contains(" DEBUG ")), "{lines:?}");
}

#[test]
fn what_a_subscriber_takes_is_not_printed_as_well() {
    assert_eq!(run("info", Stdio::piped()), (true, vec![]));
}

#[test]
fn a_subscriber_that_takes_only_warnings_leaves_the_lines_to_the_echo() {
    let (ended_well, lines) = run("warn", Stdio::piped());
    assert!(ended_well && lines.len() == 4, "{lines:?}");
}

#[test]
fn a_standard_output_that_nobody_reads_fails_no_statement() {
    let directory = tempfile::tempdir().expect("a directory");
    let done = directory.path().join("done");
    let mut command = Command::new(std::env::current_exe().expect("this program has a name"));
    command.args(["--exact", "child"]).env(CHILD, "alone").env(DONE, &done);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("it runs");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    while !line.starts_with("running") {
        line.clear();
        assert!(stdout.read_line(&mut line).expect("text") > 0, "the test program begins");
    }
    drop(stdout);
    // The child works once this is gone. It may end badly, because it cannot report.
    drop(child.stdin.take());
    child.wait().expect("it ends");
    assert!(done.exists(), "the statement was executed");
}
