//! The other kinds of pools.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use aludel::ErrorKind;
use aludel::pool::Pool;
use aludel::pool::settings::PoolClass;
use aludel_tests_pool::Recorder;

use crate::until::until;

fn of(class: PoolClass) -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).poolclass(class).build().unwrap();
    (recorder, pool)
}

#[test]
fn a_null_pool_keeps_nothing_and_has_no_limit() {
    let (recorder, pool) = of(PoolClass::NullPool);
    let held: Vec<_> = (0..40).map(|_| pool.connect().unwrap()).collect();
    assert_eq!(recorder.live(), 40);
    drop(held);
    assert_eq!((recorder.live(), pool.checkedout()), (0, 0));
}

#[test]
fn a_static_pool_lends_its_one_connection_in_turn() {
    let (recorder, pool) = of(PoolClass::StaticPool);
    let held = pool.connect().unwrap();
    let error = pool.connect_within(Duration::from_millis(5)).unwrap_err();
    assert!(error.to_string().contains("this thread already holds the one connection"), "{error}");
    // Who would wait for himself for ever is told at once.
    let error = pool.connect_within(None).unwrap_err();
    assert!(error.message().contains("already holds the one connection"), "{error}");
    assert!(error.message().contains("classes.rs"), "{error}");
    let next = {
        let pool = pool.clone();
        thread::spawn(move || pool.connect().unwrap().id)
    };
    until(1, || pool.snapshot().waiting);
    drop(held);
    assert_eq!((next.join().unwrap(), recorder.opened()), (1, 1));
}

#[test]
fn a_static_pool_waits_for_a_connection_that_was_given_to_another_thread() {
    let (_, pool) = of(PoolClass::StaticPool);
    let held = pool.connect().unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            until(1, || pool.snapshot().waiting);
            drop(held);
        });
        assert_eq!(pool.connect().unwrap().id, 1);
        waiting.join().unwrap();
    });
}

#[test]
fn an_assertion_pool_says_where_the_first_checkout_was_made() {
    let (_, pool) = of(PoolClass::AssertionPool);
    let held = pool.connect().unwrap();
    let error = pool.connect().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let expected = "connection is already checked out at: tests/pool/tests/suite/classes.rs:";
    assert!(error.message().starts_with(expected), "{error}");
    drop(held);
    pool.connect().unwrap();
}

#[test]
fn each_thread_has_its_own_connection_in_a_singleton_thread_pool() {
    let (recorder, pool) = of(PoolClass::SingletonThreadPool);
    let mine = pool.connect().unwrap().id;
    assert_eq!(pool.connect().unwrap().id, mine);
    let other = {
        let pool = pool.clone();
        thread::spawn(move || {
            let first = pool.connect().unwrap().id;
            (first, pool.connect().unwrap().id)
        })
    };
    assert_eq!(other.join().unwrap(), (2, 2));
    assert_eq!(pool.connect().unwrap().id, mine);
    let held = pool.connect().unwrap();
    let error = pool.connect().unwrap_err();
    assert!(error.message().contains("this thread's connection is already checked out at"));
    // A connection that was given away comes back to its thread.
    thread::spawn(move || drop(held)).join().unwrap();
    assert_eq!(pool.connect().unwrap().id, mine);
    recorder.faults(|faults| faults.fail_connects = 1);
    let failing = pool.clone();
    let again = thread::spawn(move || (failing.connect().is_err(), failing.connect().is_ok()));
    assert_eq!(again.join().unwrap(), (true, true));
    drop(pool);
    assert_eq!(recorder.live(), 0);
}

#[test]
fn a_singleton_thread_pool_closes_connections_of_others_beyond_its_size() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone())
        .poolclass(PoolClass::SingletonThreadPool)
        .pool_size(2)
        .build()
        .unwrap();
    for _ in 0..6 {
        let pool = pool.clone();
        thread::spawn(move || drop(pool.connect().unwrap())).join().unwrap();
    }
    assert_eq!(recorder.live(), 2);
    pool.dispose();
    assert_eq!(recorder.live(), 0);
    pool.connect().unwrap();
    pool.close(Duration::ZERO).unwrap();
    assert_eq!(recorder.live(), 0);
}

#[test]
fn pools_are_shared_between_threads_and_connections_move_between_them() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    fn moved<T: Send + 'static>(_: &T) {}
    let (_, pool) = of(PoolClass::QueuePool);
    shared(&pool);
    shared(&Arc::new(pool.clone()));
    moved(&pool.connect().unwrap());
    moved(&pool.connect_async());
}
