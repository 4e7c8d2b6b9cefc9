//! How much an engine prints of what it does.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// How much an engine or its pool prints of what it does (SQLAlchemy's `echo`).
///
/// ```
/// use aludel::Echo;
///
/// assert_eq!(Echo::from(true), Echo::On);
/// assert_eq!("debug".parse::<Echo>()?, Echo::Debug);
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Echo {
    /// Nothing.
    #[default]
    Off = 0,
    /// Statements with their parameters, and how transactions begin and end.
    On = 1,
    /// Columns and rows too.
    Debug = 2,
}

impl From<bool> for Echo {
    fn from(on: bool) -> Self {
        if on { Echo::On } else { Echo::Off }
    }
}

impl FromStr for Echo {
    type Err = Error;

    /// `debug`, or a truth value as options of URLs have them.
    fn from_str(text: &str) -> Result<Self> {
        match text.to_ascii_lowercase().as_str() {
            "debug" => Ok(Echo::Debug),
            "true" | "1" | "yes" | "on" => Ok(Echo::On),
            "false" | "0" | "no" | "off" => Ok(Echo::Off),
            _ => Err(Error::argument(format!("echo is true, false or debug, not {text:?}"))
                .with_help("write `true` for statements, `debug` for rows too")),
        }
    }
}

impl fmt::Display for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Echo::Off => "false",
            Echo::On => "true",
            Echo::Debug => "debug",
        })
    }
}
