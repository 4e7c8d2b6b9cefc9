//! What SQLAlchemy hands to its PostgreSQL drivers, as recorded, against the plan of this dialect.

use std::collections::BTreeMap;

use aludel::ErrorKind;
use serde_json::Value;

use super::{config, endpoints, surroundings, with_args};
use crate::config::plan::plan_in;

const RECORD: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases/url_cases.json"));

/// Where the plan is another, and why. Each has a test below.
const DEVIATIONS: &[(&str, &str)] = &[(
    "url-303",
    "asyncpg wants a port for each of several hosts; this driver knows the default one",
)];

fn cases() -> Vec<Value> {
    let record: Value = serde_json::from_str(RECORD).unwrap();
    let cases = record["cases"].as_array().unwrap().iter();
    let is_ours = |case: &&Value| {
        let input = case["input"].as_str().unwrap_or_default();
        case["kind"] == "connect_args" && input.starts_with("postgresql")
    };
    cases.filter(is_ours).cloned().collect()
}

/// The plan as the record writes it. Passwords are no part of a plan.
fn compare(case: &Value) -> Result<(), String> {
    let url = case["input"].as_str().unwrap();
    let plan = with_args(url, false, |args| plan_in(args, &surroundings(&[])));
    let plan = match (plan, case["ok"] == true) {
        (Err(error), false) if error.kind() == ErrorKind::Argument => return Ok(()),
        (Err(error), _) => return Err(error.to_string()),
        (Ok(plan), false) => return Err(format!("it is accepted: {plan:?}")),
        (Ok(plan), true) => plan,
    };
    let found: BTreeMap<&str, &str> =
        plan.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kwargs = case["kwargs"].as_object().unwrap().iter();
    let expected: BTreeMap<&str, &str> = kwargs
        .filter(|(name, _)| *name != "password")
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let pool = case["pool_class"].as_str();
    match found == expected && plan.pool.as_deref() == pool {
        true => Ok(()),
        false => Err(format!("expected {expected:?}, found {found:?} with {:?}", plan.pool)),
    }
}

#[test]
fn every_recorded_case_passes_or_deviates_as_listed() {
    let cases = cases();
    assert_eq!(cases.len(), 8);
    for case in &cases {
        let id = case["id"].as_str().unwrap();
        let deviates = DEVIATIONS.iter().any(|(listed, _)| *listed == id);
        match compare(case) {
            Ok(()) => assert!(!deviates, "{id} passes: stale deviation"),
            Err(why) => assert!(deviates, "{id}: {why}"),
        }
    }
    for (id, reason) in DEVIATIONS {
        assert!(cases.iter().any(|case| case["id"] == *id) && !reason.is_empty(), "{id}");
    }
}

#[test]
fn several_hosts_need_no_ports_whatever_driver_is_named() {
    let config = config("postgresql+asyncpg://u:p@/d?host=A&host=B");
    assert_eq!(endpoints(&config), ["A:5432", "B:5432"]);
}

#[test]
fn a_plan_holds_no_secrets() {
    let url = "postgresql://u:hunter2@h/d?password=hunter3";
    let plan = with_args(url, false, |args| plan_in(args, &surroundings(&[]))).unwrap();
    assert!(!format!("{plan:?}").contains("hunter"), "{plan:?}");
}
