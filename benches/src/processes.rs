//! Paired rounds in which every run is a process of its own.

use std::process::Command;

use crate::cost::Cost;

/// Runs each variant once a round, in a process that this program starts with `--child WORKLOAD
/// VARIANT` and that prints a [`Cost`]. The order turns around from round to round. The result has
/// the costs of each variant, round by round.
///
/// # Panics
/// When a process fails, or checksums differ.
#[must_use]
pub fn rounds_in_processes(workload: &str, variants: &[&str], rounds: usize) -> Vec<Vec<Cost>> {
    let mut costs = vec![Vec::with_capacity(rounds); variants.len()];
    let mut checksum = None;
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..variants.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            let cost = in_process(workload, variants[index]);
            let expected = *checksum.get_or_insert(cost.checksum);
            assert_eq!(cost.checksum, expected, "{} computed something else", variants[index]);
            costs[index].push(cost);
        }
    }
    costs
}

fn in_process(workload: &str, variant: &str) -> Cost {
    let program = std::env::current_exe().expect("the program has a path");
    let output = Command::new(program).args(["--child", workload, variant]).output();
    let output = output.expect("the benchmark can run itself");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{workload}, {variant}: {said}");
    let text = String::from_utf8_lossy(&output.stdout);
    text.parse().unwrap_or_else(|problem| panic!("{workload}, {variant}: {problem}"))
}
