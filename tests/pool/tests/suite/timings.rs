//! `pool_histograms`: every checkout and its use is timed once, and what comes of it can be read.

use std::thread::sleep;
use std::time::Duration;

use aludel::pool::settings::{Breaker, PoolClass};
use aludel::pool::{Pool, PoolTimings, PooledConnection};
use aludel_tests_pool::{Recorder, block_on};

use crate::until::until;

const MS: Duration = Duration::from_millis(1);

fn timings(pool: &Pool<Recorder>) -> PoolTimings {
    pool.snapshot().timings.expect("the pool takes times")
}

#[test]
fn a_checkout_that_waits_is_timed_from_its_call_and_a_use_until_its_return() {
    let pool = Pool::builder(Recorder::new()).pool_size(1).max_overflow(0).pool_histograms(true);
    let pool = pool.build().unwrap();
    let held = pool.connect().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| drop(pool.connect().unwrap()));
        until(1, || u64::from(pool.snapshot().waiting));
        sleep(20 * MS);
        drop(held);
    });
    let timings = timings(&pool);
    assert_eq!((timings.wait.count, timings.hold.count, timings.connect.count), (2, 2, 1));
    assert!(timings.wait.max >= 20 * MS && timings.hold.max >= 20 * MS, "{timings:?}");
    assert!(timings.hold.min < 20 * MS, "the second was given back at once: {timings:?}");
}

#[test]
fn a_checkout_that_finds_an_idle_connection_took_no_time() {
    let pool = Pool::builder(Recorder::new()).pool_histograms(true).build().unwrap();
    for _ in 0..100 {
        drop(pool.connect().unwrap());
    }
    let wait = timings(&pool).wait;
    assert_eq!((wait.count, wait.min, wait.p90), (100, Duration::ZERO, Duration::ZERO));
    assert!(wait.max > Duration::ZERO, "the first had to connect");
}

#[test]
fn connects_and_tests_are_timed_where_they_succeed() {
    let recorder = Recorder::new();
    recorder.faults(|faults| faults.connect_takes = 5 * MS);
    let pool = Pool::builder(recorder.clone()).pool_pre_ping(true).pool_histograms(true);
    let pool = pool.build().unwrap();
    drop(pool.connect().unwrap());
    drop(pool.connect().unwrap());
    recorder.faults(|faults| {
        faults.ping.insert(1);
        faults.fail_connects = 1;
    });
    pool.connect().unwrap_err();
    let timings = timings(&pool);
    assert_eq!((timings.connect.count, timings.ping.count), (1, 1));
    assert!(timings.connect.min >= 5 * MS, "{timings:?}");
    assert_eq!((timings.wait.count, timings.hold.count), (2, 2), "one checkout failed");
}

#[test]
fn each_class_times_every_checkout_and_every_use_once() {
    for class in [
        PoolClass::QueuePool,
        PoolClass::NullPool,
        PoolClass::StaticPool,
        PoolClass::SingletonThreadPool,
        PoolClass::AssertionPool,
    ] {
        let builder = Pool::builder(Recorder::new()).poolclass(class).pool_histograms(true);
        let pool = builder.build().unwrap();
        drop(pool.connect().unwrap());
        PooledConnection::invalidate(pool.connect().unwrap(), None);
        let mut detached = pool.connect().unwrap();
        PooledConnection::detach(&mut detached);
        drop(detached);
        if class != PoolClass::SingletonThreadPool {
            drop(block_on(pool.connect_async()).unwrap());
            until(0, || u64::from(pool.checkedout()));
        }
        let snapshot = pool.snapshot();
        let (timings, checkouts) = (snapshot.timings.unwrap(), snapshot.counters.checkouts);
        assert_eq!((timings.wait.count, timings.hold.count), (checkouts, checkouts), "{class}");
        assert_eq!(timings.connect.count, snapshot.counters.connects, "{class}");
    }
}

#[test]
fn holders_say_for_how_long_they_have_had_a_connection() {
    let pool = Pool::builder(Recorder::new()).pool_histograms(true).build().unwrap();
    let _held = pool.connect().unwrap();
    sleep(5 * MS);
    let held = pool.snapshot().holders[0].held.expect("the pool takes times");
    assert!(held >= 5 * MS && held < Duration::from_secs(60), "{held:?}");
    let untimed = Pool::builder(Recorder::new()).build().unwrap();
    let _held = untimed.connect().unwrap();
    assert_eq!((untimed.snapshot().holders[0].held, untimed.snapshot().timings), (None, None));
}

#[test]
fn a_snapshot_tells_of_an_outage_until_the_database_is_back() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone())
        .pool_breaker(Breaker::Fail)
        .pool_breaker_threshold(1)
        .build()
        .unwrap();
    assert_eq!(pool.snapshot().down, None);
    recorder.faults(|faults| faults.fail_connects = 1);
    pool.connect().unwrap_err();
    let outage = pool.snapshot().down.expect("one failure is enough here");
    assert!(!outage.probing && outage.retry_in <= 10 * MS, "{outage:?}");
    sleep(outage.retry_in + MS);
    drop(pool.connect().unwrap());
    assert_eq!(pool.snapshot().down, None);
}

#[test]
fn a_snapshot_counts_what_is_being_closed() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).build().unwrap();
    drop(pool.connect().unwrap());
    recorder.faults(|faults| faults.hold_closes = true);
    std::thread::scope(|scope| {
        scope.spawn(|| pool.dispose());
        until(1, || u64::from(pool.snapshot().closing));
        recorder.faults(|faults| faults.hold_closes = false);
    });
    assert_eq!(pool.snapshot().closing, 0);
}

#[test]
fn a_task_that_is_dropped_while_it_waits_is_counted_as_cancelled() {
    let pool = Pool::builder(Recorder::new()).pool_size(1).max_overflow(0).build().unwrap();
    let held = pool.connect().unwrap();
    let mut waiting = Box::pin(pool.connect_async());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(waiting.as_mut().poll(&mut context).is_pending());
    drop(waiting);
    drop(held);
    drop(block_on(pool.connect_async()).unwrap());
    let counters = pool.snapshot().counters;
    assert_eq!((counters.cancelled, counters.gave_up, counters.timeouts), (1, 1, 0));
}

#[test]
fn a_snapshot_reads_as_a_few_lines() {
    let pool = Pool::builder(Recorder::new()).pool_histograms(true).build().unwrap();
    let _held = pool.connect().unwrap();
    let shown = pool.snapshot().to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "pool: 1 in use, 0 idle, 0 connecting, 0 closing, 0 waiting");
    assert_eq!(lines[1], "counters: checkouts 1, connects 1");
    assert!(lines[2].starts_with("wait: 1 times, p50 "), "{shown}");
    assert!(lines[3].starts_with("connect: 1 times, p50 "), "{shown}");
    assert!(lines[4].contains("timings.rs"), "{shown}");
}
