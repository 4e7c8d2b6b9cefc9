//! `cargo xtask test`: everything that must hold before a change lands.

use crate::probe::{self, Tool};
use crate::services;
use crate::steps::{Outcome, Steps};
use crate::tested::Tested;
use crate::{deny, fuzz, tidy};
use aludel_test_services::report::Why;
use aludel_test_services::{Kind, Profile};

/// Runs every step; one that fails does not hide what the later ones have to say.
pub(crate) fn run(steps: &mut Steps) {
    required(steps, "fmt", &probe::RUSTFMT, &["cargo", "fmt", "--all", "--check"]);
    let fuzz = ["cargo", "fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"];
    required(steps, "fmt of fuzz", &probe::RUSTFMT, &fuzz);
    tidy::run(steps);

    let compiles = steps.check("C compiler", |_| match probe::C_COMPILER.installed() {
        true => Outcome::Passed,
        false => Outcome::Failed(probe::C_COMPILER.missing.into()),
    });
    let mut tested = Tested::begin(steps.root());
    let mut untested = Why::Missing("no test ran".into());
    if compiles {
        lint(steps);
        // Plugins are looked for as files, so they have to lie there before the first test runs.
        if steps.run("build", &["cargo", "build", "--workspace"]) {
            if !test_against_servers(steps, &mut tested) {
                untested = Why::Failed("the servers were not started".into());
            }
        } else {
            untested = Why::Missing("the build failed".into());
            steps.skip("examples, tests, doc tests, benches", "the build failed");
        }
        document(steps);
    } else {
        untested = Why::Missing("tests need a C compiler".into());
        steps.skip("clippy, build, tests, doc", "they need a C compiler");
    }
    deny::check_offline(steps);
    steps.close_with(tested.table(&untested));
}

fn lint(steps: &mut Steps) {
    let everything = ["cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    required(steps, "clippy", &probe::CLIPPY, &everything);
    let interface =
        ["cargo", "clippy", "-p", "aludel", "--no-default-features", "--", "-D", "warnings"];
    required(steps, "clippy of the interface", &probe::CLIPPY, &interface);
    let features =
        ["cargo", "clippy", "-p", "aludel-cli", "--all-features", "--", "-D", "warnings"];
    required(steps, "clippy of the features", &probe::CLIPPY, &features);
    if probe::CLIPPY.installed() {
        fuzz::lint(steps);
    }
}

/// The tests run beside every server that can be had, and stop none but their own. Whether servers
/// could be started at all.
fn test_against_servers(steps: &mut Steps, tested: &mut Tested) -> bool {
    let mut started = None;
    steps.check("services", |_| {
        match services::start(&Kind::ALL, Profile::Fast, |report| tested.note(report)) {
            Ok(services) => {
                let failures = services.failures();
                started = Some(services);
                failures.map_or(Outcome::Passed, Outcome::Failed)
            }
            Err(reason) => Outcome::Failed(reason),
        }
    });
    if let Some(services) = &started {
        steps.provide(services.vars().pairs());
    }
    let (name, ledger) = tested.variable();
    steps.provide([(name, ledger.as_str())].into_iter());
    run_tests(steps);
    started.is_some()
}

fn run_tests(steps: &mut Steps) {
    // Tests run them, and `cargo test --tests` would not build them.
    steps.run("examples", &["cargo", "build", "--workspace", "--examples"]);
    if probe::NEXTEST.installed() {
        steps.run("tests", &["cargo", "nextest", "run", "--workspace", "--no-fail-fast"]);
    } else {
        steps.skip("nextest", &format!("cargo test runs instead; {}", probe::NEXTEST.missing));
        steps.run("tests", &["cargo", "test", "--workspace", "--tests", "--no-fail-fast"]);
    }
    if !probe::ROOT.installed() && !probe::USER_NAMESPACE.installed() {
        steps.skip("plugins of other users", probe::ROOT.missing);
    }
    steps.run("doc tests", &["cargo", "test", "--workspace", "--doc", "--no-fail-fast"]);
    if steps.root().join("benches/Cargo.toml").is_file() {
        steps.run("benches", &["cargo", "bench", "-p", "aludel-benches", "--", "--test"]);
    } else {
        steps.skip("benches", "the repository has no package benches/");
    }
}

fn document(steps: &mut Steps) {
    let command = ["cargo", "doc", "--workspace", "--no-deps"];
    steps.run_with("doc", &command, &[("RUSTDOCFLAGS", "-Dwarnings")]);
}

fn required(steps: &mut Steps, name: &str, tool: &Tool, command: &[&str]) {
    if tool.installed() {
        steps.run(name, command);
    } else {
        steps.fail(name, tool.missing);
    }
}
