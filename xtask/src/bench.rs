//! `cargo xtask bench`: one bench of aludel-benches or aludel-bench-pools, or all of them.

use crate::services;
use crate::steps::Steps;
use aludel_test_services::{Kind, Profile};

/// The feature with the drivers and the pools beside which benches set ours. It is asked for here alone,
/// so that nothing else has to compile them.
const PEERS: &str = "peers";

/// The package of benches of connection pools, and its manifest.
const POOLS: (&str, &str) = ("aludel-bench-pools", "benches/pools/Cargo.toml");

/// Runs the bench called `name`, or every bench; `args` go to the bench itself.
pub(crate) fn run(steps: &mut Steps, name: Option<&str>, args: &[String]) {
    let (package, manifest) = POOLS;
    let pools = std::fs::read_to_string(steps.root().join(manifest)).unwrap_or_default();
    let pools = benches(&pools);
    if name.is_none_or(|name| !pools.contains(&name)) {
        run_with_servers(steps, name, args);
    }
    if name.map_or(!pools.is_empty(), |name| pools.contains(&name)) {
        steps.run("pools", &command(package, name, true, args));
    }
}

fn run_with_servers(steps: &mut Steps, name: Option<&str>, args: &[String]) {
    let kinds = kinds(steps, name).unwrap_or_else(|why| {
        steps.fail("services", &why);
        Vec::new()
    });
    let command = command("aludel-benches", name, !kinds.is_empty(), args);
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

fn command<'a>(
    package: &'a str,
    name: Option<&'a str>,
    peers: bool,
    args: &'a [String],
) -> Vec<&'a str> {
    let mut command = vec!["cargo", "bench", "-p", package];
    if let Some(name) = name {
        command.extend(["--bench", name]);
    }
    if peers {
        command.extend(["--features", PEERS]);
    }
    if !args.is_empty() {
        command.push("--");
        command.extend(args.iter().map(String::as_str));
    }
    command
}

/// The servers that the bench called `name` is about, or those of all benches.
fn kinds(steps: &Steps, name: Option<&str>) -> Result<Vec<Kind>, String> {
    let named =
        |bench: &str| Kind::ALL.into_iter().filter(|kind| kind.is_named_in(bench)).collect();
    if let Some(name) = name {
        return Ok(named(name));
    }
    let manifest = steps.root().join("benches/Cargo.toml");
    let manifest = std::fs::read_to_string(&manifest)
        .map_err(|error| format!("cannot read {}: {error}", manifest.display()))?;
    Ok(named(&benches(&manifest).join("_")))
}

/// The names of the `[[bench]]` tables of a manifest that has each key on a line of its own.
fn benches(manifest: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut table = "";
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            table = line;
        }
        let value = line.strip_prefix("name").and_then(|rest| rest.trim_start().strip_prefix('='));
        if let (Some(value), "[[bench]]") = (value, table) {
            names.push(value.trim().trim_matches('"'));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::benches;

    #[test]
    fn the_benches_of_a_manifest_are_those_of_its_tables() {
        let manifest = "[package]\nname = \"aludel-benches-pg\"\n\n[[bench]]\nname = \"rows_pg\"\n\
                        path = \"rows_mysql/main.rs\"\n\n[[bench]]\nharness = false\nname=\"load\"\n\n\
                        [[bin]]\nname = \"odbc\"\n";
        assert_eq!(benches(manifest), ["rows_pg", "load"]);
    }
}
