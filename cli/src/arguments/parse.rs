//! From the command line to a request.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use aludel::plugin::Policy;
use clap::error::{ContextKind, Error, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::sql::{self, Arguments};
use super::verbs::{self, VerbRequest};
use crate::{failure, help};

/// What the program is asked to do.
pub(crate) enum Request {
    /// Run SQL.
    Sql(Arguments),
    /// Answer a question about plugins, or install one.
    Verb(VerbRequest),
}

/// Reads the command line. `Err` holds the exit code of a run that is over: help and version were
/// printed, or what is wrong with the arguments.
pub(crate) fn parse(given: Vec<OsString>) -> Result<Request, ExitCode> {
    requested(&given).map_err(|error| {
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
    })
}

fn requested(given: &[OsString]) -> Result<Request, Error> {
    let mut matches = command().try_get_matches_from(given)?;
    let policy = match matches.get_flag("dev") {
        true => Policy::new().development(),
        false => Policy::new(),
    };
    if let Some((name, of_verb)) = matches.remove_subcommand() {
        check_alone(&name, &matches)?;
        return Ok(Request::Verb(VerbRequest::of(&name, of_verb, policy)));
    }
    let arguments = Arguments::of(matches, policy);
    match mistyped(&arguments.url) {
        Some(error) => Err(error),
        None => Ok(Request::Sql(arguments)),
    }
}

/// Checks that nothing stands before the verb that belongs to SQL: it would be dropped silently.
fn check_alone(verb: &str, matches: &ArgMatches) -> Result<(), Error> {
    let is_given = |argument: &&Arg| {
        let id = argument.get_id().as_str();
        id != "dev" && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let mut command = command();
    // Arguments can be shown once the command is built.
    command.build();
    let Some(argument) = command.get_arguments().find(is_given) else { return Ok(()) };
    let message = format!(
        "the verb '{verb}' cannot be used with '{argument}'\n\n  tip: SQL that reads as a verb \
         stands after '--'"
    );
    Err(command.error(ErrorKind::ArgumentConflict, message))
}

/// What clap says of a verb that is written nearly right; a URL has `://` and is none.
fn mistyped(url: &str) -> Option<Error> {
    if url.contains("://") {
        return None;
    }
    let verbs = Command::new("aludel").override_usage(usage()).subcommands(verbs::commands());
    let error = verbs.try_get_matches_from(["aludel", url]).err()?;
    error.get(ContextKind::SuggestedSubcommand).is_some().then_some(error)
}

fn command() -> Command {
    Command::new("aludel")
        .about(
            "Runs SQL on the database that a URL names and prints the rows; tells about plugins.",
        )
        .version(aludel::VERSION)
        .after_help(help::AFTER)
        .override_usage(usage())
        .subcommand_negates_reqs(true)
        .subcommand_value_name("VERB")
        .subcommand_help_heading("Verbs about plugins")
        .args(sql::arguments())
        .arg(
            Arg::new("dev")
                .long("dev")
                .action(ArgAction::SetTrue)
                .global(true)
                .help("For development: plugins may lie where others may write; a warning tells"),
        )
        .subcommands(verbs::commands())
}

fn usage() -> &'static str {
    "aludel [OPTIONS] <URL> [SQL]\n       aludel <VERB> ..."
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
