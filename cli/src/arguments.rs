//! What is given on the command line.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::builder::{EnumValueParser, PossibleValue};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command, ValueEnum, value_parser};

use crate::{failure, help};

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Csv,
    Json,
    JsonLines,
    Markdown,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Format::Table, Format::Csv, Format::Json, Format::JsonLines, Format::Markdown]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Format::Table => "table",
            Format::Csv => "csv",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            Format::Markdown => "markdown",
        }))
    }
}

/// The command line, checked.
pub(crate) struct Arguments {
    pub(crate) url: String,
    /// SQL text, unless it comes from standard input.
    pub(crate) sql: Option<String>,
    pub(crate) format: Format,
    /// Width of tables in columns of a terminal; 0 for as wide as they are.
    pub(crate) width: Option<usize>,
    /// What is printed for NULL, instead of what the format has for it.
    pub(crate) null: Option<String>,
    /// Whether counts are left out.
    pub(crate) quiet: bool,
}

/// Reads the command line. `Err` holds the exit code of a run that is over: help and version were
/// printed, or what is wrong with the arguments.
pub(crate) fn parse(given: Vec<OsString>) -> Result<Arguments, ExitCode> {
    let mut matches = command().try_get_matches_from(&given).map_err(|error| {
        let text = match error.kind() {
            ErrorKind::DisplayVersion => help::version(),
            _ => masked(error.to_string(), &given),
        };
        // Nothing can be told to somebody who does not listen.
        if error.use_stderr() {
            let _ = std::io::stderr().write_all(text.as_bytes());
            return ExitCode::from(failure::USAGE);
        }
        let _ = std::io::stdout().write_all(text.as_bytes());
        ExitCode::SUCCESS
    })?;
    Ok(Arguments {
        url: matches.remove_one("url").expect("invariant: clap requires the URL"),
        sql: matches.remove_one("sql"),
        format: matches.remove_one("format").expect("invariant: the format has a default"),
        width: matches.remove_one("width"),
        null: matches.remove_one("null"),
        quiet: matches.get_flag("quiet"),
    })
}

fn command() -> Command {
    Command::new("aludel")
        .about("Runs SQL on the database that a URL names and prints the rows.")
        .version(aludel::VERSION)
        .after_help(help::AFTER)
        .arg(
            Arg::new("url")
                .value_name("URL")
                .required(true)
                .help("dialect[+driver]://user:password@host:port/database?option=value"),
        )
        .arg(
            Arg::new("sql")
                .value_name("SQL")
                .help("Statements to run; from standard input when missing or `-`"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .short('f')
                .value_name("FORMAT")
                .default_value("table")
                .value_parser(EnumValueParser::<Format>::new())
                .help("How rows are printed"),
        )
        .arg(
            Arg::new("width")
                .long("width")
                .short('w')
                .value_name("COLUMNS")
                .value_parser(value_parser!(usize))
                .help(
                    "Width of tables, 0 for as wide as they are [default: the terminal's; 0 when \
                     the output is no terminal]",
                ),
        )
        .arg(
            Arg::new("null")
                .long("null")
                .short('n')
                .value_name("TEXT")
                .allow_hyphen_values(true)
                .help(
                    "Text for NULL in tables, Markdown and CSV [default: NULL in tables and \
                     Markdown, nothing in CSV]",
                ),
        )
        .arg(
            Arg::new("quiet")
                .long("quiet")
                .short('q')
                .action(ArgAction::SetTrue)
                .help("Do not print counts on standard error"),
        )
}

/// The message without the passwords of URLs: one can stand where it is not expected, and clap
/// repeats what it does not understand.
fn masked(message: String, given: &[OsString]) -> String {
    given.iter().filter_map(|argument| argument.to_str()).filter(|text| text.contains("://")).fold(
        message,
        |message, text| {
            let url = text.find('=').filter(|_| text.starts_with('-')).map_or(0, |at| at + 1);
            let shown = text[url..].parse::<aludel::Url>().map(|url| url.to_string());
            message.replace(&text[url..], shown.as_deref().unwrap_or("…"))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn a_password_in_a_misplaced_url_is_masked() {
        let given = |argument: &str| vec![OsString::from(argument)];
        let url = "postgresql://app:secret@db/orders";
        assert_eq!(
            masked(format!("unexpected argument '{url}' found"), &given(url)),
            "unexpected argument 'postgresql://app:***@db/orders' found"
        );
        assert_eq!(
            masked(
                format!("invalid value '{url}' for '--format'"),
                &given(&format!("--format={url}"))
            ),
            "invalid value 'postgresql://app:***@db/orders' for '--format'"
        );
        let broken = "a b://app:secret@db";
        assert_eq!(masked(format!("unexpected '{broken}'"), &given(broken)), "unexpected '…'");
    }
}
