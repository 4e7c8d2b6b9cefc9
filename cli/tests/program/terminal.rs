//! What is printed when standard error is a terminal.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;

use crate::run::{MEMORY, program};

/// What a terminal shows of standard error, with this value of NO_COLOR.
fn shown(arguments: &[&str], no_color: Option<&str>) -> String {
    let terminal = nix::pty::openpty(None, None).expect("the system has pseudo-terminals");
    let mut command = program(arguments);
    command.env_remove("NO_COLOR").stdout(Stdio::null()).stderr(terminal.slave);
    if let Some(value) = no_color {
        command.env("NO_COLOR", value);
    }
    let mut child = command.spawn().expect("the program starts");
    // It holds the last copy of the other end now, and the terminal ends with it.
    drop(command);
    let mut text = Vec::new();
    // Linux tells of the end by an error.
    let _ = File::from(terminal.master).read_to_end(&mut text);
    assert!(child.wait().expect("it ends").success());
    String::from_utf8(text).expect("it prints UTF-8").replace("\r\n", "\n")
}

const ECHO: [&str; 5] = ["--echo", "--timing", "-q", MEMORY, "select 1"];

#[test]
fn echo_is_dimmed_on_a_terminal() {
    for no_color in [None, Some("")] {
        let text = shown(&ECHO, no_color);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[0].starts_with("connect "), "{text}");
        for (line, end) in [(lines[1], "select 1"), (lines[2], "[raw sql] ()")] {
            let inside =
                line.strip_prefix("\u{1b}[2m").and_then(|rest| rest.strip_suffix("\u{1b}[0m"));
            assert!(inside.is_some_and(|inside| inside.ends_with(end)), "{text}");
        }
        assert!(lines[3].starts_with("time "), "{text}");
    }
}

#[test]
fn no_color_is_honoured() {
    let text = shown(&ECHO, Some("1"));
    assert!(text.contains(" INFO aludel::engine select 1\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}
