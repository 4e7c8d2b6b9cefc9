//! `cargo xtask bench`: one bench of the package aludel-benches, or all of them.

use crate::services;
use crate::steps::Steps;
use aludel_test_services::{Kind, Profile};

/// Runs the bench called `name`, or every bench; `args` go to the bench itself.
pub(crate) fn run(steps: &mut Steps, name: Option<&str>, args: &[String]) {
    let mut command = vec!["cargo", "bench", "-p", "aludel-benches"];
    if let Some(name) = name {
        command.extend(["--bench", name]);
    }
    if !args.is_empty() {
        command.push("--");
        command.extend(args.iter().map(String::as_str));
    }
    let kinds = kinds(steps, name);
    let services = match kinds.is_empty() {
        true => None,
        false => services::start(&kinds, Profile::Fast, |_| {})
            .map_err(|why| steps.fail("services", &why))
            .ok(),
    };
    if let Some(services) = &services {
        if let Some(failures) = services.failures() {
            steps.fail("services", &failures);
        }
        steps.provide(services.vars().pairs());
    }
    steps.run("bench", &command);
}

/// The servers that the bench called `name` is about, or those of all benches.
fn kinds(steps: &Steps, name: Option<&str>) -> Vec<Kind> {
    let named =
        |bench: &str| Kind::ALL.into_iter().filter(|kind| kind.is_named_in(bench)).collect();
    if let Some(name) = name {
        return named(name);
    }
    let files = std::fs::read_dir(steps.root().join("benches/benches")).into_iter().flatten();
    let names: Vec<String> = files
        .flatten()
        .map(|file| file.path().with_extension("").to_string_lossy().into_owned())
        .collect();
    named(&names.join("_").replace('/', "_"))
}
