//! The error for too few or too many parameters.

use aludel::error::Error;

use crate::statement::SqliteStatement;

/// Names of missing parameters that a message lists at most.
const LISTED: usize = 8;

impl SqliteStatement {
    /// How a parameter is called in messages: its place from 1, and its name where it has one.
    pub(crate) fn parameter_label(&self, index: usize) -> String {
        match self.raw().parameter_name(index) {
            Some(name) => format!("parameter {} (`{name}`)", index + 1),
            None => format!("parameter {}", index + 1),
        }
    }

    #[cold]
    pub(crate) fn wrong_count(&self, given: usize) -> Error {
        let wanted = self.parameter_count();
        let message = format!(
            "the statement has {} and {given} {} given",
            counted(wanted),
            if given == 1 { "was" } else { "were" }
        );
        let error = if given > wanted {
            Error::programming(format!("{message}: {} too many", given - wanted))
        } else {
            let mut missing: Vec<String> =
                (given..wanted).take(LISTED).map(|index| self.parameter_label(index)).collect();
            if wanted - given > LISTED {
                missing.push(format!("{} more", wanted - given - LISTED));
            }
            Error::programming(format!("{message}: missing {}", missing.join(", ")))
        };
        error.with_sqlstate("07001").with_help("give one value for each placeholder")
    }
}

fn counted(count: usize) -> String {
    match count {
        0 => "no parameters".to_owned(),
        1 => "1 parameter".to_owned(),
        _ => format!("{count} parameters"),
    }
}
