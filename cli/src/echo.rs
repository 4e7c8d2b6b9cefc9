//! Where the lines of `--echo` go: standard error, in colour where a terminal shows it.

use std::io::{self, IsTerminal, Write};

/// Standard error for the lines of the echo, each of which comes as one piece.
pub(crate) struct EchoWriter {
    has_colour: bool,
}

impl EchoWriter {
    /// In colour on a terminal, unless the variable NO_COLOR is there and not empty.
    pub(crate) fn new() -> Self {
        let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        EchoWriter { has_colour: !is_refused && io::stderr().is_terminal() }
    }
}

impl Write for EchoWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut err = io::stderr().lock();
        if self.has_colour {
            err.write_all(&coloured(line))?;
        } else {
            err.write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// The line dimmed, so that it does not look like an answer.
fn coloured(line: &[u8]) -> Vec<u8> {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    [b"\x1b[2m", text, b"\x1b[0m\n"].concat()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_keeps_its_text_between_the_colours() {
        assert_eq!(super::coloured(b"select 1\n"), b"\x1b[2mselect 1\x1b[0m\n");
    }
}
