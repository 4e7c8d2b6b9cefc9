//! Where the SQL text comes from.

use std::io::{self, IsTerminal, Read};

use crate::failure::Failure;

/// The SQL text: the argument, or standard input when there is none or it is `-`. Reads to the end.
pub(crate) fn text(argument: Option<&str>) -> Result<String, Failure> {
    match argument {
        Some(sql) if sql != "-" => return Ok(sql.to_owned()),
        None if io::stdin().is_terminal() => {
            return Err(Failure::Usage(
                "no SQL was given\n  help: give it as the second argument, or redirect a file to \
                 standard input: aludel <url> < script.sql"
                    .to_owned(),
            ));
        }
        _ => {}
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(Failure::Input)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::Usage(format!(
            "standard input is not UTF-8: byte {at}, in line {line}\n  help: convert it, for \
             example with iconv -f latin1 -t utf-8"
        ))
    })
}
