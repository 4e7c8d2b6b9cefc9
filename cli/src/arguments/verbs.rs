//! The verbs about plugins and their arguments.

use std::ffi::OsString;
use std::path::PathBuf;

use aludel::plugin::{Destination, Policy};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

/// What is to be told or done about plugins.
pub(crate) enum Verb {
    /// List all.
    Plugins,
    /// Install a file.
    Install { file: PathBuf, destination: Destination },
    /// Tell what the dialect of this name, URL or file says of itself.
    Info(OsString),
    /// Tell what serves a URL.
    Which(String),
    /// Check the dialect of this name, URL or file.
    Verify(OsString),
    /// Find out what is wrong.
    Doctor,
}

/// A verb with what holds for all of them.
pub(crate) struct VerbRequest {
    pub(crate) verb: Verb,
    /// Whether the answer is JSON.
    pub(crate) json: bool,
    pub(crate) policy: Policy,
}

impl VerbRequest {
    /// What was given, when clap has accepted it; `name` is the verb.
    pub(super) fn of(name: &str, mut matches: ArgMatches, policy: Policy) -> Self {
        let json = matches.get_flag("json");
        let verb = match name {
            "plugins" => match matches.remove_subcommand() {
                Some((_, install)) => installation(install),
                None => Verb::Plugins,
            },
            "info" => Verb::Info(subject(&mut matches)),
            "which" => Verb::Which(subject(&mut matches)),
            "verify" => Verb::Verify(subject(&mut matches)),
            _ => Verb::Doctor,
        };
        VerbRequest { verb, json, policy }
    }
}

fn subject<T: Clone + Send + Sync + 'static>(matches: &mut ArgMatches) -> T {
    matches.remove_one("subject").expect("invariant: clap requires the subject")
}

fn installation(mut matches: ArgMatches) -> Verb {
    let destination = match matches.remove_one("to") {
        Some(dir) => Destination::Directory(dir),
        None if matches.get_flag("system") => Destination::System,
        None => Destination::User,
    };
    let file = matches.remove_one("file").expect("invariant: clap requires the file");
    Verb::Install { file, destination }
}

/// The verbs, each a command of clap's.
pub(super) fn commands() -> [Command; 5] {
    let path = value_parser!(OsString);
    [
        Command::new("plugins")
            .about("Lists the plugins of every place, or installs one")
            .args_conflicts_with_subcommands(false)
            .arg(json().global(true))
            .subcommand_value_name("VERB")
            .subcommand_help_heading("Verbs")
            .subcommand(install()),
        Command::new("info")
            .about("Tells what a dialect says of itself")
            .arg(
                subject_of("NAME|FILE|URL", "A dialect, a plugin file, or a URL")
                    .value_parser(path.clone()),
            )
            .arg(json()),
        Command::new("which")
            .about("Tells which plugin serves a URL, and where it was looked for")
            .arg(subject_of("URL", "The URL of a database; it is not connected to"))
            .arg(json()),
        Command::new("verify")
            .about("Checks a plugin as before it is loaded")
            .arg(
                subject_of("NAME|FILE|URL", "A dialect, a plugin file, or a URL")
                    .value_parser(path),
            )
            .arg(json()),
        Command::new("doctor")
            .about("Tells what is wrong with plugins, and what to do")
            .arg(json()),
    ]
}

fn install() -> Command {
    Command::new("install")
        .about("Checks a plugin file and copies it to where programs find it")
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The plugin file, whatever it is called"),
        )
        .arg(
            Arg::new("system")
                .long("system")
                .action(ArgAction::SetTrue)
                .conflicts_with("to")
                .help("For all users, instead of for yourself"),
        )
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("DIRECTORY")
                .value_parser(value_parser!(PathBuf))
                .help("Into this directory, an absolute path"),
        )
}

fn subject_of(name: &'static str, help: &'static str) -> Arg {
    Arg::new("subject").value_name(name).required(true).help(help)
}

fn json() -> Arg {
    Arg::new("json").long("json").action(ArgAction::SetTrue).help("Answer with JSON")
}
