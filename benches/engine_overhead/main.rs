//! What the engine adds to a statement that it knows.
//!
//! `Connection::execute` of a cached `select 1` stands beside the same statement, held and executed
//! on the driver's connection. Both read the value, on one SQLite database in memory with a
//! transaction open. Rounds are paired, in turns; more than the budget as the median of what each pair
//! differs by makes the exit code 1.

use std::process::ExitCode;
use std::time::Instant;

use aludel::abi::host::{DriverConnection, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::{Connection, Engine};
use aludel_benches::{Args, spread};

const SQL: &str = "select 1";

/// Nanoseconds that the engine may add to an execution.
const BUDGET: f64 = 250.0;

/// Executions of a measurement.
const TIMES: u32 = 2_000;

/// Measurements of a round: short ones, of which some are not disturbed by other programs.
const SLICES: usize = 20;

fn main() -> ExitCode {
    let args = Args::parse();
    let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect()).build();
    let engine = engine.expect("the URL is good");
    let mut connection = engine.connect().expect("a database in memory");
    assert_eq!(by_engine(&mut connection), 1, "the first statement begins the transaction");
    let statement = hold(connection.driver().expect("it is connected"));
    if args.test {
        assert_eq!(
            by_driver(connection.driver().expect("it is connected"), &statement),
            by_engine(&mut connection)
        );
        println!("{SQL}: both read the same");
        return ExitCode::SUCCESS;
    }
    let mut rounds: Vec<[f64; 2]> = Vec::new();
    for round in 0..=args.rounds * SLICES {
        let bare = |connection: &mut Connection| {
            nanos(|| by_driver(connection.driver().expect("it is connected"), &statement))
        };
        let whole = |connection: &mut Connection| nanos(|| by_engine(connection));
        let times = if round % 2 == 0 {
            [bare(&mut connection), whole(&mut connection)]
        } else {
            let whole = whole(&mut connection);
            [bare(&mut connection), whole]
        };
        // The first is for warming up.
        rounds.extend((round > 0).then_some(times));
    }
    let connects: Vec<f64> =
        (0..args.rounds * SLICES).map(|_| nanos(|| connect(&engine))).collect();
    println!("\nconnect and drop, from the pool: {}", spread(&connects));
    report(&rounds)
}

/// Takes a connection from the pool and gives it back.
fn connect(engine: &Engine) -> i64 {
    let connection = engine.connect().expect("one is idle");
    i64::from(!connection.closed())
}

fn report(rounds: &[[f64; 2]]) -> ExitCode {
    let column = |of: fn(&[f64; 2]) -> f64| spread(&rounds.iter().map(of).collect::<Vec<_>>());
    let (bare, whole) = (column(|[bare, _]| *bare), column(|[_, whole]| *whole));
    let added = column(|[bare, whole]| whole - bare);
    println!("\n{SQL}, cached (nanoseconds an execution, {} measurements)", rounds.len());
    println!("  held statement  {bare}");
    println!("  engine          {whole}");
    println!("  added           {added}   budget {BUDGET}");
    if added.median <= BUDGET { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn hold(driver: &mut DriverConnection) -> DriverStatement {
    let (statement, _) =
        driver.prepare(SQL, PrepareOptions::default(), Limits::NONE).expect("SQL is good");
    statement.expect("the text holds a statement")
}

/// Nanoseconds of one piece of work.
fn nanos(mut work: impl FnMut() -> i64) -> f64 {
    let start = Instant::now();
    let mut sum = 0;
    for _ in 0..TIMES {
        sum += work();
    }
    assert_eq!(sum, i64::from(TIMES));
    start.elapsed().as_secs_f64() * 1e9 / f64::from(TIMES)
}

fn by_driver(driver: &mut DriverConnection, statement: &DriverStatement) -> i64 {
    let mut rows = driver.execute(statement, &(), ExecuteOptions::default()).expect("it executes");
    rows.next().expect("it is read").expect("a row").get_at(0).expect("a number")
}

fn by_engine(connection: &mut Connection) -> i64 {
    connection.execute(SQL, ()).and_then(|mut rows| rows.scalar()).expect("it executes")
}
