//! Closing a pool: within its time, for who connects at that moment, and with the last handle.

use std::thread;
use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::pool::Pool;
use aludel_tests_pool::{Recorder, block_on};

use crate::until::until;

const MS: Duration = Duration::from_millis(1);

fn with_idle(count: usize) -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).build().unwrap();
    drop((0..count).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    (recorder, pool)
}

#[test]
fn closing_abandons_what_cannot_be_closed_in_time() {
    let (recorder, pool) = with_idle(5);
    recorder.faults(|faults| faults.close_takes = 1000 * MS);
    let since = Instant::now();
    pool.close(100 * MS).unwrap();
    // One is asked to close; for the other four no time is left.
    assert!(since.elapsed() < 2000 * MS, "{:?}", since.elapsed());
    assert_eq!((recorder.live(), pool.snapshot().counters.closed_dispose), (0, 5));
}

/// Five idle connections of which each takes four times the limit to close.
fn with_slow_closes() -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_close_timeout(100 * MS).build().unwrap();
    drop((0..5).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    recorder.faults(|faults| faults.close_takes = 400 * MS);
    (recorder, pool)
}

/// How long something takes that may ask one connection to close, and has no time for the others.
fn takes_one_close(work: impl FnOnce()) {
    let since = Instant::now();
    work();
    let took = since.elapsed();
    assert!(took >= 400 * MS && took < 800 * MS, "{took:?}");
}

#[test]
fn disposing_of_many_connections_takes_one_close_timeout_and_not_one_for_each() {
    let (recorder, pool) = with_slow_closes();
    takes_one_close(|| pool.dispose());
    assert_eq!((recorder.live(), pool.snapshot().counters.closed_dispose), (0, 5));
    assert!(pool.connect().is_ok());
}

#[test]
fn a_resize_that_closes_many_connections_takes_one_close_timeout() {
    let (recorder, pool) = with_slow_closes();
    takes_one_close(|| pool.resize(1, 0).unwrap());
    assert_eq!((recorder.live(), pool.snapshot().counters.closed_overflow), (1, 4));
}

#[test]
fn dropping_a_pool_of_many_connections_takes_one_close_timeout() {
    let (recorder, pool) = with_slow_closes();
    takes_one_close(|| drop(pool));
    assert_eq!(recorder.live(), 0);
}

#[test]
fn closing_waits_for_ever_when_it_is_told_so() {
    let (recorder, pool) = with_idle(1);
    let held = pool.connect().unwrap();
    thread::scope(|scope| {
        let closing = scope.spawn(|| pool.close(Duration::MAX));
        until(true, || pool.snapshot().closed);
        thread::sleep(20 * MS);
        drop(held);
        closing.join().unwrap().unwrap();
    });
    assert_eq!(recorder.live(), 0);
}

#[test]
fn who_connects_while_the_pool_is_closed_is_told_so() {
    let (recorder, pool) = with_idle(0);
    recorder.faults(|faults| faults.hold_connects = true);
    let connecting = {
        let pool = pool.clone();
        thread::spawn(move || pool.connect().unwrap_err())
    };
    until(1, || recorder.at_door());
    assert!(pool.close(Duration::ZERO).is_err());
    recorder.faults(|faults| faults.hold_connects = false);
    assert_eq!(connecting.join().unwrap().kind(), ErrorKind::ResourceClosed);
    pool.close(30_000 * MS).unwrap();
    assert_eq!(recorder.live(), 0);
}

#[test]
fn dropping_the_last_handle_of_a_pool_that_served_tasks_closes_nothing_there() {
    let (recorder, pool) = with_idle(0);
    block_on(async {
        drop(pool.connect_async().await.unwrap());
        drop(pool);
    });
    until(0, || recorder.live());
    assert!(!recorder.threads().contains(&thread::current().id()));
}

#[test]
fn of_what_is_too_much_after_a_resize_no_more_is_closed_than_that() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(3).max_overflow(0).build().unwrap();
    let (first, second) = (pool.connect().unwrap(), pool.connect().unwrap());
    let third = pool.connect().unwrap();
    pool.resize(2, 0).unwrap();
    recorder.faults(|faults| faults.hold_closes = true);
    thread::scope(|scope| {
        scope.spawn(|| drop(first));
        until(1, || recorder.at_door());
        drop((second, third));
        assert_eq!(pool.checkedin(), 2);
        recorder.faults(|faults| faults.hold_closes = false);
    });
    assert_eq!((recorder.live(), pool.snapshot().counters.closed_overflow), (2, 1));
}
