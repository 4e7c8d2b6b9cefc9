//! What a task has dropped is free for it at once, though a worker still resets or closes it.

use std::thread;
use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::pool::settings::{ConnectMode, PoolClass};
use aludel::pool::{Pool, PooledConnection};
use aludel_tests_pool::{Recorder, block_on, poll_once};

use crate::until::until;

fn assertion() -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).poolclass(PoolClass::AssertionPool);
    (recorder, pool.build().unwrap())
}

/// One connection, for which nobody may wait.
fn impatient() -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0);
    (recorder, pool.pool_timeout(Duration::ZERO).build().unwrap())
}

#[test]
fn a_task_that_uses_one_connection_at_a_time_is_never_told_that_it_is_checked_out() {
    for (recorder, pool) in [assertion(), impatient()] {
        block_on(async {
            for round in 0..200 {
                let mut held = pool.connect_async().await.unwrap();
                match round % 5 {
                    0 => PooledConnection::invalidate(held, None),
                    1 => held.broken = true,
                    2 => PooledConnection::detach(&mut held),
                    _ => drop(held),
                }
            }
        });
        // A thread after it as well.
        drop(pool.connect().unwrap());
        until(1, || recorder.live());
    }
}

#[test]
fn a_second_checkout_of_a_task_is_still_refused_at_once() {
    let (_, pool) = assertion();
    let held = block_on(pool.connect_async()).unwrap();
    let since = Instant::now();
    let error = block_on(pool.connect_async()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(since.elapsed() < Duration::from_secs(4));
    drop(held);
}

#[test]
fn as_many_as_come_back_may_be_waited_for_and_no_more() {
    let (recorder, pool) = impatient();
    let held = block_on(pool.connect_async()).unwrap();
    recorder.faults(|faults| faults.hold_resets = true);
    drop(held);
    until(1, || recorder.at_door());
    let mut first = pool.connect_async();
    assert!(poll_once(&mut first).is_pending());
    let refused = block_on(pool.connect_async()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Timeout);
    assert_eq!(pool.connect().unwrap_err().kind(), ErrorKind::Timeout);
    recorder.faults(|faults| faults.hold_resets = false);
    let first = block_on(first).unwrap();
    assert_eq!((first.id, recorder.opened()), (1, 1));
}

#[test]
fn what_does_not_come_back_is_waited_for_as_long_as_a_reset_and_a_close_may_take() {
    let recorder = Recorder::new();
    let limit = Duration::from_millis(40);
    let pool = Pool::builder(recorder.clone())
        .pool_size(1)
        .max_overflow(0)
        .pool_timeout(Duration::ZERO)
        .pool_reset_timeout(limit)
        .pool_close_timeout(limit)
        .build()
        .unwrap();
    let held = block_on(pool.connect_async()).unwrap();
    recorder.faults(|faults| faults.hold_resets = true);
    drop(held);
    until(1, || recorder.at_door());
    for by_task in [true, false] {
        let since = Instant::now();
        let got = if by_task { block_on(pool.connect_async()) } else { pool.connect() };
        assert_eq!(got.unwrap_err().kind(), ErrorKind::Timeout);
        assert!(since.elapsed() >= 2 * limit, "{:?}", since.elapsed());
    }
    recorder.faults(|faults| faults.hold_resets = false);
    until(0, || pool.checkedout());
}

#[test]
fn a_task_may_begin_again_where_it_dropped_a_checkout_that_still_connects() {
    let (recorder, pool) = assertion();
    recorder.faults(|faults| faults.hold_connects = true);
    let mut dropped = pool.connect_async();
    assert!(poll_once(&mut dropped).is_pending());
    until(1, || recorder.at_door());
    drop(dropped);
    let mut again = pool.connect_async();
    assert!(poll_once(&mut again).is_pending());
    recorder.faults(|faults| faults.hold_connects = false);
    assert_eq!(block_on(again).unwrap().id, 1);
}

#[test]
fn nothing_is_opened_for_who_waits_only_for_what_comes_back() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(2).max_overflow(0);
    // One at a time: a second worker may else open one more while the first still hands over its own.
    let pool = pool.pool_connect_mode(ConnectMode::Background).pool_max_connecting(1);
    let pool = pool.build().unwrap();
    let held = block_on(pool.connect_async()).unwrap();
    recorder.faults(|faults| faults.hold_resets = true);
    drop(held);
    until(1, || recorder.at_door());
    assert_eq!(pool.snapshot().returning, 1);
    thread::scope(|scope| {
        let hurried = scope.spawn(|| pool.connect_within(Duration::ZERO).map(|held| held.id));
        until(1, || pool.snapshot().waiting);
        // Time for a connect that nobody should have begun.
        thread::sleep(Duration::from_millis(20));
        recorder.faults(|faults| faults.hold_resets = false);
        assert_eq!(hurried.join().unwrap().unwrap(), 1);
    });
    until(0, || pool.snapshot().returning);
    assert_eq!(recorder.opened(), 1);
}

#[test]
fn who_may_not_wait_is_told_at_once_when_somebody_overtakes_him() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0);
    let pool = pool.pool_timeout(Duration::ZERO).pool_bypass(Duration::from_secs(60));
    let pool = pool.build().unwrap();
    let held = block_on(pool.connect_async()).unwrap();
    recorder.faults(|faults| faults.hold_resets = true);
    drop(held);
    until(1, || recorder.at_door());
    let mut late = pool.connect_async();
    assert!(poll_once(&mut late).is_pending());
    recorder.faults(|faults| faults.hold_resets = false);
    until((1, 0), || (pool.checkedin(), pool.snapshot().returning));
    // It lies there until the one who waits is polled, and somebody else is faster.
    let _held = pool.connect().unwrap();
    let since = Instant::now();
    assert_eq!(block_on(late).unwrap_err().kind(), ErrorKind::Timeout);
    assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
}
