//! What was measured, for programs: every number of every round, in the units of the columns.
//!
//! A number that is none (a ratio of nothing to nothing, a first success that never came) is `null`.

use serde_json::{Value, json};

use crate::contender::Contender;
use crate::measured::{Measured, Verdict};
use crate::plan::{Limit, Over, Plan};
use crate::spread::Spread;

/// The whole of a run.
pub(crate) fn document(
    name: &str,
    quick: bool,
    plan: &Plan,
    contenders: &[Contender],
    cells: &[Measured],
    verdicts: &[Verdict],
) -> Value {
    let pool = |contender: &Contender| {
        let (name, settings) = (contender.name(), contender.settings());
        json!({ "name": name, "settings": settings, "ours": contender.is_ours() })
    };
    let columns = plan.columns.iter();
    json!({
        "bench": name,
        "about": plan.about,
        "quick": quick,
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
        "pools": contenders.iter().map(pool).collect::<Vec<_>>(),
        "columns": columns
            .map(|column| json!({ "name": column.name, "unit": column.unit.name() }))
            .collect::<Vec<_>>(),
        "cells": cells.iter().map(cell).collect::<Vec<_>>(),
        "claims": verdicts.iter().map(claim).collect::<Vec<_>>(),
    })
}

fn cell(measured: &Measured) -> Value {
    let row = |row: &crate::measured::Row| {
        let columns = row.rounds.first().map_or(0, Vec::len);
        let medians: Vec<Option<f64>> =
            (0..columns).map(|at| row.spread(at).map(|spread| spread.median)).collect();
        json!({ "pool": row.pool, "medians": medians, "rounds": row.rounds })
    };
    json!({ "cell": measured.cell, "rows": measured.rows.iter().map(row).collect::<Vec<_>>() })
}

fn claim(verdict: &Verdict) -> Value {
    let claim = verdict.claim;
    let over = match claim.over {
        Over::Nothing => None,
        Over::Named(name) => Some(name),
        Over::BestPeer => Some("best peer"),
    };
    let (at_most, at_least) = match claim.limit {
        Limit::AtMost(limit) => (Some(limit), None),
        Limit::AtLeast(limit) => (None, Some(limit)),
    };
    json!({
        "cell": claim.cell,
        "column": claim.column,
        "of": claim.of,
        "over": over,
        "at_most": at_most,
        "at_least": at_least,
        "found": verdict.found.map(spread),
        "kept": verdict.found.map(|_| verdict.is_kept()),
    })
}

fn spread(spread: Spread) -> Value {
    let Spread { min, lower, median, upper, max } = spread;
    json!({ "min": min, "lower": lower, "median": median, "upper": upper, "max": max })
}
