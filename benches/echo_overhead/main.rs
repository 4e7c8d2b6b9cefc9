//! What the echo costs a cached `select 1` on SQLite: while it is off, and while it is on.
//!
//! Off: instructions under callgrind beside a build from which all telling is compiled out, which this
//! program makes with cargo in a target directory of its own; more than the budget makes the exit
//! code 1, and so does any allocation. On: time with lines that go nowhere, for information.
//! With `--test` nothing is built and nothing timed.

mod peer;

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use aludel::{Connection, Engine};
use aludel_benches::{Args, count_instructions_of, measured_region, spread};
use aludel_test_support::allocations::{CountingAllocator, count};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

const SQL: &str = "select 1";

/// Instructions with the echo off, as a multiple of those without any.
const BUDGET: f64 = 1.01;

/// Executions of a measurement.
const TIMES: u32 = 2_000;

/// Measurements of a round: short ones, of which some are not disturbed by other programs.
const SLICES: usize = 20;

fn main() -> ExitCode {
    let args = Args::parse();
    match args.child {
        Some((_, variant)) if variant == "lines" => println!("{}", echoed()),
        Some(_) => count_here(),
        None => return report(args.test, args.rounds),
    }
    ExitCode::SUCCESS
}

fn report(is_test: bool, rounds: usize) -> ExitCode {
    let allocated = allocations();
    println!("\n{SQL}, cached, echo off: {allocated} allocations in {TIMES} executions");
    assert!(echoed() > 0, "the echo prints when it is on");
    let mut kept = allocated == 0;
    if !is_test {
        kept &= instructions().unwrap_or_else(|problem| {
            println!("  {problem}");
            false
        });
        time(rounds);
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Counts with the echo off, and beside it in the other build. True when the budget is kept.
fn instructions() -> Result<bool, String> {
    if !peer::is_valgrind_there() {
        println!("  instructions: not counted, valgrind cannot be run: apt install valgrind");
        return Ok(true);
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let other = peer::build(&own)?;
    let printed = peer::answer(&other, "lines")?;
    if printed != "0" {
        return Err(format!("the build without the echo has printed {printed} bytes"));
    }
    let count =
        |program: &Path| count_instructions_of(program, SQL, "off").map(|count| count as f64);
    let (without, off) = (count(&other)?, count(&own)?);
    let (ratio, times) = (off / without, f64::from(TIMES));
    let over = if ratio <= BUDGET { "" } else { "   OVER" };
    println!("  instructions, echo compiled out  {:8.1}", without / times);
    println!("  instructions, echo off           {:8.1}", off / times);
    println!("  ratio                            {ratio:10.4}   budget {BUDGET}{over}");
    Ok(ratio <= BUDGET)
}

/// Times the echo off and on in turns.
fn time(rounds: usize) {
    let (mut silent, mut telling) = (connect(false, io::sink()), connect(true, io::sink()));
    let mut times: Vec<[f64; 2]> = Vec::new();
    for round in 0..=rounds * SLICES {
        let pair = if round % 2 == 0 {
            [micros(&mut silent), micros(&mut telling)]
        } else {
            let on = micros(&mut telling);
            [micros(&mut silent), on]
        };
        // The first is for warming up.
        times.extend((round > 0).then_some(pair));
    }
    let column = |of: fn(&[f64; 2]) -> f64| spread(&times.iter().map(of).collect::<Vec<_>>());
    println!("  microseconds an execution, {} measurements", times.len());
    println!("    echo off                {}", column(|[off, _]| *off));
    println!("    echo on, to nowhere     {}   target 3", column(|[_, on]| *on));
    println!("    on ÷ off                {}", column(|[off, on]| on / off));
}

/// Allocations with the echo off.
fn allocations() -> u64 {
    let mut connection = connect(false, io::sink());
    count(|| execute(&mut connection)).1.allocations
}

/// What callgrind counts.
fn count_here() {
    let mut connection = connect(false, io::sink());
    measured_region(&mut || execute(&mut connection));
}

/// Bytes that the echo prints of a statement when it is on.
fn echoed() -> usize {
    let printed = Printed::default();
    let mut connection = connect(true, printed.clone());
    let before = printed.0.load(Ordering::Relaxed);
    assert_eq!(once(&mut connection), 1);
    printed.0.load(Ordering::Relaxed) - before
}

/// A connection in a transaction that has the statement prepared.
fn connect(echo: bool, to: impl io::Write + Send + 'static) -> Connection {
    let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect());
    let engine = engine.echo(echo).echo_to(to).build().expect("the URL is good");
    let mut connection = engine.connect().expect("a database in memory");
    execute(&mut connection);
    connection
}

fn micros(connection: &mut Connection) -> f64 {
    let start = Instant::now();
    execute(connection);
    start.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
}

fn execute(connection: &mut Connection) -> u64 {
    let sum = (0..TIMES).map(|_| once(connection)).sum();
    assert_eq!(sum, u64::from(TIMES));
    sum
}

fn once(connection: &mut Connection) -> u64 {
    connection.execute(SQL, ()).and_then(|mut rows| rows.scalar()).expect("it executes")
}

/// Counts what is written to it.
#[derive(Clone, Default)]
struct Printed(Arc<AtomicUsize>);

impl io::Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
