//! `ALUDEL_PLUGIN_POLICY=pinned`: what the program runs is what its lock file lists.

use std::fs;
use std::process::Command;

use super::home::Home;
use crate::run::Ran;

fn pinned(home: &Home, arguments: &[&str]) -> Ran {
    let mut program = home.program(arguments);
    program.env("ALUDEL_PLUGIN_PATH", home.path("env")).env("ALUDEL_PLUGIN_POLICY", "pinned");
    home.finish(program)
}

#[test]
fn a_plugin_runs_once_its_sum_stands_beside_the_program() {
    let home = Home::new();
    let plugin = home.plugin("env", "sqlite");
    let query = ["-f", "csv", "sqlite://", "select 1 as a"];
    let ran = pinned(&home, &query);
    assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""));
    let missing = "policy pinned is asked for and there is no lock file: ROOT/bin/aludel.lock";
    assert!(ran.err.contains(missing), "{}", ran.err);

    home.write("bin/aludel.lock", b"# nothing\n");
    let ran = pinned(&home, &query);
    assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""));
    let refused = "error[P20]: refusing ROOT/env/libaludel_sqlite.so: its SHA-256 sum is not among \
                   those of ROOT/bin/aludel.lock";
    assert!(ran.err.starts_with(refused), "{}", ran.err);

    let sum = Command::new("sha256sum").arg(&plugin).output().expect("coreutils are installed");
    home.write("bin/aludel.lock", &sum.stdout);
    let ran = pinned(&home, &query);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "a\n1\n"), "{}", ran.err);
    let ran = pinned(&home, &["verify", "sqlite"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let sum = String::from_utf8_lossy(&sum.stdout[..64]).into_owned();
    assert!(ran.out.contains("pinned") && ran.out.contains(&sum), "{}", ran.out);

    let mut bytes = fs::read(&plugin).unwrap();
    bytes.push(0);
    fs::write(&plugin, bytes).unwrap();
    let ran = pinned(&home, &["verify", "sqlite"]);
    assert_eq!(ran.code, Some(4), "one more byte: {}", ran.out);
    assert!(ran.err.starts_with("error[P20]"), "{}", ran.err);
}
