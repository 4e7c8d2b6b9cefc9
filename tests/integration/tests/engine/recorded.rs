//! What SQLAlchemy's engines make of URLs and parameters, as recorded, against what ours do.

use std::collections::BTreeMap;

use aludel::{Engine, ErrorKind};
use serde_json::Value;

const RECORD: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../cases/url_cases.json"));

/// Where the outcome is another: why, and what it is.
const DEVIATIONS: &[(&str, &str, &str)] = &[
    ("url-279", ONE_FOR_ALL, "database=:memory: in QueuePool"),
    ("url-281", ONE_FOR_ALL, "database=:memory: in QueuePool"),
    ("url-283", NO_THREADS, "database=/abs/x.db in QueuePool"),
    ("url-287", NO_THREADS, "database=file::memory:?cache=shared timeout=3 uri=true in QueuePool"),
    ("url-333", ONE_FOR_ALL, "Engine(sqlite://) of sqlite by rusqlite in QueuePool"),
    (
        "url-335",
        "the driver is the one that is used, whatever SQLAlchemy would use",
        "Engine(sqlite://) of sqlite by rusqlite in QueuePool",
    ),
    (
        "url-337",
        "what has no meaning is refused at once, where SQLAlchemy fails at the first connect",
        "ArgumentError: `label_length` has no meaning in a configuration",
    ),
];

const ONE_FOR_ALL: &str = "a database in memory is one for all connections of the engine, so that it \
                           has a pool as any other; and check_same_thread is not added";
const NO_THREADS: &str = "check_same_thread is not added: the compiler sees to it";

/// Cases of databases whose dialects are not there yet: MySQL's, and ODBC.
const NOT_YET: &[&str] =
    &["url-307", "url-309", "url-311", "url-313", "url-315", "url-317", "url-319", "url-321"];

fn cases(kind: &str) -> Vec<Value> {
    let record: Value = serde_json::from_str(RECORD).expect("the record is JSON");
    let cases = record["cases"].as_array().expect("`cases` is a list").iter();
    cases.filter(|case| case["kind"] == kind).cloned().collect()
}

fn id(case: &Value) -> &str {
    case["id"].as_str().expect("a case has an id")
}

fn input(case: &Value) -> &str {
    case["input"].as_str().expect("a case has a URL")
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The kind of ours for the name of SQLAlchemy's exception.
fn kind(error: &str) -> ErrorKind {
    match error {
        "NoSuchModuleError" => ErrorKind::Plugin,
        "TypeError" | "ArgumentError" => ErrorKind::Argument,
        other => panic!("{other} is not known here"),
    }
}

fn build(case: &Value) -> aludel::Result<Engine> {
    let none = serde_json::Map::new();
    let args = case["args"].as_object().unwrap_or(&none).iter();
    let config = args
        .map(|(name, value)| (name.clone(), text(value)))
        .chain([("url".to_owned(), input(case).to_owned())]);
    aludel::engine_from_config(config, "")
}

/// What the driver gets and the pool, in one line.
fn plan(arguments: &BTreeMap<String, String>, pool: &str) -> String {
    let arguments: Vec<String> =
        arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} in {pool}", arguments.join(" "))
}

/// Our outcome and the recorded one, in the same words.
fn outcomes(case: &Value) -> (String, String) {
    let recorded = match case["ok"] == true {
        false => kind(case["error"].as_str().expect("an error has a name")).to_string(),
        true if case["kind"] == "create_engine" => format!(
            "{} of {} by {} in {}",
            text(&case["repr"]),
            text(&case["dialect"]),
            text(&case["driver"]),
            text(&case["pool_class"])
        ),
        true => {
            let kwargs = case["kwargs"].as_object().expect("keyword arguments").iter();
            let mut arguments: BTreeMap<String, String> =
                kwargs.map(|(name, value)| (name.clone(), text(value))).collect();
            // SQLAlchemy was recorded in the root of the file system.
            let here = std::env::current_dir().expect("a working directory");
            let database =
                text(&case["args"][0]).replace("/x.db", &format!("{}/x.db", here.display()));
            arguments.insert(
                "database".into(),
                match id(case) {
                    "url-283" => text(&case["args"][0]),
                    _ => database,
                },
            );
            plan(&arguments, &text(&case["pool_class"]))
        }
    };
    let found = match build(case) {
        Err(error) if case["ok"] == false => error.kind().to_string(),
        Err(error) => format!("{}: {}", error.kind(), error.message()),
        Ok(engine) if case["kind"] == "create_engine" => {
            let class = engine.pool_config().class;
            format!("{engine:?} of {} by {} in {class}", engine.name(), engine.driver())
        }
        Ok(engine) => {
            let arguments = engine.connect_plan().arguments.iter().cloned().collect();
            plan(&arguments, &engine.pool_config().class.to_string())
        }
    };
    (found, recorded)
}

fn assert_as_listed(case: &Value) {
    let (found, recorded) = outcomes(case);
    match DEVIATIONS.iter().find(|(listed, ..)| *listed == id(case)) {
        None => assert_eq!(found, recorded, "{case}"),
        Some((_, _, instead)) => {
            assert_ne!(found, recorded, "{} passes: stale deviation", id(case));
            assert_eq!(found, *instead, "{case}");
        }
    }
}

#[test]
fn every_recorded_engine_is_made_or_refused_as_recorded_or_deviates_as_listed() {
    crate::memory(); // registers the dialect
    let cases = cases("create_engine");
    assert_eq!(cases.len(), 9);
    cases.iter().for_each(assert_as_listed);
}

#[test]
fn sqlite_gets_what_was_recorded_or_deviates_as_listed() {
    crate::memory(); // registers the dialect
    let cases = cases("connect_args");
    let (sqlite, others): (Vec<&Value>, Vec<&Value>) =
        cases.iter().partition(|case| input(case).starts_with("sqlite"));
    assert_eq!(sqlite.len(), 6);
    sqlite.into_iter().for_each(assert_as_listed);
    // Those of PostgreSQL run beside its dialect.
    let rest: Vec<&str> =
        others.into_iter().filter(|case| !input(case).starts_with("postgresql")).map(id).collect();
    assert_eq!(rest, NOT_YET);
}

#[test]
fn every_deviation_is_recorded_and_has_a_reason() {
    for (listed, reason, _) in DEVIATIONS {
        let mut all = cases("create_engine").into_iter().chain(cases("connect_args"));
        assert!(all.any(|case| id(&case) == *listed) && !reason.is_empty(), "{listed}");
    }
}

#[test]
fn a_parameter_that_the_pool_does_not_have_is_named_with_the_pool() {
    crate::memory(); // registers the dialect
    for (parameters, message) in [
        (
            &[("pool_size", "3"), ("poolclass", "NullPool")][..],
            "NullPool has no setting `pool_size`",
        ),
        (
            &[("max_overflow", "5"), ("poolclass", "SingletonThreadPool")],
            "SingletonThreadPool has no setting `max_overflow`",
        ),
    ] {
        let config = parameters.iter().copied().chain([("url", "sqlite://")]);
        let error = aludel::engine_from_config(config, "").unwrap_err();
        assert_eq!(error.message(), message);
    }
}
