//! The SQLite dialect against the conformance kit, linked and loaded: a test for each case.

#[path = "../every/names.rs"]
mod names;

use aludel::Url;
use aludel::abi::host::{DriverDialect, Limits};
use aludel_conformance::{Outcome, Runner, Selection, Target, cases, report};
use libtest_mimic::{Arguments, Failed, Trial};

/// Cases that SQLite does not pass as a whole, and why.
const EXCEPTIONS: &[(&str, Outcome)] = &[
    // Integers have 64 bits; larger ones are refused.
    ("types/integers_come_back_exactly_up_to_their_limits", Outcome::Partial),
    // NaN is stored as NULL, and a column of floats has one zero.
    ("types/floats_come_back_bit_by_bit", Outcome::Partial),
    // NUMERIC is an affinity: decimals become floats.
    ("types/decimals_come_back_with_every_digit", Outcome::Partial),
    // There are no arrays, and a division by zero is NULL.
    ("types/arrays_come_back_element_by_element", Outcome::Unsupported),
    ("errors/a_division_by_zero_is_a_data_error", Outcome::Unsupported),
    // Each level reads a snapshot, and no database is behind a network.
    ("isolation/each_statement_sees_what_was_committed_before_it", Outcome::Unsupported),
    ("deadlines/connecting_ends_at_its_deadline", Outcome::Unsupported),
    // The dialect refuses rows of an executemany.
    ("returning/rows_that_come_back_stand_in_the_order_of_the_parameters", Outcome::Unsupported),
    (
        "returning/a_refused_executemany_that_returns_rows_leaves_nothing_behind",
        Outcome::Unsupported,
    ),
];

fn main() {
    let mut tests = vec![Trial::test("every exception is a case", every_exception_is_a_case)];
    for (mode, dialect) in [("static", linked as fn() -> DriverDialect), ("loaded", loaded)] {
        tests.extend(cases::all().map(|case| {
            let name = case.name();
            Trial::test(format!("{mode}/{name}"), move || {
                note(&format!("sqlite-{mode}"), &name, dialect())?;
                check(&name, dialect())
            })
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn linked() -> DriverDialect {
    aludel_dialect_sqlite::dialect().into()
}

fn loaded() -> DriverDialect {
    aludel_tests::load::beside_this_test("sqlite")
}

fn every_exception_is_a_case() -> Result<(), Failed> {
    names::exceptions_are_cases(EXCEPTIONS.iter().map(|(name, _)| *name))
}

/// Notes that a case ran against this SQLite.
fn note(server: &str, name: &str, dialect: DriverDialect) -> Result<(), Failed> {
    let target = Target::new(dialect, Url::parse("sqlite://")?);
    let info = target.connect(Limits::NONE)?.server_info(Limits::NONE)?;
    aludel_test_services::ran(server, Some(&info.version), name);
    Ok(())
}

fn check(name: &str, dialect: DriverDialect) -> Result<(), Failed> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("kit.db");
    let url = Url::parse(&format!("sqlite:///{}", file.display()))?;
    let run = Runner::new(Target::new(dialect, url)).run(&Selection::matching(name));
    let [verdict] = run.verdicts.as_slice() else { return Err("not one case".into()) };
    let is_declared = verdict.case.needs.iter().all(|need| dialect.info().has(*need));
    let exception = EXCEPTIONS.iter().find(|(known, _)| *known == name);
    let expected = match exception {
        Some((_, outcome)) => *outcome,
        None if is_declared => Outcome::Pass,
        None => Outcome::Unsupported,
    };
    match verdict.outcome == expected {
        true => Ok(()),
        false => Err(format!("expected {}\n{}", expected.name(), report::text(&run)).into()),
    }
}
