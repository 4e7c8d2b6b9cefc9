//! Statements that are cancelled or run out of time, each beside one that must not be.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use aludel::{Connection, Error, ExecutionOptions};

use super::site::Site;

/// Rounds of a test; `ALUDEL_ROUNDS` sets another number.
pub(crate) fn rounds() -> u64 {
    let set = std::env::var("ALUDEL_ROUNDS").ok();
    set.map_or(10_000, |rounds| rounds.parse().expect("ALUDEL_ROUNDS is a number"))
}

/// The statement after one that was stopped: nothing may stop it.
fn neighbour(conn: &mut Connection, site: &Site, round: u64) {
    if conn.in_transaction() {
        conn.rollback().unwrap_or_else(|error| panic!("round {round}, rollback: {error}"));
    }
    let one: Result<i64, Error> = conn.scalar(site.short, ());
    match one {
        Ok(one) => assert_eq!(one, 1),
        Err(error) => panic!("round {round}: a neighbour was stopped: {error}"),
    }
}

/// Another thread cancels the endless statement of each round, as late as it likes.
pub(crate) fn cancels_hit_no_neighbour(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    let handle = conn.cancel_handle().unwrap();
    // The round whose statement runs; 0 for none.
    let running = AtomicU64::new(0);
    let (begin, begun) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in begun {
                loop {
                    let call = handle.last_call().expect("it is connected");
                    if running.load(SeqCst) != round {
                        break;
                    }
                    // What was seen is a call of this round or before, however late it is cancelled.
                    if round % 3 == 0 {
                        thread::yield_now();
                    }
                    handle.cancel_call(call).expect("the server is told");
                    thread::sleep(Duration::from_micros(50));
                }
            }
        });
        for round in 1..=rounds() {
            running.store(round, SeqCst);
            begin.send(round).expect("the other thread listens");
            let stopped = conn.execute(site.endless, ()).map(drop).expect_err("it never ends");
            running.store(0, SeqCst);
            assert!(!stopped.is_disconnect(), "round {round}: {stopped}");
            neighbour(&mut conn, site, round);
        }
        drop(begin);
    });
}

/// The endless statement of each round has a timeout, and its neighbour has none.
pub(crate) fn timeouts_hit_no_neighbour(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    for round in 1..=rounds() {
        let time = Duration::from_micros(200 + round % 10 * 150);
        let options = ExecutionOptions::new().timeout(time);
        let stopped = conn.execute_with(site.endless, (), &options).map(drop);
        let stopped = stopped.expect_err("it never ends");
        assert!(!stopped.is_disconnect(), "round {round}: {stopped}");
        neighbour(&mut conn, site, round);
    }
}
