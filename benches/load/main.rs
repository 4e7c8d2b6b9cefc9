//! What `create_engine` costs with a plugin that this process has not met: each phase by itself.
//!
//! Every measurement is a process of its own. The baselines are the system's loader alone on the
//! same file, and a connection of rusqlite. `crowd` has the plugin in a directory with 1,000 others.

mod crowd;
mod phases;

use std::path::Path;
use std::process::Command;

use aludel_benches::{Args, spread};
use phases::{PHASES, WHOLE};

/// The directories, with the number of other plugins in each.
const WORKLOADS: [(&str, usize); 2] = [("alone", 0), ("crowd", 1000)];

/// Milliseconds that `create_engine` may take with a cold plugin, by workload.
const BUDGETS: [f64; 2] = [3.0, 20.0];

fn main() {
    let args = Args::parse();
    if let Some((dir, variant)) = &args.child {
        return phases::run(Path::new(dir), variant);
    }
    let rounds = if args.test { 1 } else { args.rounds };
    for ((workload, others), budget) in WORKLOADS.into_iter().zip(BUDGETS) {
        if args.wants(workload) {
            let others = if args.test { others.min(20) } else { others };
            let dir = crowd::directory(others);
            report(workload, others, &times(dir.path(), rounds), budget, args.test);
        }
    }
}

/// The milliseconds of each phase, by round; the last is `create_engine` as a whole.
fn times(dir: &Path, rounds: usize) -> Vec<Vec<f64>> {
    // One for the page cache, which is not what is asked.
    (0..=rounds).map(|_| [child(dir, "phases"), child(dir, WHOLE)].concat()).skip(1).collect()
}

fn child(dir: &Path, variant: &str) -> Vec<f64> {
    let program = std::env::current_exe().expect("the program has a path");
    let output = Command::new(program).arg("--child").arg(dir).arg(variant).output();
    let output = output.expect("the benchmark can run itself");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().map(|number| number.parse().expect("milliseconds")).collect()
}

fn report(workload: &str, others: usize, times: &[Vec<f64>], budget: f64, is_test: bool) {
    let names: Vec<&str> = PHASES.iter().copied().chain([WHOLE]).collect();
    assert!(times.iter().all(|round| round.len() == names.len()), "a number for each phase");
    if is_test {
        println!("{workload}: found, verified, loaded and connected");
        return;
    }
    let rounds = times.len();
    println!("\n{workload}: one plugin and {others} others (milliseconds, {rounds} rounds)");
    for (at, name) in names.iter().enumerate() {
        let column: Vec<f64> = times.iter().map(|round| round[at]).collect();
        let budget = if *name == WHOLE { format!("   budget {budget}") } else { String::new() };
        println!("  {name:<16} {}{budget}", spread(&column));
    }
    let dlopen = PHASES.iter().position(|name| *name == "dlopen").expect("a phase");
    let ratios: Vec<f64> = times.iter().map(|round| round[PHASES.len()] / round[dlopen]).collect();
    println!("  {:<16} {}", "whole ÷ dlopen", spread(&ratios));
}
