//! Fifty callers at once at a pool with few connections, and slow ones to make.

use std::process::ExitCode;

use aludel_bench_pools::Bench;

fn main() -> ExitCode {
    Bench::Spike.run(Bench::Spike.contenders())
}
