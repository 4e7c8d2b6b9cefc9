//! What a verb answers, for people and for programs.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::console::Console;
use crate::failure::Failure;
use crate::{escape, fault};

/// What a verb answers, in both forms.
pub(crate) struct Answer {
    /// For people: lines that end in LF, with everything escaped that comes from outside.
    pub(crate) text: String,
    /// For programs.
    pub(crate) json: Value,
    /// What is said on standard error beside the text.
    pub(crate) warnings: Vec<String>,
    /// True when what was asked about is not as it should be.
    pub(crate) has_problems: bool,
}

impl Answer {
    /// An answer with nothing to warn about.
    pub(crate) fn new(text: String, json: Value) -> Self {
        Answer { text, json, warnings: Vec::new(), has_problems: false }
    }
}

/// Prints an answer, or why there is none, and tells the exit code.
pub(crate) fn print(answer: aludel::Result<Answer>, as_json: bool) -> ExitCode {
    let console = Console::new(false);
    let (text, code) = match answer {
        Ok(answer) => {
            let code = u8::from(answer.has_problems);
            if as_json {
                (in_json(&answer.json), code)
            } else {
                for warning in &answer.warnings {
                    console.say(format_args!("warning: {}", escape::escaped(warning)));
                }
                (answer.text, code)
            }
        }
        Err(error) => {
            let json = json!({"error": fault::json(&error)});
            let failure = Failure::Engine(error);
            let code = failure.exit_code();
            if !as_json {
                console.say(failure);
                return ExitCode::from(code);
            }
            (in_json(&json), code)
        }
    };
    match write(&text) {
        Err(fault) if fault.kind() != ErrorKind::BrokenPipe => {
            let failure = Failure::Output(fault);
            let code = failure.exit_code();
            console.say(failure);
            ExitCode::from(code)
        }
        _ => ExitCode::from(code),
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Indented, with a line feed at the end, and fit to be shown by a terminal.
fn in_json(value: &Value) -> String {
    escape::json(&format!("{value:#}\n"))
}
