//! The plugin is installed for the user, and the program is anywhere.

use std::fs;

use crate::command::{bare, run, succeed};
use crate::programs::{Dependency, Program};
use crate::workshop::Workshop;

#[test]
fn a_plugin_that_the_user_has_installed_is_found() {
    let workshop = Workshop::open();
    let program = Program::write(&workshop, "alone", Dependency::Path);
    succeed(program.cargo().args(["build", "--quiet"]));
    let place = tempfile::tempdir().expect("there is a place for temporary files");
    // Away from cargo's output, where the plugins of other programs lie.
    let alone = place.path().join("alone");
    let built = workshop.target_of_programs().join("debug/alone");
    fs::copy(built, &alone).expect("a program can be copied");
    let ask = || {
        let mut command = bare(&alone);
        command.env("HOME", place.path()).arg("sqlite:///:memory:");
        command
    };
    let ran = run(&mut ask());
    assert!(!ran.success && ran.stderr.contains("P01"), "before: {}", ran.stderr);

    let mut install = bare(&workshop.program());
    install.env("HOME", place.path()).args(["plugins", "install"]).arg(workshop.plugin());
    succeed(&mut install);
    let installed = place.path().join(".local/share/aludel/plugins/libaludel_sqlite.so");
    let output = succeed(&mut ask());
    assert_eq!(output, format!("42 File({installed:?})\n"));
}
