//! A program that is linked without a loader of libraries serves what is linked into it.

use std::fs;

use crate::command::{bare, run, succeed};
use crate::programs::{Dependency, Program};
use crate::workshop::Workshop;

#[test]
fn a_static_program_serves_linked_dialects_and_says_why_it_loads_none() {
    let workshop = Workshop::open();
    let program = Program::write(&workshop, "linked", Dependency::Path);
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut cargo = program.cargo();
    // With a target, so that build scripts and macros are linked as ever.
    cargo.env("RUSTFLAGS", "-C target-feature=+crt-static");
    succeed(cargo.args(["build", "--quiet", "--target", &triple]));
    let built = workshop.target_of_programs().join(&triple).join("debug/linked");
    assert_eq!(succeed(&mut bare(&built)), "42 Static\n");

    let place = tempfile::tempdir().expect("there is a place for temporary files");
    fs::copy(workshop.plugin(), place.path().join("libaludel_sqlite.so")).expect("it was built");
    let ran = run(bare(&built).env("ALUDEL_PLUGIN_PATH", place.path()).arg("loaded"));
    assert!(!ran.success && ran.stderr.contains("P19"), "{}", ran.stderr);
}
