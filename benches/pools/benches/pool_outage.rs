//! Callers of a pool whose server is down for two seconds.

use std::process::ExitCode;

use aludel_bench_pools::Bench;

fn main() -> ExitCode {
    Bench::Outage.run(Bench::Outage.contenders())
}
