//! The arguments of `aludel <url> [sql]`.

use aludel::plugin::Policy;
use clap::builder::{EnumValueParser, PossibleValue};
use clap::{Arg, ArgAction, ArgMatches, ValueEnum, value_parser};

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
    /// What a plugin has to fulfil.
    pub(crate) policy: Policy,
}

impl Arguments {
    /// What was given, when clap has accepted it.
    pub(super) fn of(mut matches: ArgMatches, policy: Policy) -> Self {
        Arguments {
            url: matches.remove_one("url").expect("invariant: clap requires the URL"),
            sql: matches.remove_one("sql"),
            format: matches.remove_one("format").expect("invariant: the format has a default"),
            width: matches.remove_one("width"),
            null: matches.remove_one("null"),
            quiet: matches.get_flag("quiet"),
            policy,
        }
    }
}

/// The arguments that stand for themselves and not with a verb.
pub(super) fn arguments() -> [Arg; 6] {
    [
        Arg::new("url")
            .value_name("URL")
            .required(true)
            .help("dialect[+driver]://user:password@host:port/database?option=value"),
        Arg::new("sql")
            .value_name("SQL")
            .help("Statements to run; from standard input when missing or `-`"),
        Arg::new("format")
            .long("format")
            .short('f')
            .value_name("FORMAT")
            .default_value("table")
            .value_parser(EnumValueParser::<Format>::new())
            .help("How rows are printed"),
        Arg::new("width")
            .long("width")
            .short('w')
            .value_name("COLUMNS")
            .value_parser(value_parser!(usize))
            .help(
                "Width of tables, 0 for as wide as they are [default: the terminal's; 0 when \
                 the output is no terminal]",
            ),
        Arg::new("null").long("null").short('n').value_name("TEXT").allow_hyphen_values(true).help(
            "Text for NULL in tables, Markdown and CSV [default: NULL in tables and \
                 Markdown, nothing in CSV]",
        ),
        Arg::new("quiet")
            .long("quiet")
            .short('q')
            .action(ArgAction::SetTrue)
            .help("Do not print counts on standard error"),
    ]
}
