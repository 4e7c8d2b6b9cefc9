//! The output in the guide to observability, against what its programs print.

#[path = "echo_cases/recorder.rs"]
mod recorder;

use aludel::pool::settings::EchoPool;
use aludel::{Echo, Engine, EngineBuilder, Result, params};

use recorder::Recorder;

const GUIDE: &str = include_str!("../../docs/observability.md");

/// The output of this number in the guide, the time at the beginning of its lines left out.
fn documented(number: usize) -> Vec<String> {
    let block = GUIDE.split("```text\n").nth(number + 1).expect("the guide shows output");
    let lines = block.split("```").next().expect("a block ends").lines();
    lines.map(|line| shape(&line["2026-11-20 15:29:13,782 ".len()..])).collect()
}

/// The line with `#` for each number that has a fraction: those are times.
fn shape(line: &str) -> String {
    let mut shape = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let is_digit = |c: char| c.is_ascii_digit() || c == '.';
        let end = rest[at..].find(|c| !is_digit(c)).map_or(rest.len(), |length| at + length);
        let number = &rest[at..end];
        shape.push_str(&rest[..at]);
        shape.push_str(if number.contains('.') { "#" } else { number });
        rest = &rest[end..];
    }
    shape + rest
}

fn builder(recorder: &Recorder) -> EngineBuilder {
    let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect());
    engine.echo_to(recorder.clone())
}

fn printed(recorder: &Recorder) -> Vec<String> {
    recorder.lines().iter().map(|line| shape(line)).collect()
}

#[test]
fn the_guide_shows_what_the_echo_prints() -> Result<()> {
    let recorder = Recorder::default();
    let engine = builder(&recorder).echo(true).logging_name("shop").build()?;
    engine.begin(|conn| {
        conn.execute("create table item (id integer primary key, name text)", ())?;
        conn.execute("insert into item (name) values (:name)", params! { name: "it's" }).map(drop)
    })?;
    engine.set_echo(Echo::Debug);
    let name: String = engine.connect()?.scalar("select name from item", ())?;
    assert_eq!(name, "it's");
    assert_eq!(printed(&recorder), documented(0));
    Ok(())
}

#[test]
fn the_guide_shows_what_the_echo_of_the_pool_prints() -> Result<()> {
    let recorder = Recorder::default();
    let engine = builder(&recorder).echo_pool(EchoPool::Debug).pool_pre_ping(true).build()?;
    engine.execute("select 1", ())?;
    let mut conn = engine.connect()?;
    conn.execute("select 2", ())?;
    conn.invalidate()?;
    drop(conn);
    engine.execute("select 3", ())?;
    engine.dispose();
    assert_eq!(printed(&recorder), documented(1));
    Ok(())
}
