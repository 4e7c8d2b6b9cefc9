//! Every fault is caught.

use aludel::abi::static_dialect;
use aludel_conformance::{Case, Group, Outcome, Selection, Verdict, cases, report};
use aludel_test_faulty::{Buffering, EVERY_SEVENTH, Fault, Faulty};
use libtest_mimic::{Failed, Trial};

use crate::names::exceptions_are_cases;
use crate::place::run;

/// Cases that the wrapper does not pass without a fault, and why.
const OF_THE_WRAPPER: &[(&str, Outcome)] = &[
    // It keeps rows as owned values, whose text is UTF-8.
    ("types/text_that_is_no_utf8_is_an_error_when_it_is_read_as_text", Outcome::Fail),
    // It reads whole results at once, and says so.
    ("streaming/a_large_result_begins_before_it_is_complete", Outcome::Unsupported),
    // SQLite has neither.
    ("types/arrays_come_back_element_by_element", Outcome::Unsupported),
    ("errors/a_division_by_zero_is_a_data_error", Outcome::Unsupported),
];

/// When a fault shows, with the wrapper's options for it.
const WHEN: [(&str, &str, &str); 3] = [
    ("every_time", "1", "chances"),
    ("every_seventh_time", EVERY_SEVENTH, "chances"),
    ("in_every_seventh_call", EVERY_SEVENTH, "calls"),
];

/// Each fault, every time and every seventh time, and the wrapper without any.
pub(crate) fn tests() -> impl Iterator<Item = Trial> {
    let pairs =
        Fault::ALL.iter().flat_map(|fault| fault.caught_by().iter().map(move |case| (fault, case)));
    let faults = pairs.flat_map(|(fault, case)| {
        WHEN.map(|(when, every, count)| {
            let name = format!("{} {when} is caught by {case}", fault.name());
            Trial::test(name, move || is_caught(*fault, case, every, count))
        })
    });
    let others = [
        Trial::test("every exception is a case", every_exception_is_a_case),
        Trial::test("without a fault nothing is caught", nothing_is_caught),
        Trial::test("every case of these groups has a fault that it is for", each_has_a_fault),
        Trial::test("what cannot connect is not caught", what_cannot_connect_is_not_caught),
        Trial::test("a refusal of what is declared is an overclaim", a_refusal_is_an_overclaim),
        Trial::test("rows that are said to stream and do not are an overclaim", does_not_stream),
    ];
    faults.chain(others)
}

fn every_exception_is_a_case() -> Result<(), Failed> {
    let caught = Fault::ALL.iter().flat_map(|fault| fault.caught_by()).copied();
    let names = OF_THE_WRAPPER.iter().map(|(name, _)| *name);
    exceptions_are_cases(names.chain(caught))
}

/// Groups of what not every database has: their cases are shown to fail, each by a fault.
const EXERCISED: &[Group] = &[
    Group::Isolation,
    Group::ReadOnly,
    Group::Deferrable,
    Group::TwoPhase,
    Group::Deadlines,
    Group::Cancel,
    Group::Returning,
    Group::Results,
    Group::Procedures,
    Group::Bulk,
    Group::Notices,
    Group::Notifications,
    Group::Server,
];

fn each_has_a_fault() -> Result<(), Failed> {
    let is_caught_by = |name: &str| Fault::ALL.iter().any(|f| f.caught_by().contains(&name));
    let without: Vec<String> = cases::all()
        .filter(|case| EXERCISED.contains(&case.group))
        .map(Case::name)
        .filter(|name| !is_caught_by(name))
        .collect();
    match without.is_empty() {
        true => Ok(()),
        false => Err(without.join("\n").into()),
    }
}

/// So seldom that the fault never shows.
const NEVER: &str = "9000000000000000000";

fn is_caught(fault: Fault, case: &str, every: &str, count: &str) -> Result<(), Failed> {
    let selection = Selection::matching(case);
    let run = |every| {
        let options = [("fault", fault.name()), ("every", every), ("count", count)];
        run(static_dialect::<Faulty>(), &options, &selection)
    };
    // The control: with the same options, and without the fault, the case holds.
    let control = run(NEVER)?;
    let holds = |verdict: &Verdict| matches!(verdict.outcome, Outcome::Pass | Outcome::Partial);
    if !matches!(control.verdicts.as_slice(), [verdict] if holds(verdict)) {
        return Err(format!("the control fails\n{}", report::text(&control)).into());
    }
    let run = run(every)?;
    match run.verdicts.as_slice() {
        // A fault that keeps the case from connecting shows nothing of what the case is for.
        [verdict] if verdict.outcome.is_failure() && !is_connecting(verdict) => Ok(()),
        _ => Err(format!("not caught\n{}", report::text(&run)).into()),
    }
}

fn is_connecting(verdict: &Verdict) -> bool {
    verdict.failure.as_ref().is_some_and(|failure| failure.what == "connect")
}

fn what_cannot_connect_is_not_caught() -> Result<(), Failed> {
    let options = [("fault", "a_fault_that_there_is_not")];
    let run = run(static_dialect::<Faulty>(), &options, &Selection::all())?;
    let reaches_nothing = |verdict: &Verdict| {
        let works = matches!(verdict.outcome, Outcome::Pass | Outcome::Partial);
        // What connecting itself does is what these are about.
        let connects = verdict.case.title.starts_with("connecting_");
        works || connects || !verdict.outcome.is_failure() || is_connecting(verdict)
    };
    match run.verdicts.iter().find(|verdict| !reaches_nothing(verdict)) {
        None => Ok(()),
        Some(verdict) => Err(format!("{} did more than connect", verdict.case.name()).into()),
    }
}

fn nothing_is_caught() -> Result<(), Failed> {
    let run = run(static_dialect::<Faulty>(), &[], &Selection::all())?;
    for verdict in &run.verdicts {
        let name = verdict.case.name();
        let exception = OF_THE_WRAPPER.iter().find(|(known, _)| *known == name);
        let holds = match exception {
            Some((_, outcome)) => verdict.outcome == *outcome,
            None => matches!(verdict.outcome, Outcome::Pass | Outcome::Partial),
        };
        if !holds {
            return Err(format!("{name}\n{}", report::text(&run)).into());
        }
    }
    Ok(())
}

fn a_refusal_is_an_overclaim() -> Result<(), Failed> {
    let fault = Fault::SavepointRefused;
    let selection = Selection::matching(fault.caught_by()[0]);
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
