//! Runs the examples and compares what they print.

use std::path::PathBuf;
use std::process::Command;

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// The program of an example: cargo builds them with the tests of a package.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let profile = test.parent().and_then(|deps| deps.parent()).expect("tests lie in deps");
    let program = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "{} is missing: cargo build --examples", program.display());
    program
}

/// What an example prints.
fn printed(name: &str, arguments: &[&str]) -> String {
    let output = Command::new(program(name)).args(arguments).output().expect("it can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}");
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

#[test]
fn the_quickstart_prints_one_row() {
    assert_eq!(printed("quickstart", &[]), "hello, world\n");
}

#[test]
fn named_parameters_become_rows_of_a_struct() {
    let expected = "3 Greensleeves by nobody knows\n\
                    4 Blue in Green by Davis\n\
                    [\"Blue in Green\", \"So What\"]\n\
                    []\n\
                    no value for parameter `composers`; the statement has no parameter `composer`\n";
    assert_eq!(printed("named_parameters", &[]), expected);
}

#[test]
fn a_million_rows_are_streamed() {
    let expected = "sum 500000500000, longest label 11 bytes\n\
                    100 groups\n\
                    [(1, \"row 1\"), (2, \"row 2\"), (3, \"row 3\")], and then another statement\n";
    assert_eq!(printed("streaming", &[]), expected);
}

#[test]
fn an_executemany_is_all_rows_or_none() {
    let expected = "Some(2) rows by name\n\
                    Some(99998) rows by place\n\
                    Unique of [\"x\"]\n\
                    100000 rows stay\n";
    assert_eq!(printed("executemany", &[]), expected);
}

#[test]
fn derived_types_are_read_and_sent() {
    let expected = "InTransit, High, to 4000 Porto\n\
                    column 0 (`'lost'`): wanted Status, found text: \"lost\" is none of open, \
                    in_transit, done\n";
    assert_eq!(printed("derive", &[]), expected);
}

#[test]
fn a_plugin_is_found_and_loaded_by_its_url() {
    let lines = printed("plugin_by_url", &["sqlite://"]);
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines[0].starts_with("sqlite:// would load /"), "{lines:?}");
    assert!(lines[1].starts_with("dialect sqlite "), "{lines:?}");
    assert_eq!(lines[2], "select 1 is 1");
}

#[test]
fn a_url_without_a_plugin_is_told_where_it_was_looked_for() {
    let told = printed("plugin_by_url", &["mysql://scott:tiger@localhost/test"]);
    assert!(told.contains("dialect `mysql` is not installed"), "{told}");
    assert!(told.contains("searched") && !told.contains("tiger"), "{told}");
}

#[test]
fn statements_are_spans_of_opentelemetry() {
    let expected = "refused: IntegrityError\n\
                    CREATE (Client), Unset\n\
                    INSERT (Client), Unset\n\
                    place_order (Internal), Unset\n\
                    INSERT (Client), Error { description: \"";
    let text = printed("opentelemetry", &[]);
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn every_example_is_short_and_listed() {
    let list = std::fs::read_to_string(format!("{FOLDER}/README.md")).expect("it is there");
    let mut examples = 0;
    for entry in std::fs::read_dir(FOLDER).expect("the folder is there") {
        let file = entry.expect("the folder can be read").path();
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name of UTF-8");
        if !name.ends_with(".rs") || name == "build.rs" {
            continue;
        }
        examples += 1;
        let lines = std::fs::read_to_string(&file).expect("it can be read").lines().count();
        assert!(lines < 60, "{name} has {lines} lines");
        assert!(list.contains(&format!("({name})")), "{name} is not listed");
    }
    assert_eq!(examples, 8);
}
