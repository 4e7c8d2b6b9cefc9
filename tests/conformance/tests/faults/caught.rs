//! Every fault is caught.

use aludel::abi::static_dialect;
use aludel_conformance::{Outcome, Selection, report};
use aludel_test_faulty::{Buffering, EVERY_SEVENTH, Fault, Faulty};
use libtest_mimic::{Failed, Trial};

use crate::place::run;

/// Cases that the wrapper does not pass without a fault although SQLite does, and why.
const OF_THE_WRAPPER: &[(&str, Outcome)] = &[
    // It keeps rows as owned values, whose text is UTF-8.
    ("types/text_that_is_no_utf8_is_an_error_when_it_is_read_as_text", Outcome::Fail),
    // It reads whole results at once, and says so.
    ("streaming/a_large_result_begins_before_it_is_complete", Outcome::Unsupported),
];

/// When a fault shows, with the wrapper's options for it.
const WHEN: [(&str, &str, &str); 3] = [
    ("every_time", "1", "chances"),
    ("every_seventh_time", EVERY_SEVENTH, "chances"),
    ("in_every_seventh_call", EVERY_SEVENTH, "calls"),
];

/// Each fault, every time and every seventh time, and the wrapper without any.
pub(crate) fn tests() -> impl Iterator<Item = Trial> {
    let faults = Fault::ALL.iter().flat_map(|fault| {
        WHEN.map(|(when, every, count)| {
            let name = format!("{} {when} is caught by {}", fault.name(), fault.caught_by());
            Trial::test(name, move || is_caught(*fault, every, count))
        })
    });
    let others = [
        Trial::test("without a fault nothing is caught", nothing_is_caught),
        Trial::test("a refusal of what is declared is an overclaim", a_refusal_is_an_overclaim),
        Trial::test("rows that are said to stream and do not are an overclaim", does_not_stream),
    ];
    faults.chain(others)
}

fn is_caught(fault: Fault, every: &str, count: &str) -> Result<(), Failed> {
    let selection = Selection::matching(fault.caught_by());
    let options = [("fault", fault.name()), ("every", every), ("count", count)];
    let run = run(static_dialect::<Faulty>(), &options, &selection)?;
    match run.verdicts.as_slice() {
        [verdict] if verdict.outcome.is_failure() => Ok(()),
        _ => Err(format!("not caught\n{}", report::text(&run)).into()),
    }
}

fn nothing_is_caught() -> Result<(), Failed> {
    let run = run(static_dialect::<Faulty>(), &[], &Selection::all())?;
    for verdict in &run.verdicts {
        let name = verdict.case.name();
        let exception = OF_THE_WRAPPER.iter().find(|(known, _)| *known == name);
        let holds = match exception {
            Some((_, outcome)) => verdict.outcome == *outcome,
            None => !verdict.outcome.is_failure(),
        };
        if !holds {
            return Err(format!("{name}\n{}", report::text(&run)).into());
        }
    }
    Ok(())
}

fn a_refusal_is_an_overclaim() -> Result<(), Failed> {
    let fault = Fault::SavepointRefused;
    let selection = Selection::matching(fault.caught_by());
    let run = run(static_dialect::<Faulty>(), &[("fault", fault.name())], &selection)?;
    match run.verdicts.as_slice() {
        [verdict] if verdict.outcome == Outcome::Overclaim => Ok(()),
        _ => Err(report::text(&run).into()),
    }
}

fn does_not_stream() -> Result<(), Failed> {
    let case = Selection::matching("streaming/a_large_result_begins_before_it_is_complete");
    let run = run(static_dialect::<Buffering>(), &[], &case)?;
    match run.verdicts.as_slice() {
        [verdict] if verdict.outcome == Outcome::Overclaim => Ok(()),
        _ => Err(report::text(&run).into()),
    }
}
