//! The report for programs.

use serde_json::{Value, json as object};

use super::features::features;
use crate::outcome::{Outcome, Run, Verdict};

/// The run as JSON, indented. Keys are only ever added.
pub fn json(run: &Run) -> String {
    let counts: serde_json::Map<String, Value> = Outcome::ALL
        .into_iter()
        .map(|outcome| (outcome.name().to_owned(), run.count(None, outcome).into()))
        .collect();
    let features: Vec<Value> = features(run)
        .into_iter()
        .map(|feature| {
            object!({
                "capability": feature.capability,
                "declared": feature.is_declared,
                "outcome": feature.outcome.map(Outcome::name),
                "cases": feature.cases,
            })
        })
        .collect();
    let document = object!({
        "dialect": run.dialect,
        "version": run.version,
        "url": run.url,
        "quirks": run.quirks,
        "seed": run.seed,
        "success": run.is_success(),
        "counts": counts,
        "cases": run.verdicts.iter().map(case).collect::<Vec<_>>(),
        "features": features,
    });
    format!("{document:#}\n")
}

fn case(verdict: &Verdict) -> Value {
    let failure = verdict.failure.as_ref().map(|failure| {
        object!({
            "where": failure.what,
            "sql": failure.sql,
            "parameters": failure.params,
            "expected": failure.expected,
            "got": failure.got,
            "history": failure.history,
        })
    });
    object!({
        "name": verdict.case.name(),
        "group": verdict.case.group.name(),
        "needs": verdict.case.needs.iter().map(|need| need.name()).collect::<Vec<_>>(),
        "outcome": verdict.outcome.name(),
        "rule": verdict.case.rule.text,
        "source": verdict.case.rule.source,
        "notes": verdict.notes,
        "expansions": verdict.expansions,
        "milliseconds": verdict.elapsed.as_secs_f64() * 1000.0,
        "failure": failure,
    })
}
