//! What SQLAlchemy does with URLs, as recorded, against what `Url` does.
//!
//! The kinds `connect_args` and `create_engine` of the record need the dialects that they are about
//! and the engine's parameters; they are counted here, so that none gets lost. Those of PostgreSQL's
//! arguments run beside its dialect, the others with the tests of the engine, which list those of
//! dialects that are not there yet.

#[path = "url_cases/deviations.rs"]
mod deviations;
#[path = "url_cases/run.rs"]
mod run;

use std::collections::BTreeMap;

use serde_json::Value;

use deviations::{DEVIATIONS, Instead};
use run::Outcome;

const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases/url_cases.json");
const KINDS: [(&str, usize); 4] = [("parse", 101), ("create", 17), ("mutate", 16), ("equality", 5)];
const KINDS_OF_OTHER_TESTS: [(&str, usize); 2] = [("connect_args", 22), ("create_engine", 9)];

fn cases() -> Vec<Value> {
    let text = std::fs::read_to_string(RECORD).expect("tests/cases/url_cases.json is there");
    let mut record: Value = serde_json::from_str(&text).expect("the record is JSON");
    match record["cases"].take() {
        Value::Array(cases) => cases,
        other => panic!("`cases` is a list, not {other}"),
    }
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_else(|| panic!("`{field}` is a text in {case}"))
}

fn count(kinds: &[(&'static str, usize)]) -> usize {
    kinds.iter().map(|(_, count)| count).sum()
}

#[test]
fn the_record_has_the_expected_number_of_cases_of_each_kind() {
    let mut counts = BTreeMap::<String, usize>::new();
    for case in cases() {
        *counts.entry(text(&case, "kind").to_owned()).or_default() += 1;
    }
    let expected = KINDS.iter().chain(&KINDS_OF_OTHER_TESTS);
    assert_eq!(counts, expected.map(|(kind, count)| (kind.to_string(), *count)).collect());
}

#[test]
fn every_recorded_case_passes_or_deviates_as_listed() {
    let mut ran = 0;
    let mut problems = Vec::new();
    for case in cases() {
        let kind = text(&case, "kind");
        if KINDS_OF_OTHER_TESTS.iter().any(|(other, _)| *other == kind) {
            continue;
        }
        ran += 1;
        let id = text(&case, "id");
        let listed = DEVIATIONS.iter().find(|deviation| deviation.id == id);
        match (run::case(&case), listed) {
            (Outcome::Passed, None) => {}
            (Outcome::Passed, Some(_)) => problems.push(format!("{id} passes: stale deviation")),
            (Outcome::Failed(why), None) => problems.push(format!("{id} fails: {why}\n  {case}")),
            (Outcome::Untyped, None) => problems.push(format!("{id} cannot be written in Rust")),
            (outcome, Some(deviation)) => {
                if let Err(why) = holds_instead(&case, &outcome, &deviation.instead) {
                    let reason = deviation.reason;
                    problems.push(format!("{id} does not deviate as listed ({reason}): {why}"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_eq!(ran, count(&KINDS));
}

#[test]
fn every_deviation_names_a_recorded_case_once_and_gives_a_reason() {
    let cases = cases();
    for (index, deviation) in DEVIATIONS.iter().enumerate() {
        let id = deviation.id;
        assert!(cases.iter().any(|case| text(case, "id") == id), "{id} is in the record");
        assert!(DEVIATIONS[..index].iter().all(|earlier| earlier.id != id), "{id} is there once");
        assert!(!deviation.reason.is_empty(), "{id} has a reason");
    }
}

fn holds_instead(case: &Value, outcome: &Outcome, instead: &Instead) -> Result<(), String> {
    if matches!(outcome, Outcome::Untyped) || matches!(instead, Instead::Untyped) {
        return match (outcome, instead) {
            (Outcome::Untyped, Instead::Untyped) => Ok(()),
            _ => Err("types make this case impossible, or the list says so wrongly".to_owned()),
        };
    }
    let url = run::url(case).expect("untyped cases were sorted out");
    match (instead, url) {
        (Instead::Refused(message), Err(error)) if error.message() == *message => Ok(()),
        (Instead::Refused(_), Err(error)) => Err(error.to_string()),
        (Instead::Refused(_), Ok(url)) => Err(format!("it gives {url}")),
        (_, Err(error)) => Err(error.to_string()),
        (Instead::Gives(rendered, hosts), Ok(url)) => {
            let found: Vec<String> = url.hosts().iter().map(ToString::to_string).collect();
            run::same("rendered", rendered, &url.render_as_string(false).as_str())?;
            run::same(
                "hosts",
                hosts,
                &found.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
            )?;
            run::round_trip(&url, true)
        }
        (Instead::RoundTrips, Ok(url)) => {
            let mut expected = case.clone();
            expected["roundtrip_equal"] = Value::Bool(true);
            run::compare(&expected, &url)
        }
        (Instead::Untyped, Ok(_)) => unreachable!("sorted out above"),
    }
}
