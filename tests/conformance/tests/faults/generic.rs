//! A dialect that the kit knows nothing of is tested by what it declares.

use aludel::abi::static_dialect;
use aludel_conformance::{Outcome, Runner, Selection, Target, report};
use aludel_test_faulty::{Fault, Faulty};
use libtest_mimic::{Failed, Trial};

use crate::place::target;

/// What SQLite cannot represent, which nothing that it declares tells.
const UNTOLD: &[&str] =
    &["types/decimals_come_back_with_every_digit", "types/floats_come_back_bit_by_bit"];

/// Tests with the generic quirks.
pub(crate) fn tests() -> impl Iterator<Item = Trial> {
    let passes = Trial::test("a dialect without quirks is tested by what it declares", passes);
    let fails = Trial::test("a fault is caught without quirks as well", fails);
    [passes, fails].into_iter()
}

fn passes() -> Result<(), Failed> {
    let directory = tempfile::tempdir()?;
    let target = target(static_dialect::<Faulty>(), &directory)?;
    let options = [("foreign_keys", "true"), ("journal_mode", "wal"), ("synchronous", "off")];
    let add = |target: Target, (name, value): (&str, &str)| target.with_option(name, value);
    let target = options.into_iter().fold(target, add);
    let run = Runner::new(target).run(&Selection::all());
    let failed: Vec<String> = run
        .verdicts
        .iter()
        .filter(|verdict| verdict.outcome.is_failure())
        .map(|verdict| verdict.case.name())
        .collect();
    let tested = run.verdicts.len() - run.count(None, Outcome::Unsupported);
    match failed == UNTOLD && run.quirks == "generic" && tested > 80 {
        true => Ok(()),
        false => Err(report::text(&run).into()),
    }
}

fn fails() -> Result<(), Failed> {
    let fault = Fault::CommitRollsBack;
    let directory = tempfile::tempdir()?;
    let target = target(static_dialect::<Faulty>(), &directory)?;
    let target = target.with_option("fault", fault.name()).with_option("journal_mode", "wal");
    let run = Runner::new(target).run(&Selection::matching(fault.caught_by()[0]));
    match run.count(None, Outcome::Fail) {
        1 => Ok(()),
        _ => Err(report::text(&run).into()),
    }
}
