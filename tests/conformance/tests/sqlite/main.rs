//! The SQLite dialect against the conformance kit, linked and loaded: a test for each case.

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
    // The dialect refuses rows of an executemany.
    ("executemany/rows_that_come_back_stand_in_the_order_of_the_parameters", Outcome::Unsupported),
];

fn main() {
    let mut tests = Vec::new();
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
    let expected = EXCEPTIONS.iter().find(|(known, _)| *known == name);
    let expected = expected.map_or(Outcome::Pass, |(_, outcome)| *outcome);
    match run.verdicts.as_slice() {
        [verdict] if verdict.outcome == expected => Ok(()),
        _ => Err(format!("expected {}\n{}", expected.name(), report::text(&run)).into()),
    }
}
