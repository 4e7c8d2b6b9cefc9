//! The arguments of `aludel <url> [sql]`.

use aludel::Echo;
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
    /// What is printed of what the engine does.
    pub(crate) echo: Echo,
    /// Whether to tell how long things took.
    pub(crate) timing: bool,
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
            echo: match matches.get_one::<String>("echo").map(String::as_str) {
                None => Echo::Off,
                Some("debug") => Echo::Debug,
                Some(_) => Echo::On,
            },
            timing: matches.get_flag("timing"),
            policy,
        }
    }
}

/// The arguments that stand for themselves and not with a verb.
pub(super) fn arguments() -> [Arg; 8] {
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
        Arg::new("echo")
            .long("echo")
            .value_name("LEVEL")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("on")
            .value_parser(["on", "debug"])
            .help("Print what is executed on standard error; =debug: columns and rows too"),
        Arg::new("timing")
            .long("timing")
            .action(ArgAction::SetTrue)
            .help("Tell on standard error how long connecting and each statement took"),
    ]
}
