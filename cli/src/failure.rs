//! Why a run ends early, what is said about it, and its exit code.

use std::fmt;
use std::io;

use aludel::plugin::code;
use aludel::{Error, ErrorKind};

use crate::{fault, place};

/// A statement failed, or the database could not be reached.
const FAILED: u8 = 1;
/// The command line is wrong, or the URL on it.
pub(crate) const USAGE: u8 = 2;
/// No dialect serves the URL.
const NOT_FOUND: u8 = 3;
/// A dialect or an option was refused.
const REFUSED: u8 = 4;

/// Why a run ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nobody reads standard output any more.
    Closed,
    /// The same, and statements are left.
    ClosedBeforeEnd,
    /// Standard output cannot be written.
    Output(io::Error),
    /// Standard input cannot be read.
    Input(io::Error),
    /// The command line is wrong.
    Usage(String),
    /// The URL's dialect cannot be had.
    Engine(Error),
    /// The database refuses the connection.
    Connect(Error),
    /// A statement failed.
    Statement {
        /// What the database says.
        error: Error,
        /// Where in the text, as far as it is known.
        place: Option<String>,
    },
}

impl Failure {
    /// The exit code of the program.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Closed => 0,
            Failure::Usage(_) => USAGE,
            Failure::Engine(error) => match (error.kind(), error.code()) {
                (ErrorKind::Url | ErrorKind::Argument, _) | (_, Some(code::BAD_SCHEME)) => USAGE,
                (ErrorKind::Plugin, Some(code::UNKNOWN_SCHEME)) => NOT_FOUND,
                (ErrorKind::Plugin, _) => REFUSED,
                _ => FAILED,
            },
            _ => FAILED,
        }
    }

    /// Adds where in the text the statement stands that failed; the search begins at byte `from`.
    pub(crate) fn located(self, sql: &str, from: usize) -> Failure {
        match self {
            Failure::Statement { error, place: None } => {
                let place = place::describe(sql, from, &error);
                Failure::Statement { error, place }
            }
            other => other,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Statement { error, place: None }
    }
}

impl From<io::Error> for Failure {
    /// A failure to write standard output.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Closed,
            _ => Failure::Output(error),
        }
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        Failure::from(match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Closed => Ok(()),
            Failure::ClosedBeforeEnd => f.write_str(
                "error: the output was closed before all statements were executed\n  help: the \
                 statement that was being read, and those after it, may not have taken effect",
            ),
            Failure::Output(error) => write!(f, "error: cannot write standard output: {error}"),
            Failure::Input(error) => write!(f, "error: cannot read standard input: {error}"),
            Failure::Usage(message) => write!(f, "error: {message}"),
            Failure::Engine(error) => f.write_str(&fault::text_with(error, advice(error))),
            Failure::Connect(error) => error.fmt(f),
            Failure::Statement { error, place } => statement(f, error, place.as_deref()),
        }
    }
}

/// What somebody who runs this program can do, where the library's advice is for those who write
/// Rust.
fn advice(error: &Error) -> Option<&'static str> {
    if let Some(code::DANGEROUS_OPTION | code::UNTRUSTED_OPTION) = error.code() {
        return Some("leave it out of the URL: only a program in Rust can allow it");
    }
    match (error.kind(), error.sqlstate()) {
        (ErrorKind::Conversion, _) => Some("cast the value to a blob, which is printed in full"),
        (_, Some("07001")) => {
            Some("write the values into the statement: there is no way to pass them")
        }
        _ => None,
    }
}

/// As an error prints itself, but for the statement: a script that fails early is not repeated.
fn statement(f: &mut fmt::Formatter<'_>, error: &Error, place: Option<&str>) -> fmt::Result {
    let advice = advice(error);
    let place = match (place, advice) {
        (Some(place), _) => place,
        (None, None) => return write!(f, "{error}"),
        (None, Some(_)) => "",
    };
    write!(f, "{error:#}")?;
    for (label, text) in [("detail", error.detail()), ("hint", error.hint())] {
        if let Some(text) = text {
            write!(f, "\n  {label}: {text}")?;
        }
    }
    if !place.is_empty() {
        write!(f, "\n{place}")?;
    }
    let help = advice.or(error.help()).map(|help| ("help", help));
    for (label, text) in help.into_iter().chain(error.notes()) {
        write!(f, "\n  {label}: {text}")?;
    }
    Ok(())
}
