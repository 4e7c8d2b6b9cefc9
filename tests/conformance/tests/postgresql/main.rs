//! The PostgreSQL dialect against the kit, linked, loaded, translated, and through PgBouncer: a test a case.

mod exceptions;
#[path = "../every/names.rs"]
mod names;

use aludel::Url;
use aludel::abi::host::DriverDialect;
use aludel_conformance::{Case, Outcome, Runner, Selection, Target, cases, report};
use aludel_test_services::{provided, translated};
use libtest_mimic::{Arguments, Failed, Trial};

use exceptions::{OF_POSTGRESQL, SESSION_BOUND};
use names::exceptions_are_cases;

/// How the cases reach a server.
#[derive(Clone, Copy)]
struct Way {
    /// The beginning of the tests' names.
    name: &'static str,
    /// The server, and the variable with its URL.
    server: &'static str,
    url: &'static str,
    dialect: fn() -> DriverDialect,
    /// Options that are added to the URL.
    options: &'static [(&'static str, &'static str)],
    /// Cases that are left out on this way, each with its reason.
    bound: &'static [(&'static str, &'static str)],
}

const WAYS: &[Way] = &[
    Way {
        name: "static",
        server: "pg",
        url: "ALUDEL_PG_URL",
        dialect: linked,
        options: &[],
        bound: &[],
    },
    Way {
        name: "loaded",
        server: "pg",
        url: "ALUDEL_PG_URL",
        dialect: loaded,
        options: &[],
        bound: &[],
    },
    Way {
        name: "translated",
        server: "pg",
        url: "ALUDEL_PG_TRANSLATED_URL",
        dialect: linked,
        options: &[],
        bound: &[],
    },
    Way {
        name: "pgbouncer",
        server: "pgbouncer",
        url: "ALUDEL_PGBOUNCER_URL",
        dialect: linked,
        options: &[("prepared_statements", "off")],
        bound: SESSION_BOUND,
    },
];

fn main() {
    let mut tests = vec![Trial::test("every exception is a case", every_exception_is_a_case)];
    for way in WAYS {
        let is_bound = |name: &str| way.bound.iter().any(|(bound, _)| *bound == name);
        tests.extend(cases::all().filter(|case| !is_bound(&case.name())).map(|case| {
            Trial::test(format!("{}/{}", way.name, case.name()), move || check(case, way))
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn linked() -> DriverDialect {
    aludel_dialect_postgresql::dialect().into()
}

fn loaded() -> DriverDialect {
    aludel_tests::load::beside_this_test("postgresql")
}

fn check(case: &Case, way: &Way) -> Result<(), Failed> {
    let name = case.name();
    let test = format!("{}/{name}", way.name);
    let Some(vars) = provided(way.server, &test) else { return Ok(()) };
    let url = match way.name {
        "translated" => translated(&vars, &test),
        _ => Some(&vars[way.url]),
    };
    let Some(url) = url else { return Ok(()) };
    let dialect = (way.dialect)();
    let mut target = Target::new(dialect, Url::parse(url)?);
    for (option, value) in way.options {
        target = target.with_option(*option, *value);
    }
    let run = Runner::new(target).run(&Selection::matching(&name));
    let [verdict] = run.verdicts.as_slice() else { return Err("not one case".into()) };
    let is_declared = case.needs.iter().all(|need| dialect.info().has(*need));
    let expected = match OF_POSTGRESQL.iter().find(|(known, ..)| *known == name) {
        Some((_, outcome, _)) => *outcome,
        None if is_declared => Outcome::Pass,
        None => Outcome::Unsupported,
    };
    match verdict.outcome == expected {
        true => Ok(()),
        false => Err(format!("expected {}\n{}", expected.name(), report::text(&run)).into()),
    }
}

fn every_exception_is_a_case() -> Result<(), Failed> {
    let names = OF_POSTGRESQL.iter().map(|(name, ..)| *name);
    exceptions_are_cases(names.chain(SESSION_BOUND.iter().map(|(name, _)| *name)))
}
