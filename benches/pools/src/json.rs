//! What was measured, for programs: every number of every round, in the units of the columns.
//!
//! A number that is none (a ratio of nothing to nothing, a first success that never came) is `null`.

use serde_json::{Value, json};

use crate::contender::Contender;
use crate::measured::{Measured, Ratios, Row, Verdict};
use crate::plan::{Limit, Over, Plan};
use crate::spread::Spread;

/// All that a run brought.
pub(crate) struct Run<'a> {
    pub(crate) bench: &'static str,
    pub(crate) quick: bool,
    pub(crate) plan: &'a Plan,
    pub(crate) contenders: &'a [Contender],
    pub(crate) cells: &'a [Measured],
    /// Of the pool called `of` to the others.
    pub(crate) of: &'a str,
    pub(crate) ratios: &'a [Ratios<'a>],
    pub(crate) verdicts: &'a [Verdict],
}

impl Run<'_> {
    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        let columns = self.plan.columns.iter();
        let columns = columns.map(|one| json!({ "name": one.name, "unit": one.unit.name() }));
        let document = json!({
            "bench": self.bench,
            "about": self.plan.about,
            "quick": self.quick,
            "processors": std::thread::available_parallelism().map_or(0, usize::from),
            "pools": self.contenders.iter().map(pool).collect::<Vec<_>>(),
            "columns": columns.collect::<Vec<_>>(),
            "cells": self.cells.iter().map(cell).collect::<Vec<_>>(),
            "ratios": self.ratios.iter().flat_map(|one| ratios(self.of, one)).collect::<Vec<_>>(),
            "claims": self.verdicts.iter().map(claim).collect::<Vec<_>>(),
        });
        format!("{document:#}\n")
    }
}

fn pool(contender: &Contender) -> Value {
    let (name, settings) = (contender.name(), contender.settings());
    json!({ "name": name, "settings": settings, "ours": contender.is_ours() })
}

fn ratios(of: &str, ratios: &Ratios<'_>) -> Vec<Value> {
    let Ratios { cell, over, columns } = ratios;
    let one = |(column, found): &(&str, Option<Spread>)| json!({ "cell": cell, "column": column, "of": of, "over": over, "found": found.map(spread) });
    columns.iter().map(one).collect()
}

fn cell(measured: &Measured) -> Value {
    let row = |row: &Row| {
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
