//! Rows of PostgreSQL: the loaded plugin beside the linked dialect, tokio-postgres, postgres, sqlx.
//!
//! A scan of a million rows, point selects, many inserts, connecting. Every run is a process of its
//! own: `cargo xtask bench rows_postgresql` times, `-- --instructions` counts under callgrind. The
//! server is the one that the variables `ALUDEL_PG_…` name. A median over its budget makes the exit
//! code 1.

mod libpq;
mod ours;
#[cfg(feature = "peers")]
mod peers;
mod server;
mod sql;
mod system_calls;
mod variants;
mod workload;

use std::collections::HashMap;
use std::process::ExitCode;

use aludel_benches::{
    Args, Cost, count_instructions, measured_region, report, rounds_in_processes,
};
use server::Server;
use workload::{WORKLOADS, Workload};

fn main() -> ExitCode {
    let args = Args::parse();
    let Some(server) = Server::from_environment() else {
        println!(
            "rows_postgresql: skipped, no server; `cargo xtask bench rows_postgresql` has one"
        );
        return ExitCode::SUCCESS;
    };
    if let Some((workload, variant)) = &args.child {
        child(&server, workload, variant, args.instructions);
        return ExitCode::SUCCESS;
    }
    let mut exit = ExitCode::SUCCESS;
    for workload in WORKLOADS.iter().filter(|workload| args.wants(workload.name)) {
        let kept = if args.test {
            check(workload, &server)
        } else if args.instructions {
            count(workload, &server)
        } else {
            time(workload, &server, args.rounds)
        };
        if !kept {
            exit = ExitCode::FAILURE;
        }
    }
    server.clean();
    exit
}

/// Runs one variant and prints its cost, or lets callgrind count it.
fn child(server: &Server, workload: &str, variant: &str, counted: bool) {
    let workload = WORKLOADS.iter().find(|known| known.name == workload).expect("known workload");
    let size = if counted { workload.counted_size } else { workload.size };
    let (size, parts) = workload.part(variant, size);
    let mut run = variants::prepare(workload.name, variant, server, size);
    if counted {
        // The C library takes longer ways to the kernel once a process has had a second thread, as
        // loading a plugin gives it.
        std::thread::spawn(|| {}).join().expect("a thread can be had");
        run();
        measured_region(&mut *run);
    } else {
        println!("{}", Cost::of(run).of_parts(parts));
    }
}

fn check(workload: &Workload, server: &Server) -> bool {
    server.fill(workload.small_size.rows);
    let variants = variants::present(workload);
    let sums: Vec<u64> = variants
        .iter()
        .map(|name| variants::prepare(workload.name, name, server, workload.small_size)())
        .collect();
    let agree = sums.iter().all(|sum| *sum == sums[0]);
    let verdict = if agree { "all variants agree" } else { "THEY DIFFER" };
    println!("{}: {verdict}: {}", workload.name, variants.join("; "));
    agree
}

fn time(workload: &Workload, server: &Server, rounds: usize) -> bool {
    server.fill(workload.size.rows);
    let variants = variants::present(workload);
    println!("\n{}: {} (a process each, {rounds} rounds)", workload.name, workload.what);
    let costs = rounds_in_processes(workload.name, &variants, rounds);
    report(&variants, &costs, workload.budgets)
}

fn count(workload: &Workload, server: &Server) -> bool {
    server.fill(workload.counted_size.rows);
    println!("\n{}: {} (instructions of the client)", workload.name, workload.what);
    let mut counts = HashMap::new();
    for name in variants::present(workload) {
        let (size, parts) = workload.part(name, workload.counted_size);
        match count_instructions(workload.name, name) {
            Ok(count) => {
                println!("  {name:<24} {:.0} an item", count as f64 / workload.items(size) as f64);
                counts.insert(name, (count * parts) as f64);
            }
            Err(message) => println!("  {name:<24} {message}"),
        }
    }
    let mut kept = true;
    for (of, over, at_most) in workload.counted_budgets {
        let (Some(own), Some(base)) = (counts.get(of), counts.get(over)) else { continue };
        let ratio = own / base;
        let verdict = if ratio > *at_most { "   OVER" } else { "" };
        println!("  instructions: {of} ÷ {over}: {ratio:.3}   budget {at_most}{verdict}");
        kept &= ratio <= *at_most;
    }
    kept
}
