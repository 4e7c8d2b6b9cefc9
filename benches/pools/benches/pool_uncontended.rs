//! What a checkout and a return cost one thread that nobody disturbs.

use std::process::ExitCode;

use aludel_bench_pools::Bench;

fn main() -> ExitCode {
    Bench::Uncontended.run(Bench::Uncontended.contenders())
}
