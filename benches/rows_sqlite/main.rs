//! Rows of SQLite: the loaded plugin beside the linked dialect, rusqlite, and the C API.
//!
//! A scan, point selects, executemany, and one large blob.
//! `cargo bench --bench rows_sqlite` times, `-- --instructions` counts under callgrind. Every
//! variant has a database of its own, in memory. The plugin carries its own SQLite, so that two
//! copies meet in this process; they never see the same database, and neither is registered.

mod aludel_rows;
mod c_api;
mod direct;
mod workload;

use std::process::Command;

use aludel_benches::{Args, Variant, compare, count_instructions, measured_region, spread};
use workload::{Size, VARIANTS, WORKLOADS, Workload};

fn main() {
    let args = Args::parse();
    if let Some((workload, variant)) = &args.child {
        return child(workload, variant);
    }
    for workload in WORKLOADS.iter().filter(|workload| args.wants(workload.name)) {
        if args.test {
            check(workload);
        } else if args.instructions {
            count(workload);
        } else if workload.own_processes {
            time_in_processes(workload, args.rounds);
        } else {
            time(workload, args.rounds);
        }
    }
}

/// Runs one variant once, prints its seconds, and lets callgrind count it.
fn child(workload: &str, variant: &str) {
    let workload = WORKLOADS.iter().find(|known| known.name == workload).expect("known workload");
    let size = if workload.own_processes { workload.size } else { workload.counted_size };
    let mut run = workload.prepare(variant, size);
    let warm = run();
    let start = std::time::Instant::now();
    let sum = measured_region(&mut *run);
    println!("{}", start.elapsed().as_secs_f64());
    assert_eq!(warm, sum, "the same work gives the same checksum");
}

fn check(workload: &Workload) {
    let sums: Vec<u64> =
        VARIANTS.iter().map(|name| workload.prepare(name, Size::SMALL)()).collect();
    assert!(sums.iter().all(|sum| *sum == sums[0]), "{}: {sums:?}", workload.name);
    println!("{}: all variants agree", workload.name);
}

fn time(workload: &Workload, rounds: usize) {
    let mut variants: Vec<Variant<'_>> = VARIANTS
        .iter()
        .map(|name| Variant { name, run: workload.prepare(name, workload.size) })
        .collect();
    println!("\n{}: {} (wall, ratio to rusqlite, {rounds} rounds)", workload.name, workload.what);
    for (name, ratio, millis) in compare(&mut variants, rounds).rows {
        println!("  {name:<9} {ratio}   {millis:.2} ms{}", budget(workload, name));
    }
}

/// Large blocks of memory move a variant by where they lie, so each run gets a process.
fn time_in_processes(workload: &Workload, rounds: usize) {
    let program = std::env::current_exe().expect("the program has a path");
    let seconds = |variant: &str| -> f64 {
        let output = Command::new(&program)
            .args(["--child", workload.name, variant])
            .output()
            .expect("the benchmark can run itself");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().parse().expect("seconds")
    };
    let mut times = vec![Vec::new(); VARIANTS.len()];
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..VARIANTS.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            times[index].push(seconds(VARIANTS[index]));
        }
    }
    println!(
        "\n{}: {} (wall, a process each, ratio to rusqlite, {rounds} rounds)",
        workload.name, workload.what
    );
    for (name, own) in VARIANTS.iter().zip(&times) {
        let ratios: Vec<f64> = own.iter().zip(&times[0]).map(|(own, base)| own / base).collect();
        let millis = spread(own).median * 1e3;
        println!("  {name:<9} {}   {millis:.2} ms{}", spread(&ratios), budget(workload, name));
    }
}

fn count(workload: &Workload) {
    println!("\n{}: {} (instructions, ratio to rusqlite)", workload.name, workload.what);
    let mut base = None;
    let mut linked = None;
    for name in VARIANTS {
        match count_instructions(workload.name, name) {
            Ok(count) => {
                let base = *base.get_or_insert(count);
                let per_item = count as f64 / workload.counted_items() as f64;
                let ratio = count as f64 / base as f64;
                let against = match (*name, linked) {
                    ("loaded", Some(linked)) => {
                        format!("   {:.3} × static", count as f64 / linked as f64)
                    }
                    _ => String::new(),
                };
                if *name == "static" {
                    linked = Some(count);
                }
                println!("  {name:<9} {ratio:.3}   {per_item:.0} an item{against}");
            }
            Err(message) => println!("  {name:<9} {message}"),
        }
    }
}

fn budget(workload: &Workload, variant: &str) -> String {
    match variant {
        "loaded" => format!("   budget {:.2}", workload.budget),
        _ => String::new(),
    }
}
