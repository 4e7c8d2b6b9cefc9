//! What `create_engine` costs with a plugin that this process has not met: each phase by itself.
//!
//! Every measurement is a process of its own. The baselines are the system's loader alone on the
//! same file, and a connection of rusqlite. `crowd` has the plugin in a directory with 1,000 others.
//! A median of `create_engine` above its budget makes the exit code 1.

mod crowd;
mod phases;

use std::path::Path;
use std::process::{Command, ExitCode};

use aludel_benches::{Args, spread};
use phases::{PHASES, WHOLE};

/// The directories, with the number of other plugins in each.
const WORKLOADS: [(&str, usize); 2] = [("alone", 0), ("crowd", 1000)];

/// Milliseconds that `create_engine` may take with a cold plugin, by workload.
const BUDGETS: [f64; 2] = [3.0, 20.0];

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some((dir, variant)) = &args.child {
        phases::run(Path::new(dir), variant);
        return ExitCode::SUCCESS;
    }
    let mut exit = ExitCode::SUCCESS;
    let rounds = if args.test { 1 } else { args.rounds };
    for ((workload, others), budget) in WORKLOADS.into_iter().zip(BUDGETS) {
        if args.wants(workload) {
            let others = if args.test { others.min(20) } else { others };
            let dir = crowd::directory(others);
            let times = times(dir.path(), rounds);
            if args.test {
                println!("{workload}: found, verified, loaded and connected");
                continue;
            }
            println!(
                "\n{workload}: one plugin and {others} others (milliseconds, {rounds} rounds)"
            );
            if !report(&times, budget) {
                eprintln!("{workload}: the median of {WHOLE} is over its budget of {budget} ms");
                exit = ExitCode::FAILURE;
            }
        }
    }
    exit
}

/// The milliseconds of each phase, by round; the last is `create_engine` as a whole.
fn times(dir: &Path, rounds: usize) -> Vec<Vec<f64>> {
    // One for the page cache, which is not what is asked.
    let round = || {
        let times = [child(dir, "phases"), child(dir, WHOLE)].concat();
        assert_eq!(times.len(), PHASES.len() + 1, "a number for each phase");
        times
    };
    (0..=rounds).map(|_| round()).skip(1).collect()
}

fn child(dir: &Path, variant: &str) -> Vec<f64> {
    let program = std::env::current_exe().expect("the program has a path");
    let output = Command::new(program).arg("--child").arg(dir).arg(variant).output();
    let output = output.expect("the benchmark can run itself");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().map(|number| number.parse().expect("milliseconds")).collect()
}

/// Prints the spread of each phase, and tells whether the whole is within its budget.
fn report(times: &[Vec<f64>], budget: f64) -> bool {
    let column = |at: usize| times.iter().map(|round| round[at]).collect::<Vec<f64>>();
    for (at, name) in PHASES.iter().enumerate() {
        println!("  {name:<16} {}", spread(&column(at)));
    }
    let whole = spread(&column(PHASES.len()));
    println!("  {WHOLE:<16} {whole}   budget {budget}");
    let dlopen = PHASES.iter().position(|name| *name == "dlopen").expect("a phase");
    let ratios: Vec<f64> = times.iter().map(|round| round[PHASES.len()] / round[dlopen]).collect();
    println!("  {:<16} {}", "whole ÷ dlopen", spread(&ratios));
    whole.median <= budget
}
