//! `aludel doctor`: what is wrong with the plugins of this program, and what to do about it.

use aludel::Result;
use aludel::plugin::{Diagnosis, Policy, Search, diagnose};
use serde_json::{Map, Value, json};

use super::listing;
use crate::answer::Answer;
use crate::columns::aligned;
use crate::escape::escaped;
use crate::{fault, path};

/// What the environment can say about plugins.
const VARIABLES: [&str; 3] = ["ALUDEL_PLUGIN_PATH", "ALUDEL_PLUGIN_POLICY", "ALUDEL_PLUGIN_TRACE"];

pub(super) fn answer(search: &Search, policy: &Policy) -> Result<Answer> {
    let diagnosis = diagnose(search, policy);
    let has_problems = !diagnosis.problems.is_empty();
    Ok(Answer { has_problems, ..Answer::new(text(&diagnosis), json(&diagnosis)) })
}

/// The value of a variable; what is not UTF-8 in it is U+FFFD.
fn value(variable: &str) -> Option<String> {
    std::env::var_os(variable).map(|value| value.to_string_lossy().into_owned())
}

fn text(diagnosis: &Diagnosis) -> String {
    let (major, minor) = diagnosis.abi;
    let program = diagnosis.program.as_ref().map_or("unknown".to_owned(), |file| path::text(file));
    let can_load = if diagnosis.can_load { "yes" } else { "no: it is linked statically" };
    let mut facts = vec![
        ("aludel", aludel::VERSION.to_owned()),
        ("abi", format!("{major}.{minor}")),
        ("target", diagnosis.target.to_owned()),
        ("program", program),
        ("can load plugins", can_load.to_owned()),
        ("glibc", diagnosis.glibc.unwrap_or("none").to_owned()),
        ("policy", diagnosis.policy.to_string()),
    ];
    facts.extend(VARIABLES.map(|variable| {
        (variable, value(variable).map_or("not set".to_owned(), |set| escaped(&set).into_owned()))
    }));
    let rows: Vec<Vec<String>> =
        facts.into_iter().map(|(name, fact)| vec![name.to_owned(), fact]).collect();
    let mut lines = aligned(&rows);
    lines.extend(["".to_owned(), "places:".to_owned()]);
    for (place, files) in listing::places(&diagnosis.inventory) {
        lines.push(format!("  {place}"));
        for file in files {
            let [version, abi] = listing::version_and_abi(file);
            lines.push(format!("    {} {version} (ABI {abi})", file.name));
            // What is wrong stands below, once for all files that it is wrong with.
            let code = listing::fault_of(file).map(|fault| fault.code().unwrap_or("see below"));
            let broken = code.map(|code| format!("broken: {code}"));
            let remarks = listing::remarks(&diagnosis.inventory, file).into_iter().chain(broken);
            lines.extend(remarks.map(|said| format!("      {said}")));
        }
    }
    lines.push(String::new());
    lines.push(match diagnosis.problems.len() {
        0 => "nothing is wrong".to_owned(),
        1 => "1 problem:".to_owned(),
        count => format!("{count} problems:"),
    });
    lines.extend(diagnosis.problems.iter().map(fault::text));
    lines.join("\n") + "\n"
}

fn json(diagnosis: &Diagnosis) -> Value {
    let mut answer = path::object("program", diagnosis.program.as_deref());
    let variables: Map<String, Value> = VARIABLES
        .map(|variable| (variable.to_owned(), json!(value(variable))))
        .into_iter()
        .collect();
    let problems: Vec<Value> = diagnosis.problems.iter().map(fault::json).collect();
    let members = [
        ("aludel", json!(aludel::VERSION)),
        ("abi", json!([diagnosis.abi.0, diagnosis.abi.1])),
        ("target", json!(diagnosis.target)),
        ("can_load", json!(diagnosis.can_load)),
        ("glibc", json!(diagnosis.glibc)),
        ("policy", json!(diagnosis.policy.to_string())),
        ("environment", variables.into()),
        ("problems", problems.into()),
    ];
    answer.extend(members.map(|(name, value)| (name.to_owned(), value)));
    answer.extend(listing::json(&diagnosis.inventory));
    answer.into()
}
