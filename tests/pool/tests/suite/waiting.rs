//! Waiting: strictly in the order of arrival, and never for nothing.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::pool::Pool;
use aludel_tests_pool::Recorder;

const LONG: Duration = Duration::from_secs(30);

/// Ends when so many checkouts wait.
fn until_waiting(pool: &Pool<Recorder>, count: u32) {
    let since = Instant::now();
    while pool.snapshot().waiting != count {
        assert!(since.elapsed() < LONG, "still {} wait", pool.snapshot().waiting);
        thread::yield_now();
    }
}

fn one(timeout: Duration) -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0).pool_timeout(timeout);
    (recorder, pool.build().unwrap())
}

#[test]
fn those_who_wait_are_served_in_the_order_in_which_they_came() {
    let (_, pool) = one(LONG);
    let first = pool.connect().unwrap();
    let (served, order) = mpsc::channel();
    let threads: Vec<_> = (0..10_u32)
        .map(|number| {
            let (waiting, served) = (pool.clone(), served.clone());
            let thread = thread::spawn(move || {
                let connection = waiting.connect().unwrap();
                served.send(number).unwrap();
                drop(connection);
            });
            until_waiting(&pool, number + 1);
            thread
        })
        .collect();
    drop(first);
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(order.try_iter().collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    let counters = pool.snapshot().counters;
    assert_eq!((counters.waited, counters.bypasses, counters.checkouts), (10, 0, 11));
}

#[test]
fn a_checkout_that_takes_too_long_fails_and_names_who_holds_the_connections() {
    let (recorder, pool) = one(Duration::from_millis(50));
    recorder.faults(|faults| faults.fail_connects = 1);
    assert_eq!(pool.connect().unwrap_err().message(), "connect failed");
    let held = pool.connect().unwrap();
    let since = Instant::now();
    let error = pool.connect().unwrap_err();
    assert!(since.elapsed() >= Duration::from_millis(50));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let message =
        "QueuePool limit of size 1 overflow 0 reached, connection timed out, timeout 0.05";
    assert_eq!(error.message(), message);
    let notes: Vec<_> = error.notes().map(|(label, text)| format!("{label}: {text}")).collect();
    let name = thread::current().name().unwrap().to_owned();
    assert!(notes.iter().any(|note| {
        note.starts_with(&format!(
            "held by: thread `{name}`, checked out at tests/pool/tests/suite"
        )) || note.contains("waiting.rs")
    }));
    assert!(notes.iter().any(|note| note.contains("connect failed")), "{notes:?}");
    assert!(error.help().unwrap().contains("this thread already has 1 of the 1 in use"));
    drop(held);
    pool.connect().unwrap();
}

#[test]
fn nobody_waits_who_may_not() {
    let (_, pool) = one(Duration::ZERO);
    let held = pool.connect().unwrap();
    assert_eq!(pool.connect().unwrap_err().kind(), ErrorKind::Timeout);
    drop(held);
    pool.connect().unwrap();

    let pool = Pool::builder(Recorder::new()).pool_size(1).max_overflow(0).pool_max_waiters(0);
    let pool = pool.build().unwrap();
    let _held = pool.connect().unwrap();
    assert_eq!(pool.connect().unwrap_err().kind(), ErrorKind::Timeout);
}

#[test]
fn closing_fails_those_who_wait_and_waits_for_those_who_hold() {
    let (recorder, pool) = one(LONG);
    let held = pool.connect().unwrap();
    let waiting = {
        let pool = pool.clone();
        thread::spawn(move || pool.connect().map(|_| ()).unwrap_err().kind())
    };
    until_waiting(&pool, 1);
    let error = pool.close(Duration::from_millis(10)).unwrap_err();
    assert_eq!(waiting.join().unwrap(), ErrorKind::ResourceClosed);
    assert!(error.message().contains("1 of its connections"), "{error}");
    assert!(error.notes().any(|(label, _)| label == "held by"));
    assert_eq!(pool.connect().unwrap_err().kind(), ErrorKind::ResourceClosed);
    let closing = {
        let pool = pool.clone();
        thread::spawn(move || pool.close(LONG))
    };
    drop(held);
    closing.join().unwrap().unwrap();
    assert_eq!((recorder.live(), pool.checkedout()), (0, 0));
}
