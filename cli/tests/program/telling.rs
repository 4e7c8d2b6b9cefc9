//! `--echo` and `--timing`, on standard error.

use crate::run::{MEMORY, run};

#[test]
fn echo_prints_what_is_executed_on_standard_error() {
    let ran = run(&["--echo", "-q", "-f", "csv", MEMORY, "select 1 as x; select 2"]);
    assert!(ran.err.contains(" INFO aludel::engine select 1 as x"), "{ran:?}");
    assert!(ran.err.contains(" INFO aludel::engine [raw sql] ()\n"), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 4, "{ran:?}");
    assert!(!ran.err.contains('\u{1b}'), "a pipe gets no colours: {ran:?}");
    assert_eq!(ran.ok(), "x\n1\n\n2\n2\n");
}

#[test]
fn echo_debug_prints_columns_rows_and_times() {
    let ran = run(&["--echo=debug", "-q", MEMORY, "select 1 as x"]);
    assert!(ran.err.contains(" DEBUG aludel::engine Col ('x',)\n"), "{ran:?}");
    assert!(ran.err.contains(" DEBUG aludel::engine Row (1,)\n"), "{ran:?}");
    assert!(ran.err.contains(" DEBUG aludel::engine [1 row in 0."), "{ran:?}");
}

#[test]
fn a_word_after_echo_is_the_url_and_not_its_value() {
    assert_eq!(run(&["--echo", MEMORY, "select 1"]).code, Some(0));
    let wrong = run(&["--echo=loud", MEMORY, "select 1"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("debug"), "{wrong:?}");
}

#[test]
fn timing_tells_how_long_each_statement_took() {
    let ran = run(&["--timing", "-q", MEMORY, "select 1; select 2"]);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 3, "{ran:?}");
    assert!(lines[0].starts_with("connect ") && lines[0].ends_with(" ms"), "{ran:?}");
    for line in &lines[1..] {
        assert!(line.starts_with("time ") && line.contains("execute "), "{ran:?}");
    }
    assert_eq!(run(&["-q", MEMORY, "select 1"]).err, "", "nobody has asked");
}
