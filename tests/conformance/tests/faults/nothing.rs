//! Dialects that do nothing, or declare nothing, pass nothing.

use aludel::abi::{StaticDialect, static_dialect};
use aludel_conformance::{Outcome, Selection, report};
use aludel_test_faulty::{Null, Undeclared};
use libtest_mimic::{Failed, Trial};

use crate::place::run;

/// A dialect, made where it is needed.
type Make = fn() -> StaticDialect;

/// A test for each of them.
pub(crate) fn tests() -> impl Iterator<Item = Trial> {
    let nothing: [(&str, Make); 4] = [
        ("that refuses everything and declares nothing", static_dialect::<Null<false, false>>),
        ("that refuses everything and declares everything", static_dialect::<Null<false, true>>),
        ("that accepts everything and declares nothing", static_dialect::<Null<true, false>>),
        ("that accepts everything and declares everything", static_dialect::<Null<true, true>>),
    ];
    let tests = nothing.map(|(which, dialect)| {
        Trial::test(format!("a dialect {which} passes nothing"), move || passes_nothing(dialect()))
    });
    let undeclared = Trial::test(
        "a dialect that works and declares nothing passes nothing",
        works_and_passes_nothing,
    );
    tests.into_iter().chain([undeclared])
}

fn passes_nothing(dialect: StaticDialect) -> Result<(), Failed> {
    let run = run(dialect, &[], &Selection::all())?;
    let works = |outcome| matches!(outcome, Outcome::Pass | Outcome::Partial | Outcome::Underclaim);
    if run.verdicts.iter().any(|verdict| works(verdict.outcome)) || run.is_success() {
        let names: Vec<String> = run
            .verdicts
            .iter()
            .filter(|verdict| works(verdict.outcome))
            .map(|verdict| verdict.case.name())
            .collect();
        return Err(format!("{}\n{}", names.join("\n"), report::text(&run)).into());
    }
    Ok(())
}

fn works_and_passes_nothing() -> Result<(), Failed> {
    let run = run(static_dialect::<Undeclared>(), &[], &Selection::all())?;
    let passed = run.count(None, Outcome::Pass) + run.count(None, Outcome::Partial);
    match passed == 0 && run.count(None, Outcome::Underclaim) > 50 && !run.is_success() {
        true => Ok(()),
        false => Err(report::text(&run).into()),
    }
}
