//! The arguments of a benchmark: what `cargo bench --bench NAME -- …` passes on.

/// How a benchmark is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Args {
    /// `--test`: every workload once and small, results compared, nothing timed.
    pub test: bool,
    /// `--instructions`: count instructions under callgrind instead of timing; in a child, that it
    /// runs there.
    pub instructions: bool,
    /// `--rounds N`: paired rounds; 15 by default.
    pub rounds: usize,
    /// Only workloads whose name contains this.
    pub filter: Option<String>,
    /// `--child WORKLOAD VARIANT`: run this once, for the parent that counts or isolates.
    pub child: Option<(String, String)>,
}

impl Args {
    /// Reads the arguments of this process. Unknown ones end it with a message.
    #[must_use]
    pub fn parse() -> Self {
        match Self::from_iter(std::env::args().skip(1)) {
            Ok(args) => args,
            Err(message) => {
                eprintln!("{message}\nusage: [--test] [--instructions] [--rounds N] [workload]");
                std::process::exit(2);
            }
        }
    }

    fn from_iter(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut args =
            Args { test: false, instructions: false, rounds: 15, filter: None, child: None };
        while let Some(word) = words.next() {
            let mut next = |what| words.next().ok_or(format!("{word} needs {what}"));
            match word.as_str() {
                "--test" => args.test = true,
                // cargo passes it to every benchmark.
                "--bench" => {}
                "--instructions" => args.instructions = true,
                "--rounds" => {
                    let rounds = next("a number")?;
                    args.rounds = rounds.parse().map_err(|_| format!("{rounds} is no number"))?;
                }
                "--child" => args.child = Some((next("a workload")?, next("a variant")?)),
                other if other.starts_with('-') => return Err(format!("unknown argument {other}")),
                _ => args.filter = Some(word),
            }
        }
        Ok(args)
    }

    /// True when the workload was asked for.
    #[must_use]
    pub fn wants(&self, workload: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| workload.contains(filter.as_str()))
    }
}
