//! What was measured, for people: settings, a table for each cell, ratios, claims.

use crate::contender::Contender;
use crate::measured::{Measured, Ratios, Verdict};
use crate::plan::{Column, Limit, Over, Plan};
use crate::spread::Spread;

/// Prints the title, and what each contender was told.
pub(crate) fn opening(name: &str, plan: &Plan, contenders: &[Contender], rounds: usize) {
    println!("\n{name}: {}\n", plan.about);
    println!("  {:<22} settings", "pool");
    for contender in contenders {
        println!("  {:<22} {}", contender.name(), contender.settings());
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("\nmedians of {rounds} rounds, {cores} processors");
}

/// Prints the medians of one cell.
pub(crate) fn table(measured: &Measured, columns: &[Column]) {
    println!("\n{}", measured.cell);
    let mut lines = vec![vec!["pool".to_owned()]];
    lines[0].extend(columns.iter().map(|column| column.name.to_owned()));
    for row in &measured.rows {
        let mut line = vec![row.pool.clone()];
        line.extend(columns.iter().enumerate().map(|(at, column)| {
            column.unit.show(row.spread(at).map_or(f64::NAN, |spread| spread.median))
        }));
        lines.push(line);
    }
    aligned(&lines);
}

/// Prints how the pool called `of` stands to every other one, in the columns that are compared.
pub(crate) fn ratios(of: &str, all: &[Ratios<'_>]) {
    let Some(first) = all.first() else { return };
    println!("\nratios, median (quartiles) of paired rounds");
    let mut lines = vec![vec!["cell".to_owned(), format!("{of} ÷")]];
    lines[0].extend(first.columns.iter().map(|(name, _)| (*name).to_owned()));
    for ratios in all {
        let mut line = vec![ratios.cell.to_owned(), ratios.over.to_owned()];
        let show =
            |ratio: Option<Spread>| ratio.map_or("–".to_owned(), |ratio| ratio.to_string());
        line.extend(ratios.columns.iter().map(|(_, ratio)| show(*ratio)));
        lines.push(line);
    }
    aligned(&lines);
}

/// Prints each claim with what was found.
pub(crate) fn claims(verdicts: &[Verdict], columns: &[Column], quick: bool) {
    if verdicts.is_empty() {
        return;
    }
    println!("\nclaims{}", if quick { " (too quick to count)" } else { "" });
    for verdict in verdicts {
        let claim = verdict.claim;
        let what = format!("{}, {}: {}", claim.cell, claim.column, said(verdict));
        let (word, limit) = match claim.limit {
            Limit::AtMost(limit) => ("at most", limit),
            Limit::AtLeast(limit) => ("at least", limit),
        };
        let unit = columns.iter().find(|column| column.name == claim.column);
        let show = |number: f64| match (claim.over, unit) {
            (Over::Nothing, Some(column)) => column.unit.show(number),
            _ => format!("{number:.3}"),
        };
        let found = verdict.found.map_or_else(
            || "not measured".to_owned(),
            |found| {
                let quartiles = (show(found.lower), show(found.upper));
                format!("{} ({}–{})", show(found.median), quartiles.0, quartiles.1)
            },
        );
        let broken = if verdict.is_kept() { "" } else { "   BROKEN" };
        println!("  {what} {found}, {word} {}{broken}", show(limit));
    }
}

fn said(verdict: &Verdict) -> String {
    let of = verdict.claim.of;
    match verdict.claim.over {
        Over::Nothing => of.to_owned(),
        Over::Named(name) => format!("{of} ÷ {name}"),
        Over::BestPeer => format!("{of} ÷ the best peer"),
    }
}

/// The first column to the left, as names are; the others to the right.
fn aligned(lines: &[Vec<String>]) {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width =
        |at: usize| lines.iter().filter_map(|line| line.get(at)).map(|word| letters(word)).max();
    let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or_default()).collect();
    for line in lines {
        let mut text = String::new();
        for (at, (word, width)) in line.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - letters(word));
            let words = if at == 0 { [word, &gap] } else { [&gap, word] };
            text.push_str("  ");
            words.iter().for_each(|part| text.push_str(part));
        }
        println!("{text}");
    }
}

fn letters(word: &str) -> usize {
    word.chars().count()
}
