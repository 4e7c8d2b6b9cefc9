//! Rates and waits of pools by threads, connections and what is done with one.

use std::process::ExitCode;

use aludel_bench_pools::Bench;

fn main() -> ExitCode {
    Bench::Contended.run(Bench::Contended.contenders())
}
