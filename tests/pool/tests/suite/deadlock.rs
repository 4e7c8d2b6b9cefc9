//! Threads that hold a connection and ask for one more, which none of them returns.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use aludel::ErrorKind;
use aludel::pool::Pool;
use aludel_tests_pool::Recorder;

/// HikariCP: a pool locks up when each thread needs more than one connection at the same time.
#[test]
fn hikaricp_threads_that_wait_for_each_other_are_told_what_they_do() {
    let pool = Pool::builder(Recorder::new())
        .pool_size(2)
        .max_overflow(0)
        .pool_timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    let all_hold = Barrier::new(2);
    let all_failed = Barrier::new(2);
    let asks_twice = || {
        let _held = pool.connect().unwrap();
        all_hold.wait();
        let error = pool.connect().unwrap_err();
        all_failed.wait();
        error
    };
    thread::scope(|scope| {
        let named = |name: &str| {
            thread::Builder::new().name(name.into()).spawn_scoped(scope, asks_twice).unwrap()
        };
        for asked in [named("first"), named("second")] {
            let error = asked.join().unwrap();
            assert_eq!(error.kind(), ErrorKind::Timeout);
            let text = error.to_string();
            for part in [
                "this thread already has 1 of the 2 in use",
                "each thread that has some waits for one more",
                "T × (C − 1) + 1",
                "thread `first`",
                "thread `second`",
                "deadlock.rs",
            ] {
                assert!(text.contains(part), "no {part:?} in {text}");
            }
        }
    });
}

#[test]
fn a_thread_that_holds_none_is_not_told_so() {
    let pool = Pool::builder(Recorder::new()).pool_size(1).max_overflow(0).build().unwrap();
    let _held = pool.connect().unwrap();
    thread::scope(|scope| {
        let asked = scope.spawn(|| pool.connect_within(Duration::from_millis(5)).unwrap_err());
        let text = asked.join().unwrap().to_string();
        assert!(!text.contains("already has") && !text.contains("T × (C − 1)"), "{text}");
    });
}
