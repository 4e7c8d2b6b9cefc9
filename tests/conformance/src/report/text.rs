//! The report for people.

use std::fmt::Write as _;

use crate::case::Group;
use crate::outcome::{Outcome, Run, Verdict};

/// A table of groups, then what should be declared, then every case that failed in full.
pub fn text(run: &Run) -> String {
    let mut out = String::new();
    let seed = run.seed.map(|seed| format!(", shuffled with seed {seed}")).unwrap_or_default();
    line(
        &mut out,
        &format!("{} {} at {} ({} quirks{seed})\n", run.dialect, run.version, run.url, run.quirks),
    );
    summary(&mut out, run);
    for outcome in [Outcome::Partial, Outcome::Underclaim, Outcome::Unsupported] {
        noted(&mut out, run, outcome);
    }
    for verdict in run.verdicts.iter().filter(|verdict| verdict.outcome.is_failure()) {
        failed(&mut out, verdict);
    }
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
    if text.ends_with('\n') {
        out.push('\n');
    }
}

fn summary(out: &mut String, run: &Run) {
    let mut header = format!("{:<14}", "group");
    for outcome in Outcome::ALL {
        let _ = write!(header, "{:>13}", outcome.name());
    }
    line(out, &header);
    for group in run.groups().into_iter().map(Some).chain([None]) {
        let counts = Outcome::ALL.map(|outcome| run.count(group, outcome));
        let mut row = format!("{:<14}", group.map_or("all", Group::name));
        for count in counts {
            let _ =
                write!(row, "{:>13}", if count == 0 { "·".to_owned() } else { count.to_string() });
        }
        line(out, &row);
    }
}

fn noted(out: &mut String, run: &Run, outcome: Outcome) {
    let verdicts: Vec<&Verdict> =
        run.verdicts.iter().filter(|verdict| verdict.outcome == outcome).collect();
    if verdicts.is_empty() {
        return;
    }
    line(out, &format!("\n{}:", outcome.name()));
    for verdict in verdicts {
        line(out, &format!("  {}", verdict.case.name()));
        for note in &verdict.notes {
            line(out, &format!("    {note}"));
        }
    }
}

fn failed(out: &mut String, verdict: &Verdict) {
    line(out, &format!("\n{} {}", verdict.outcome.name().to_uppercase(), verdict.case.name()));
    let Some(failure) = &verdict.failure else { return };
    let rule = &verdict.case.rule;
    let parameters = failure.params.join(", ");
    for (label, text) in [
        ("where", failure.what.as_str()),
        ("SQL", &failure.sql),
        ("parameters", &parameters),
        ("expected", &failure.expected),
        ("got", &failure.got),
        ("rule", rule.text),
        ("source", rule.source),
    ] {
        if !text.is_empty() {
            let indented = text.replace('\n', "\n               ");
            line(out, &format!("  {label:<12} {indented}"));
        }
    }
    for (index, entry) in failure.history.iter().enumerate() {
        let label = if index == 0 { "before" } else { "" };
        line(out, &format!("  {label:<12} {entry}"));
    }
    for note in &verdict.notes {
        line(out, &format!("  {:<12} {note}", "note"));
    }
}
