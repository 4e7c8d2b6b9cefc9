//! What SQLAlchemy's results give, as recorded on SQLite, against what ours give.

#[path = "result_cases/deviations.rs"]
mod deviations;
#[macro_use]
#[path = "recorded/own_tests.rs"]
mod own_tests;
#[path = "result_cases/steps.rs"]
mod steps;

use aludel::ExecutionOptions;
use aludel::{Connection, Engine, Result, create_engine};
use serde_json::Value as Json;

use deviations::DEVIATIONS;
use steps::Replay;

const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases/result_cases.json");
const CASES: usize = 38;

fn record() -> Json {
    let text = std::fs::read_to_string(RECORD).expect("the record is there");
    serde_json::from_str(&text).expect("the record is JSON")
}

fn list<'a>(json: &'a Json, field: &str) -> &'a [Json] {
    json[field].as_array().unwrap_or_else(|| panic!("`{field}` is a list"))
}

fn string<'a>(json: &'a Json, field: &str) -> &'a str {
    json[field].as_str().unwrap_or_else(|| panic!("`{field}` is a text in {json}"))
}

/// A database as the cases expect it.
fn connect() -> Connection {
    aludel::register(aludel_dialect_sqlite::dialect()).expect("the linked dialect");
    let engine: Engine = create_engine("sqlite://").expect("the URL is good");
    let mut connection = engine.connect().expect("a database in memory");
    for sql in list(&record(), "setup") {
        let sql = sql.as_str().expect("a statement");
        connection.execute(sql, ()).expect("the table is made");
    }
    connection
}

/// What each step of a case gives.
fn run(case: &Json) -> Result<Vec<Json>> {
    let mut connection = connect();
    let mut options = ExecutionOptions::new();
    if let Some(rows) = case["execution_options"]["yield_per"].as_u64() {
        options = options.yield_per(rows as usize);
    }
    if let Some(streams) = case["execution_options"]["stream_results"].as_bool() {
        options = options.stream_results(streams);
    }
    assert!(case["params"].is_null(), "no case has parameters");
    let result = connection.execute_with(string(case, "sql"), (), &options)?;
    let mut replay = Replay::new(result);
    Ok(list(case, "steps").iter().map(|step| replay.step(&step["op"])).collect())
}

/// What the steps of a case gave when it was recorded; of errors the kind.
fn recorded(case: &Json) -> Vec<Json> {
    list(case, "steps").iter().map(kinds).collect()
}

fn kinds(step: &Json) -> Json {
    match (&step["error"], &step["result"]) {
        (Json::String(kind), _) => serde_json::json!({ "error": kind }),
        (_, result) => result.clone(),
    }
}

#[test]
fn every_recorded_case_passes_or_deviates_as_listed() {
    let record = record();
    let cases = list(&record, "cases");
    assert_eq!(cases.len(), CASES);
    let mut problems = Vec::new();
    for case in cases {
        let id = string(case, "id");
        let listed = DEVIATIONS.iter().find(|deviation| deviation.id == id);
        let ours = run(case).unwrap_or_else(|error| panic!("{id}: {error}"));
        let passes = ours == recorded(case);
        match listed {
            None if passes => {}
            None => problems.push(format!("{id}: {ours:?}, not {:?}", recorded(case))),
            Some(_) if passes => problems.push(format!("{id} passes: stale deviation")),
            Some(_) => {}
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_deviation_names_a_recorded_case_once_and_gives_a_reason() {
    let record = record();
    for (index, deviation) in DEVIATIONS.iter().enumerate() {
        let id = deviation.id;
        let known = list(&record, "cases").iter().any(|case| string(case, "id") == id);
        assert!(known, "{id} is in the record");
        assert!(DEVIATIONS[..index].iter().all(|earlier| earlier.id != id), "{id} is there once");
        assert!(!deviation.reason.is_empty(), "{id} has a reason");
    }
}

#[test]
fn the_words_of_no_row_and_of_too_many_are_those_recorded() {
    let record = record();
    let mut checked = 0;
    for case in list(&record, "cases") {
        for (at, step) in list(case, "steps").iter().enumerate() {
            if !matches!(step["error"].as_str(), Some("NoResultFound" | "MultipleResultsFound")) {
                continue;
            }
            let mut replay_of = connect();
            let mut replay = Replay::new(replay_of.execute(string(case, "sql"), ()).unwrap());
            for step in list(case, "steps").iter().take(at + 1) {
                replay.step(&step["op"]);
            }
            let message = replay.message.expect("the last step failed");
            assert!(message.eq_ignore_ascii_case(string(step, "message")), "{message}");
            checked += 1;
        }
    }
    assert_eq!(checked, 3);
}

/// That all steps of the case give what is listed.
fn deviates(id: &str) {
    let record = record();
    let case = list(&record, "cases").iter().find(|case| string(case, "id") == id);
    let deviation = DEVIATIONS.iter().find(|known| known.id == id).expect("it is listed");
    let ours = run(case.expect("it is in the record")).expect("the statement is executed");
    assert_eq!(Json::from(ours).to_string(), deviation.gives, "{}", deviation.reason);
}

deviations! {
    a_null_is_told_apart_from_a_missing_row: "result-025";
    a_place_that_is_not_there_is_a_missing_column: "result-047";
    a_result_out_of_scope_gives_nothing_more: "result-075";
}
