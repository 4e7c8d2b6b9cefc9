//! The plugin is a dependency of the program: cargo builds it, and the program finds it in `deps`.

use std::path::{Path, PathBuf};

use crate::command::{run, succeed};
use crate::programs::{Dependency, Program};
use crate::workshop::Workshop;

/// The file from which a program's output says that the dialect came.
fn loaded(output: &str) -> PathBuf {
    let line = output.lines().find(|line| line.contains("File(\"")).unwrap_or_default();
    let path = line.split('"').nth(1).unwrap_or_else(|| panic!("no file is named in: {output}"));
    PathBuf::from(path)
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("a file with a name")
}

#[test]
fn a_path_dependency_is_found_under_cargo_run_and_cargo_test() {
    let workshop = Workshop::open();
    let program = Program::write(&workshop, "direct", Dependency::Path);
    let output = program.run();
    assert!(output.starts_with("42 "), "{output}");
    let plugin = loaded(&output);
    assert_eq!(plugin, workshop.target_of_programs().join("debug/deps/libaludel_sqlite.so"));
    assert_eq!(loaded(&program.test()), plugin);
}

#[test]
fn a_git_dependency_is_found_under_cargo_run_and_cargo_test() {
    let workshop = Workshop::open();
    let revision = Dependency::Git(&workshop.source.revision);
    let program = Program::write(&workshop, "direct", revision);
    let output = program.run();
    assert!(output.starts_with("42 "), "{output}");
    let plugin = loaded(&output);
    assert_eq!(plugin.parent(), Some(&*workshop.target_of_programs().join("debug/deps")));
    assert!(file_name(&plugin).starts_with("libaludel_sqlite-"), "{}", plugin.display());
    assert_eq!(loaded(&program.test()), plugin);
}

#[test]
fn a_dependency_of_a_dependency_is_found() {
    let workshop = Workshop::open();
    let output = Program::write(&workshop, "transitive", Dependency::Path).run();
    assert!(output.starts_with("42 "), "{output}");
    assert_eq!(file_name(&loaded(&output)), "libaludel_sqlite.so");

    let revision = Dependency::Git(&workshop.source.revision);
    let output = Program::write(&workshop, "transitive", revision).run();
    assert!(output.starts_with("42 "), "{output}");
    assert!(file_name(&loaded(&output)).starts_with("libaludel_sqlite-"), "{output}");
}

#[test]
fn after_a_switch_back_the_program_loads_what_it_was_built_with() {
    let workshop = Workshop::open();
    let run = |revision: &str| {
        let program = Program::write(&workshop, "direct", Dependency::Git(revision));
        loaded(&program.run())
    };
    let first = run(&workshop.source.revision);
    let later = run(&workshop.source.later);
    assert_ne!(first, later, "each revision has a file of its own");
    // Both are fresh for cargo now, so that only the program is linked to its place again: whichever
    // file is the newer one, it is wrong once.
    assert_eq!(run(&workshop.source.revision), first);
    assert_eq!(run(&workshop.source.later), later);
    let by_path = Program::write(&workshop, "direct", Dependency::Path).run();
    assert_eq!(file_name(&loaded(&by_path)), "libaludel_sqlite.so");
    let transitive = Dependency::Git(&workshop.source.revision);
    let transitive = Program::write(&workshop, "transitive", transitive).run();
    assert_eq!(loaded(&transitive), first);
}

#[test]
fn with_a_build_directory_elsewhere_tests_find_it_and_programs_are_told_where_it_is() {
    let workshop = Workshop::open();
    let program = Program::write(&workshop, "direct", Dependency::Path);
    program.run();
    let build = workshop.target_of_programs();
    let split = |verb: &str| {
        let mut cargo = program.cargo();
        cargo.env("CARGO_BUILD_BUILD_DIR", &build);
        cargo.env("CARGO_TARGET_DIR", workshop.path("target-final"));
        cargo.args([verb, "--quiet"]);
        cargo
    };
    let tested = succeed(split("test").args(["--", "--nocapture"]));
    assert_eq!(loaded(&tested), build.join("debug/deps/libaludel_sqlite.so"));

    let alone = run(&mut split("run"));
    assert!(!alone.success && alone.stderr.contains("P01"), "{}{}", alone.stdout, alone.stderr);
    let told = succeed(split("run").env("ALUDEL_PLUGIN_PATH", build.join("debug/deps")));
    assert!(told.starts_with("42 "), "{told}");
}
