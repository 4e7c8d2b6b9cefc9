//! The lines of SQLAlchemy's echo, as recorded on SQLite, against ours.

#[path = "echo_cases/deviations.rs"]
mod deviations;
#[macro_use]
#[path = "recorded/own_tests.rs"]
mod own_tests;
#[path = "echo_cases/programs.rs"]
mod programs;
#[path = "recorded/cases.rs"]
mod recorded;
#[path = "echo_cases/recorder.rs"]
mod recorder;

use std::path::Path;

use aludel::pool::settings::EchoPool;
use aludel::{Echo, Engine};
use serde_json::Value as Json;

use deviations::{DEVIATIONS, NOT_YET};
use programs::program;
use recorder::Recorder;

const CASES: usize = 43;

fn cases() -> Vec<Json> {
    recorded::cases("echo_cases.json")
}

/// A database as the cases expect it, whose echo is as the case says.
fn engine(case: &Json, recorder: &Recorder, directory: &Path) -> Engine {
    let options = &case["engine"];
    let hides = options["hide_parameters"].as_bool().unwrap_or(false);
    let caches = case["id"] != "echo-067";
    let url = case["url"].as_str().map_or("sqlite://", |url| url);
    let url = url.replace(":///", &format!(":///{}/", directory.display()));
    let engine = Engine::builder(url.as_str())
        .dialect(aludel_dialect_sqlite::dialect())
        .hide_parameters(hides)
        .query_cache_size(if caches { 500 } else { 0 })
        .echo_pool(match &options["echo_pool"] {
            Json::Bool(on) => EchoPool::from(*on),
            Json::String(word) => EchoPool::from_word(word).expect("a word of the echo"),
            _ => EchoPool::Off,
        })
        .echo_to(recorder.clone())
        .build()
        .expect("the URL is good");
    if case["table_users_exists"] == true {
        let table = "create table users (id integer primary key, name text)";
        engine.execute(table, ()).expect("the table is made");
    }
    engine.set_echo(match &options["echo"] {
        Json::Bool(on) => Echo::from(*on),
        Json::String(word) => word.parse().expect("a word of the echo"),
        _ => Echo::Off,
    });
    engine
}

/// The lines of a case without their time, and without what the debug echo has in addition.
fn ours(case: &Json) -> Vec<String> {
    let recorder = Recorder::default();
    let directory = tempfile::tempdir().expect("a directory");
    let engine = engine(case, &recorder, directory.path());
    program(case["id"].as_str().expect("an id"), &engine).expect("the program runs");
    recorder.lines().into_iter().filter(|line| !is_summary(line)).collect()
}

/// True for the line that ends a statement in the debug echo, which SQLAlchemy has not.
fn is_summary(line: &str) -> bool {
    line.contains(": prepare ")
}

/// The lines that were recorded, in our form.
fn recorded(case: &Json) -> Vec<String> {
    let lines = case["lines"].as_array().expect("lines");
    let text = |part: &Json| part.as_str().expect("text").to_owned();
    lines
        .iter()
        .map(|line| format!("{} {} {}", text(&line[0]), target(&line[1]), text(&line[2])))
        .map(|line| line.replace("<CONN>", "{T}"))
        .collect()
}

/// Ours, for a logger of SQLAlchemy.
fn target(logger: &Json) -> &'static str {
    let logger = logger.as_str().expect("a name");
    if logger.starts_with("sqlalchemy.pool.") { "aludel::pool" } else { "aludel::engine" }
}

/// True for a line of the pattern, in which `{T}` stands for a number.
fn fits(line: &str, pattern: &str) -> bool {
    let Some((before, after)) = pattern.split_once("{T}") else { return line == pattern };
    let Some(rest) = line.strip_prefix(before) else { return false };
    let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    number > 0 && fits(&rest[number..], after)
}

fn fit(lines: &[String], patterns: &[String]) -> bool {
    lines.len() == patterns.len() && lines.iter().zip(patterns).all(|(l, p)| fits(l, p))
}

#[test]
fn every_recorded_case_passes_or_deviates_as_listed() {
    let cases = cases();
    assert_eq!(cases.len(), CASES);
    let mut problems = Vec::new();
    let mut run = 0;
    for case in &cases {
        let id = case["id"].as_str().expect("an id");
        if NOT_YET.iter().any(|(not_yet, _)| *not_yet == id) {
            continue;
        }
        run += 1;
        let lines = ours(case);
        let expected = recorded(case);
        let listed = DEVIATIONS.iter().find(|deviation| deviation.id == id);
        match listed {
            None if fit(&lines, &expected) => {}
            None => problems.push(format!("{id}:\n  {lines:#?}\n  not {expected:#?}")),
            Some(_) if fit(&lines, &expected) => problems.push(format!("{id}: stale deviation")),
            Some(deviation) => {
                let gives: Vec<String> = deviation.gives.iter().map(|l| (*l).to_owned()).collect();
                if !fit(&lines, &gives) {
                    problems.push(format!("{id} ({}): {lines:#?}", deviation.reason));
                }
            }
        }
    }
    assert_eq!(run + NOT_YET.len(), CASES);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_listed_case_is_in_the_record() {
    let cases = cases();
    let has = |id: &str| cases.iter().any(|case| case["id"] == id);
    let listed = DEVIATIONS.iter().map(|deviation| deviation.id);
    for id in listed.chain(NOT_YET.iter().map(|(id, _)| *id)) {
        assert!(has(id), "{id}");
    }
    assert!(NOT_YET.iter().all(|(_, reason)| !reason.is_empty()));
}

/// That the case prints what is listed.
fn deviates(id: &str) {
    let cases = cases();
    let case = cases.iter().find(|case| case["id"] == id).expect("it is in the record");
    let deviation = DEVIATIONS.iter().find(|known| known.id == id).expect("it is listed");
    let gives: Vec<String> = deviation.gives.iter().map(|line| (*line).to_owned()).collect();
    let lines = ours(case);
    assert!(fit(&lines, &gives), "{}: {lines:#?}", deviation.reason);
}

deviations! {
    values_are_sql_literals: "echo-005";
    the_drivers_own_text_takes_no_values_by_name: "echo-009";
    with_autocommit_nothing_is_begun_or_committed: "echo-023";
    with_autocommit_nothing_is_rolled_back: "echo-025";
    a_pool_in_memory_that_was_disposed_of_goes_on: "echo-057";
    a_pool_of_files_that_was_disposed_of_goes_on: "echo-059";
    the_echo_is_switched_on_for_open_connections: "echo-065";
}
