//! Cancels that come around the end of their statement.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::{DriverCancel, DriverConnection, DriverStatement};

use crate::support::{connect_with, execute, prepare};

const ROUNDS: u64 = 10_000;

/// Tells the canceller that there is nothing more to cancel.
const OVER: u64 = u64::MAX;

/// Cancels each call that is announced, and nothing else.
fn cancel_all(cancel: &DriverCancel, announced: &AtomicU64) {
    let mut last = 0;
    loop {
        match announced.load(SeqCst) {
            OVER => return,
            call if call > last && cancel.current_call() >= call => {
                cancel.cancel_call(call).unwrap();
                last = call;
            }
            _ => thread::yield_now(),
        }
    }
}

/// Runs a statement of about so many microseconds; true when it was cancelled.
fn victim(connection: &mut DriverConnection, statement: &DriverStatement, micros: u64) -> bool {
    match execute(connection, statement, &(micros as f64 / 1e6,)) {
        Ok(_) => false,
        Err(error) => {
            assert_eq!(
                (error.sqlstate(), error.is_disconnect()),
                (Some("57014"), false),
                "{error}"
            );
            true
        }
    }
}

#[test]
fn ten_thousand_cancels_around_the_end_of_a_statement_never_hit_the_next_one() {
    let Some(mut connection) = connect_with("sslmode=disable") else { return };
    let cancel = connection.cancel_handle().unwrap();
    let sleep = prepare(&mut connection, "select pg_sleep($1)");
    let next = prepare(&mut connection, "select $1::int8");
    let announced = AtomicU64::new(0);
    // The time that a cancel takes is found on the way: half of them are to come too late.
    let (mut micros, mut cancelled) = (500_u64, 0);
    thread::scope(|scope| {
        scope.spawn(|| cancel_all(&cancel, &announced));
        for round in 0..ROUNDS {
            let call = cancel.current_call() + 1;
            announced.store(call, SeqCst);
            let hit = victim(&mut connection, &sleep, micros);
            cancelled += u64::from(hit);
            let shift = 1 + round * 7919 % 40;
            micros = if hit { micros.saturating_sub(shift) } else { (micros + shift).min(20_000) };
            let (rows, _) = execute(&mut connection, &next, &(round as i64,))
                .unwrap_or_else(|error| panic!("round {round}: {error}"));
            assert_eq!(rows, [[Value::I64(round as i64)]]);
        }
        announced.store(OVER, SeqCst);
    });
    let rare = ROUNDS / 20;
    assert!((rare..ROUNDS - rare).contains(&cancelled), "{cancelled} of {ROUNDS} came in time");
}

#[test]
fn a_call_does_not_end_before_its_cancel_has_been_taken() {
    let Some(mut connection) = connect_with("sslmode=disable") else { return };
    let cancel = connection.cancel_handle().unwrap();
    let sleep = prepare(&mut connection, "select pg_sleep($1)");
    let call = cancel.current_call() + 1;
    thread::scope(|scope| {
        let canceller = scope.spawn(|| {
            let started = Instant::now();
            while cancel.current_call() < call && started.elapsed() < Duration::from_secs(30) {
                thread::yield_now();
            }
            thread::sleep(Duration::from_millis(50));
            cancel.cancel_call(call).unwrap();
        });
        assert!(victim(&mut connection, &sleep, 30_000_000));
        canceller.join().unwrap();
    });
    // The call is over: its number is nobody's any more.
    cancel.cancel_call(call).unwrap();
    assert!(!victim(&mut connection, &sleep, 0));
}
