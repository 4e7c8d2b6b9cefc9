//! What is said on standard error beside errors.

use std::io::Write;

/// Standard error. Whether somebody reads it makes no difference to the run.
pub(crate) struct Console {
    quiet: bool,
}

impl Console {
    pub(crate) fn new(quiet: bool) -> Self {
        Console { quiet }
    }

    /// A count: `3 rows`, `1 row changed`. Left out when the user wants it quiet.
    pub(crate) fn count(&self, rows: u64, suffix: &str) {
        if !self.quiet {
            let noun = if rows == 1 { "row" } else { "rows" };
            self.say(format_args!("{rows} {noun}{suffix}"));
        }
    }

    /// An error or a warning.
    pub(crate) fn say(&self, message: impl std::fmt::Display) {
        // Nothing can be told to somebody who does not listen.
        let _ = writeln!(std::io::stderr(), "{message}");
    }
}
