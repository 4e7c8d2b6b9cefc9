//! Waits of callers that come at a fixed rate, from the moment at which they were to come.

use std::process::ExitCode;

use aludel_bench_pools::Bench;

fn main() -> ExitCode {
    Bench::OpenLoop.run(Bench::OpenLoop.contenders())
}
