//! The arguments: what `cargo bench --bench concurrent_point_postgresql -- …` passes on.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, Command, value_parser};

/// How the benchmark is run.
pub(crate) struct Args {
    /// One small cell, results compared, nothing timed.
    pub(crate) test: bool,
    /// How often every cell is measured, in turning order.
    pub(crate) rounds: usize,
    /// How long one measurement takes.
    pub(crate) time: Duration,
    /// The numbers of callers.
    pub(crate) callers: Vec<usize>,
    /// The sizes of pools.
    pub(crate) pools: Vec<u32>,
    /// Where everything that was measured goes.
    pub(crate) json: Option<PathBuf>,
}

impl Args {
    /// Reads the arguments of this process. Unknown ones, and `--help`, end it with a message.
    pub(crate) fn parse() -> Self {
        let matches = command().get_matches();
        let number = |name| *matches.get_one::<u64>(name).expect("invariant: it has a default");
        let list = |name| matches.get_many::<u64>(name).expect("invariant: it has a default");
        Args {
            test: matches.get_flag("test"),
            rounds: number("rounds") as usize,
            time: Duration::from_millis(number("millis")),
            callers: list("callers").map(|callers| *callers as usize).collect(),
            pools: list("pools").map(|size| *size as u32).collect(),
            json: matches.get_one("json").cloned(),
        }
    }
}

fn command() -> Command {
    let number = |name: &'static str, value: &'static str, help: &'static str| {
        let parser = value_parser!(u64).range(1..=10_000);
        Arg::new(name).long(name).value_name(value).help(help).value_parser(parser)
    };
    Command::new("concurrent_point").args([
        Arg::new("test")
            .long("test")
            .action(ArgAction::SetTrue)
            .help("One small cell, results compared, nothing timed"),
        number("rounds", "N", "How often everything is measured").default_value("3"),
        number("millis", "N", "Milliseconds of a measurement").default_value("400"),
        number("callers", "A,B", "Numbers of callers")
            .value_delimiter(',')
            .default_value("1,4,16,64,256"),
        number("pools", "A,B", "Sizes of pools").value_delimiter(',').default_value("1,2,5,10"),
        Arg::new("json")
            .long("json")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("Write everything that was measured"),
        // cargo passes it to every benchmark.
        Arg::new("bench").long("bench").action(ArgAction::SetTrue).hide(true),
    ])
}
