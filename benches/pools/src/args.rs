//! The arguments of a benchmark: what `cargo bench --bench pool_… -- …` passes on.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

/// How a benchmark is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Args {
    /// `--quick`, or `--test` as the other benchmarks call it: few cells, short times, one round, and
    /// no claim is held against the result. To see that a pool takes part in everything.
    pub quick: bool,
    /// `--rounds N`: how often every contender is measured in every cell; see [`Bench`](crate::Bench)
    /// for what each does by itself. The order turns around from round to round.
    pub rounds: Option<usize>,
    /// `--of NAME`: the pool that ratios are of; `aludel` by default.
    pub of: String,
    /// `--pools A,B`: only these contenders, by their whole names.
    pub pools: Option<Vec<String>>,
    /// `--json FILE`: everything that was measured, round by round.
    pub json: Option<PathBuf>,
    /// Only cells whose name contains this.
    pub cell: Option<String>,
}

impl Args {
    /// Reads the arguments of this process. Unknown ones, and `--help`, end it with a message.
    #[must_use]
    pub fn parse() -> Self {
        Self::of(&command().get_matches())
    }

    /// Reads arguments, without the name of a program.
    ///
    /// # Errors
    /// The message for who wrote them.
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let words = std::iter::once("bench").chain(words);
        let matches = command().try_get_matches_from(words).map_err(|error| error.to_string())?;
        Ok(Self::of(&matches))
    }

    fn of(matches: &ArgMatches) -> Self {
        Args {
            quick: matches.get_flag("quick"),
            rounds: matches.get_one("rounds").map(|rounds: &u64| *rounds as usize),
            of: matches.get_one("of").cloned().unwrap_or_default(),
            pools: matches.get_many("pools").map(|names| names.cloned().collect()),
            json: matches.get_one("json").cloned(),
            cell: matches.get_one("cell").cloned(),
        }
    }

    /// Whether a contender of this name takes part.
    pub(crate) fn wants_pool(&self, name: &str) -> bool {
        self.pools.as_ref().is_none_or(|names| names.iter().any(|wanted| wanted == name))
    }

    /// Whether the cell of this name is measured.
    pub(crate) fn wants_cell(&self, name: &str) -> bool {
        self.cell.as_ref().is_none_or(|part| name.contains(part.as_str()))
    }
}

fn command() -> Command {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("pool benchmark").no_binary_name(false).args([
        Arg::new("quick")
            .long("quick")
            .alias("test")
            .action(ArgAction::SetTrue)
            .help("Few cells, short times, one round; no claims"),
        option("rounds", "N", "How often everything is measured, in turning order")
            .value_parser(value_parser!(u64).range(1..)),
        option("of", "NAME", "The pool that ratios are of")
            .default_value(crate::pools::names::OURS),
        option("pools", "A,B", "Only these contenders").value_delimiter(','),
        option("json", "FILE", "Write everything that was measured")
            .value_parser(value_parser!(PathBuf)),
        Arg::new("cell").value_name("CELL").help("Only cells whose name contains this"),
        // cargo passes it to every benchmark.
        Arg::new("bench").long("bench").action(ArgAction::SetTrue).hide(true),
    ])
}

#[cfg(test)]
mod tests {
    use super::Args;
    use std::path::PathBuf;

    #[test]
    fn arguments_are_those_of_cargo_and_our_own() {
        let plain = Args::from_words(["--bench"]).unwrap();
        assert_eq!((plain.quick, plain.rounds, plain.of.as_str()), (false, None, "aludel"));
        assert!(plain.wants_pool("r2d2") && plain.wants_cell("16x1xspin20us"));
        let words = ["--quick", "--rounds", "3", "--pools", "r2d2,bb8", "--json", "a.json", "64x5"];
        let full = Args::from_words(words).unwrap();
        assert_eq!((full.quick, full.rounds), (true, Some(3)));
        assert_eq!(full.json, Some(PathBuf::from("a.json")));
        assert!(full.wants_pool("bb8") && !full.wants_pool("bb"));
        assert!(full.wants_cell("64x5xsleep200us") && !full.wants_cell("16x5x0us"));
    }

    #[test]
    fn no_rounds_and_unknown_words_are_refused() {
        assert!(Args::from_words(["--rounds", "0"]).unwrap_err().contains('0'));
        assert!(Args::from_words(["--fast"]).unwrap_err().contains("--fast"));
    }
}
