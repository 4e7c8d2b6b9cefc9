//! Turns: who fills a place again while few may connect is served in order, and told of the end.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::pool::{Pool, PooledConnection};
use aludel_tests_pool::Recorder;

use crate::until::until;

/// Two empty places, of which one is being filled by a thread that stays at the door.
fn one_at_the_door(overflow: i32) -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(2).max_overflow(overflow);
    let pool = pool.pool_max_connecting(1).build().unwrap();
    let (first, second) = (pool.connect().unwrap(), pool.connect().unwrap());
    PooledConnection::invalidate(first, None);
    PooledConnection::invalidate(second, None);
    recorder.faults(|faults| faults.hold_connects = true);
    let connecting = pool.clone();
    thread::spawn(move || drop(connecting.connect()));
    until(1, || recorder.at_door());
    (recorder, pool)
}

#[test]
fn who_waits_for_a_turn_is_not_overtaken() {
    let (recorder, pool) = one_at_the_door(12);
    let served = AtomicU32::new(0);
    let connections = thread::scope(|scope| {
        let (pool, served) = (&pool, &served);
        let mut threads = Vec::new();
        for number in 1..=10 {
            threads.push(scope.spawn(move || {
                let held = pool.connect().unwrap();
                served.fetch_add(1, Ordering::SeqCst);
                // All have one of their own, so that no return decides.
                until(10, || served.load(Ordering::SeqCst));
                held.id
            }));
            until(number, || pool.snapshot().waiting);
        }
        recorder.faults(|faults| faults.hold_connects = false);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    // The third was opened by the one at the door, and connections are numbered as they are opened.
    assert_eq!(connections[0], 4, "{connections:?}");
}

#[test]
fn who_may_not_wait_does_not_wait_for_a_turn() {
    let (recorder, pool) = one_at_the_door(0);
    let error = pool.connect_within(Duration::ZERO).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(recorder.at_door(), 1);
    recorder.faults(|faults| faults.hold_connects = false);
}

#[test]
fn closing_tells_those_who_wait_for_a_turn() {
    let (recorder, pool) = one_at_the_door(0);
    let waiting = {
        let pool = pool.clone();
        thread::spawn(move || pool.connect().unwrap_err())
    };
    until(1, || pool.snapshot().waiting);
    let since = Instant::now();
    assert!(pool.close(Duration::from_millis(10)).is_err());
    assert_eq!(waiting.join().unwrap().kind(), ErrorKind::ResourceClosed);
    assert!(since.elapsed() < Duration::from_secs(10));
    recorder.faults(|faults| faults.hold_connects = false);
    pool.close(Duration::from_secs(30)).unwrap();
}
