//! `cargo xtask bench`: one bench of the package aludel-benches, or all of them.

use crate::steps::Steps;

/// Runs the bench called `name`, or every bench; `args` go to the bench itself.
pub(crate) fn run(steps: &mut Steps, name: Option<&str>, args: &[String]) {
    let mut command = vec!["cargo", "bench", "-p", "aludel-benches"];
    if let Some(name) = name {
        command.extend(["--bench", name]);
    }
    if !args.is_empty() {
        command.push("--");
        command.extend(args.iter().map(String::as_str));
    }
    steps.run("bench", &command);
}
