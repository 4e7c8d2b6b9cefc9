//! Who is overtaken at a pool, and how long the unluckiest waits.

use std::process::ExitCode;

use aludel_bench_pools::Bench;

fn main() -> ExitCode {
    Bench::Fairness.run(Bench::Fairness.contenders())
}
