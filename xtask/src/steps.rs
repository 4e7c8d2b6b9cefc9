//! Runs the steps of a verb, keeps what came of each, and prints the summary at the end.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// What came of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

struct Step {
    name: String,
    outcome: Outcome,
    took: Duration,
}

/// The steps of one verb in the order in which they ran.
pub(crate) struct Steps {
    root: PathBuf,
    done: Vec<Step>,
    /// Added to the environment of every command, and never printed: passwords stand there.
    provided: Vec<(String, String)>,
    /// Printed below the summary.
    closing: Vec<String>,
}

impl Steps {
    /// Starts with no steps, in the repository that holds this crate.
    pub(crate) fn new() -> Self {
        // Asked for at run time: a target directory that clones share keeps the binary of another.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().unwrap_or(&manifest).to_path_buf();
        Self { root, done: Vec::new(), provided: Vec::new(), closing: Vec::new() }
    }

    /// The repository's root, in which every command runs.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Adds variables to the environment of every command that follows.
    pub(crate) fn provide<'a>(&mut self, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
        self.provided.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    /// Prints `text` at the very end.
    pub(crate) fn close_with(&mut self, text: String) {
        self.closing.push(text);
    }

    /// Runs a command, prints it first, and tells whether it succeeded.
    pub(crate) fn run(&mut self, name: &str, command: &[&str]) -> bool {
        self.run_with(name, command, &[])
    }

    /// Like [`Steps::run`], with variables added to the environment.
    pub(crate) fn run_with(&mut self, name: &str, command: &[&str], env: &[(&str, &str)]) -> bool {
        let variables: String =
            env.iter().map(|(key, value)| format!("{key}={value:?} ")).collect();
        println!("\n== {name}: {variables}{}", command.join(" "));
        let root = self.root.clone();
        let provided = self.provided.clone();
        let provided = provided.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let env: Vec<(&str, &str)> = provided.chain(env.iter().copied()).collect();
        self.record(name, || execute(&root, command, &env))
    }

    /// Runs a step that is code of this crate, and tells whether it succeeded.
    pub(crate) fn check(&mut self, name: &str, work: impl FnOnce(&Path) -> Outcome) -> bool {
        println!("\n== {name}");
        let root = self.root.clone();
        self.record(name, || work(&root))
    }

    /// Notes a step that did not run, and why; this alone does not fail the verb.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        println!("\n== {name}: skipped, {why}");
        self.record(name, || Outcome::Skipped(why.into()));
    }

    /// Notes a step that could not run although it must.
    pub(crate) fn fail(&mut self, name: &str, why: &str) {
        println!("\n== {name}: {why}");
        self.record(name, || Outcome::Failed(why.into()));
    }

    /// Prints the summary; the exit code says whether every step that ran passed.
    pub(crate) fn finish(self) -> ExitCode {
        println!("\n{}", summary(&self.done));
        for text in &self.closing {
            println!("\n{text}");
        }
        if self.done.iter().any(|step| matches!(step.outcome, Outcome::Failed(_))) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }

    fn record(&mut self, name: &str, work: impl FnOnce() -> Outcome) -> bool {
        let start = Instant::now();
        let outcome = work();
        let passed = outcome == Outcome::Passed;
        self.done.push(Step { name: name.into(), outcome, took: start.elapsed() });
        passed
    }
}

fn execute(root: &Path, command: &[&str], env: &[(&str, &str)]) -> Outcome {
    let Some((program, args)) = command.split_first() else {
        return Outcome::Failed("no command was given".into());
    };
    let status =
        Command::new(program).args(args).envs(env.iter().copied()).current_dir(root).status();
    match status {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("`{}` ended with {status}", command.join(" "))),
        Err(error) => Outcome::Failed(format!("cannot start `{program}`: {error}")),
    }
}

fn summary(steps: &[Step]) -> String {
    let width = steps.iter().map(|step| step.name.len()).max().unwrap_or(0).max(4);
    let mut lines = vec![format!("{:width$}  result   seconds", "step")];
    for step in steps {
        let (result, reason) = match &step.outcome {
            Outcome::Passed => ("ok", ""),
            Outcome::Failed(reason) => ("FAILED", reason.as_str()),
            Outcome::Skipped(reason) => ("skipped", reason.as_str()),
        };
        let seconds = step.took.as_secs_f64();
        let line = format!("{:width$}  {result:7}  {seconds:7.1}  {reason}", step.name);
        lines.push(line.trim_end().into());
    }
    let failed: Vec<&str> = steps
        .iter()
        .filter(|step| matches!(step.outcome, Outcome::Failed(_)))
        .map(|step| step.name.as_str())
        .collect();
    if !failed.is_empty() {
        lines.push(format!("failed: {}", failed.join(", ")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str, outcome: Outcome) -> Step {
        Step { name: name.into(), outcome, took: Duration::from_millis(1500) }
    }

    #[test]
    fn the_summary_lists_every_step_and_names_the_failed_ones() {
        let steps = [
            step("fmt", Outcome::Passed),
            step("deny", Outcome::Skipped("cargo-deny is not installed".into())),
            step("clippy", Outcome::Failed("ended with exit status: 101".into())),
        ];
        let expected = "\
step    result   seconds
fmt     ok           1.5
deny    skipped      1.5  cargo-deny is not installed
clippy  FAILED       1.5  ended with exit status: 101
failed: clippy";
        assert_eq!(summary(&steps), expected);
    }

    #[test]
    fn a_failed_command_fails_the_verb_and_a_skipped_step_does_not() {
        let mut steps = Steps::new();
        steps.skip("optional", "not there");
        assert!(steps.run("version", &["cargo", "--version"]));
        assert_eq!(format!("{:?}", steps.finish()), format!("{:?}", ExitCode::SUCCESS));

        let mut steps = Steps::new();
        assert!(!steps.run("nonsense", &["cargo", "--no-such-flag"]));
        assert!(!steps.run("absent", &["aludel-has-no-such-tool"]));
        assert_eq!(format!("{:?}", steps.finish()), format!("{:?}", ExitCode::FAILURE));
    }
}
