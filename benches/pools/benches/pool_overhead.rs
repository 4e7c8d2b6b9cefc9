//! What kinds of our pool and settings add to a checkout and a return.

use std::process::ExitCode;

use aludel_bench_pools::Bench;

fn main() -> ExitCode {
    Bench::Overhead.run(Bench::Overhead.contenders())
}
