//! Standard input, output and error that are closed, full, or not what is expected.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use tempfile::tempdir;

use crate::run::{MEMORY, program, run, run_with, url};

const ENDLESS: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n";

/// Runs the SQL, reads one line of what it prints, and closes the pipe. Exit code and standard
/// error.
fn read_one_line(arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = program(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("standard output is a pipe");
    BufReader::with_capacity(16, stdout).read_line(&mut line).expect("there is a line");
    assert!(line.ends_with('\n'), "{line}");
    let mut err = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
    (child.wait().expect("the program ends").code(), err)
}

#[test]
fn a_closed_pipe_ends_an_endless_query_quietly() {
    for format in ["table", "csv", "json", "jsonl", "markdown"] {
        let ended = read_one_line(&["-f", format, MEMORY, ENDLESS]);
        assert_eq!(ended, (Some(0), String::new()), "{format}");
    }
}

#[test]
fn a_closed_pipe_with_statements_left_is_a_failure() {
    let directory = tempdir().unwrap();
    let url = url(&directory.path().join("shop.db"));
    run(&[&url, "create table t(x)"]).ok();
    let sql = format!("{ENDLESS}; insert into t values (1)");
    assert_eq!(
        read_one_line(&[&url, &sql]),
        (
            Some(1),
            "error: the output was closed before all statements were executed\n  help: the \
             statement that was being read, and those after it, may not have taken effect\n"
                .to_owned()
        )
    );
    assert_eq!(run(&["-f", "csv", &url, "select count(*) n from t"]).ok(), "n\n0\n");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_reported() {
    let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = program(&[MEMORY, "select 1"]).stdout(full).output().expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: cannot write standard output: No space left on device (os error 28)\n"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn closed_standard_error_disturbs_nothing() {
    let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = program(&[MEMORY, "select 1 as a"]).stderr(full).output().expect("it starts");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"a\n-\n1\n"[..]));
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_on_standard_input_is_not_waited_for() {
    // The control side of a new terminal is a terminal too.
    let terminal = File::open("/dev/ptmx").expect("Linux has it");
    let output = program(&[MEMORY]).stdin(terminal).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: no SQL was given\n  help: give it as the second argument, or redirect a file to \
         standard input: aludel <url> < script.sql\n"
    );
}

#[test]
fn standard_input_that_is_not_utf8_is_refused_with_the_place() {
    let ran = run_with(b"select 1;\nselect '\xff'", &[MEMORY]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(
        ran.err,
        "error: standard input is not UTF-8: byte 18, in line 2\n  help: convert it, for example \
         with iconv -f latin1 -t utf-8\n"
    );
}

#[test]
#[cfg(unix)]
fn arguments_that_are_not_utf8_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    let bytes = std::ffi::OsStr::from_bytes(b"select '\xff'");
    let output = program(&[MEMORY]).arg(bytes).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: invalid UTF-8 was detected in one or more arguments\n\n\
         Usage: aludel [OPTIONS] <URL> [SQL]\n       aludel <VERB> ...\n\nFor more information, try '--help'.\n"
    );
}
