//! More than one file for a scheme.

use std::fs::hard_link;

use aludel::Url;
use aludel::plugin::{Environment, Policy, Resolved, Search, resolve};
use aludel_tests::hostile::{Library, Stage, assert_answers, link};

use crate::program::Program;

const TWO_COPIES: &str = "two copies of one native library in a process lose data";

fn ambiguous(scheme: &str, first: &str, second: &str) -> String {
    format!(
        "error[P08]: scheme `{scheme}` is claimed by two files at level env: ROOT/{first} and \
         ROOT/{second}\n  help: remove one of them, or put the one that you mean into a directory \
         of an earlier level"
    )
}

/// The levels of a stage, with these directories at the level env.
fn search(stage: &Stage, dirs: &[&str]) -> Search {
    let dirs = dirs.iter().map(|dir| stage.path(dir));
    let plugin_path = Some(std::env::join_paths(dirs).unwrap());
    Search::new().with_environment(Environment { plugin_path, ..stage.environment() })
}

#[test]
fn two_files_of_one_directory_for_one_scheme_are_refused() {
    let stage = Stage::new();
    stage.put("env", &Library::new("claimed"));
    stage.put("env", &Library::new("claimer").set("aliases", vec!["claimed"]));
    assert_eq!(
        stage.refusal("claimed"),
        ambiguous("claimed", "env/libaludel_claimed.so", "env/libaludel_claimer.so")
    );
}

#[test]
fn two_files_of_one_level_for_one_scheme_are_refused() {
    let stage = Stage::new();
    for dir in ["one", "two"] {
        stage.put(dir, &Library::new("claimed"));
    }
    let message = stage.refusal_with("claimed", &search(&stage, &["one", "two"]), &Policy::new());
    let [one, two] = ["one/libaludel_claimed.so", "two/libaludel_claimed.so"];
    assert_eq!(message, ambiguous("claimed", one, two));
}

#[test]
fn a_broken_file_of_the_name_beside_a_good_one_of_the_alias_is_not_passed_over() {
    let stage = Stage::new();
    stage.put("env", &Library::new("claimed").edit(0, b"X"));
    stage.put("env", &Library::new("claimer").set("aliases", vec!["claimed"]));
    assert_eq!(
        stage.refusal("claimed"),
        ambiguous("claimed", "env/libaludel_claimed.so", "env/libaludel_claimer.so")
    );
}

#[test]
fn of_one_name_at_two_levels_the_first_is_loaded_and_the_second_not_even_read() {
    let stage = Stage::new();
    let first = stage.put("env", &Library::new("two_levels"));
    stage.put("user", &Library::new("two_levels").edit_descriptor(0, b"X"));
    let url = Url::parse("two_levels://").unwrap();
    let Ok(Resolved::File(plan)) = resolve(&url, &stage.search()) else { panic!("it is there") };
    assert_eq!(plan.path(), first);
    let searched = stage.without_root(&plan.searched());
    assert!(searched.ends_with(" · env ROOT/env: two_levels"), "{searched}");
    assert_answers(stage.load("two_levels").unwrap().dialect);
    assert_eq!(stage.ran("user/libaludel_two_levels.so"), "");
}

#[test]
fn a_broken_file_of_the_first_level_is_not_replaced_by_a_good_one_of_the_second() {
    let stage = Stage::new();
    stage.put("env", &Library::new("tampered").set("panic", "abort"));
    stage.put("user", &Library::new("tampered"));
    assert_eq!(
        stage.refusal("tampered"),
        "error[P04]: dialect `tampered` 1.0 was built with panic = \"abort\": a panic in it would \
         end this program\n  help: build the plugin in a profile with panic = \"unwind\"\n  \
         file: ROOT/env/libaludel_tampered.so"
    );
}

#[test]
fn one_file_in_two_directories_is_one_plugin() {
    let stage = Stage::new();
    let file = stage.put("one", &Library::new("hard_linked"));
    for dir in ["two", "user"] {
        hard_link(&file, stage.dir(dir).join("libaludel_hard_linked.so")).unwrap();
    }
    link(&stage.path("one"), &stage.path("three"));
    for dirs in [&["one", "two", "three"][..], &["two"], &["nowhere"]] {
        let found = stage.load_with("hard_linked", &search(&stage, dirs), &Policy::new()).unwrap();
        assert_answers(found.dialect);
    }
    assert_eq!(stage.ran("one/libaludel_hard_linked.so"), "constructor\ninit\n");
}

#[test]
fn a_second_file_of_a_loaded_dialect_is_refused() {
    let stage = Stage::new();
    stage.put("env", &Library::new("twice"));
    assert_answers(stage.load("twice").unwrap().dialect);
    stage.put("user", &Library::new("twice"));
    let message = stage.failure_with("twice", &search(&stage, &["nowhere"]), &Policy::new());
    assert_eq!(
        message,
        format!(
            "error[P14]: dialect `twice` is loaded from ROOT/env/libaludel_twice.so and is not \
             loaded from ROOT/user/libaludel_twice.so as well\n  help: {TWO_COPIES}: use one file, \
             and restart the program after an upgrade"
        )
    );
    assert_eq!(stage.ran("user/libaludel_twice.so"), "");
    assert_answers(stage.load("twice").unwrap().dialect);
}

/// In a program of its own, because what is registered is registered in the whole process.
#[test]
fn a_file_of_a_linked_dialect_is_refused() {
    let stage = Stage::new();
    stage.put("env", &Library::new("toy").set("aliases", vec!["toy_twin"]));
    let ran = Program::new(&stage).run(&["register", "toy://", "toy_twin://"]);
    assert_eq!(
        stage.without_root(&ran.out),
        format!(
            "registered\ntoy answers I64(0)\nerror[P14]: dialect `toy` is linked into this program \
             and is not loaded from ROOT/env/libaludel_toy.so as well\n  help: {TWO_COPIES}: use \
             the linked one's schemes\n"
        )
    );
    stage.assert_nothing_ran();

    let ran = Program::new(&stage).run(&["toy_twin://", "register", "toy_twin://"]);
    assert_eq!(
        stage.without_root(&ran.out),
        "toy answers I64(42)\nerror[P14]: dialect `toy` was loaded from \
         ROOT/env/libaludel_toy.so and cannot be registered any more\n  help: register it before \
         the first engine is made\ntoy answers I64(42)\n"
    );
}

#[test]
fn an_upgrade_of_a_loaded_file_waits_for_the_next_start_of_the_program() {
    let stage = Stage::new();
    stage.put("env", &Library::new("upgraded"));
    assert_answers(stage.load("upgraded").unwrap().dialect);
    let new = stage.put("new", &Library::new("upgraded").set("version", "2.0"));
    std::fs::rename(new, stage.path("env/libaludel_upgraded.so")).unwrap();
    let message = stage.failure_with("upgraded", &stage.search(), &Policy::new());
    let file = "ROOT/env/libaludel_upgraded.so";
    assert_eq!(
        message,
        format!(
            "error[P14]: dialect `upgraded` is loaded from {file} and is not loaded from {file} as \
             well\n  help: {TWO_COPIES}: use one file, and restart the program after an upgrade"
        )
    );
    assert_eq!(stage.ran("new/libaludel_upgraded.so"), "");
}
