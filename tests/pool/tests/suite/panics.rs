//! Panics of managers, listeners and wakers: they cost one checkout at most, and never the pool.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::Duration;

use aludel::pool::settings::ConnectMode;
use aludel::pool::{Connecting, ConnectionRecord, Pool, PoolListener};
use aludel::{ErrorKind, Result};
use aludel_tests_pool::{Conn, Recorder, block_on};

use crate::until::until;
use crate::within::within;

#[test]
fn more_panics_than_workers_leave_a_background_pool_alive_and_are_told_to_who_waits() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone())
        .pool_connect_mode(ConnectMode::Background)
        .pool_max_connecting(2)
        .build()
        .unwrap();
    recorder.faults(|faults| faults.panic_connects = 3);
    for _ in 0..3 {
        let error = pool.connect().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
        assert!(error.message().contains("panicked, as the test demands"), "{error}");
    }
    drop(pool.connect().unwrap());
    assert_eq!(pool.snapshot().counters.timeouts, 0);
    // A worker that has told of its panic has yet to give its place back.
    until(0, || pool.checkedout());
}

#[test]
fn a_task_is_told_of_a_panic_that_ended_its_connect() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0).pool_timeout(None);
    let pool = pool.build().unwrap();
    recorder.faults(|faults| faults.panic_connects = 1);
    let told = {
        let pool = pool.clone();
        within(move || block_on(pool.connect_async()).map(drop).unwrap_err())
    };
    assert_eq!(told.kind(), ErrorKind::Internal);
    assert!(told.message().contains("panicked, as the test demands"), "{told}");
    within(move || drop(block_on(pool.connect_async()).unwrap()));
}

/// Panics when it is told of the connections with these numbers.
struct Panics(&'static [u64]);

impl PoolListener<Conn> for Panics {
    fn connect(&self, record: &mut ConnectionRecord<'_, Conn>) -> Result<()> {
        assert!(!self.0.contains(&record.connection.id), "a listener panics, as the test demands");
        Ok(())
    }
}

#[test]
fn a_listener_that_panics_in_the_background_costs_the_connection_it_was_told_of() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone())
        .pool_size(1)
        .max_overflow(0)
        .pool_connect_mode(ConnectMode::Background)
        .listener(Arc::new(Panics(&[1, 2, 3])))
        .build()
        .unwrap();
    for _ in 0..3 {
        assert_eq!(pool.connect().unwrap_err().kind(), ErrorKind::Internal);
    }
    assert_eq!(pool.connect().unwrap().id, 4);
    until((1, 1), || (recorder.live(), recorder.peak()));
}

struct PanicsOnWait;

impl PoolListener<Conn> for PanicsOnWait {
    fn wait(&self) {
        panic!("a listener panics, as the test demands");
    }
}

#[test]
fn a_listener_that_panics_when_a_thread_waits_leaves_the_queue_to_the_others() {
    let recorder = Recorder::new();
    let pool =
        Pool::builder(recorder).pool_size(1).max_overflow(0).listener(Arc::new(PanicsOnWait));
    let pool = pool.build().unwrap();
    let held = pool.connect().unwrap();
    let waits = pool.clone();
    assert!(thread::spawn(move || drop(waits.connect())).join().is_err());
    assert_eq!(pool.snapshot().waiting, 0);
    within(move || {
        drop(held);
        drop(pool.connect().unwrap());
    });
}

#[test]
fn a_listener_that_panics_when_a_task_waits_leaves_the_queue_to_the_others() {
    let recorder = Recorder::new();
    let pool =
        Pool::builder(recorder).pool_size(1).max_overflow(0).listener(Arc::new(PanicsOnWait));
    let pool = pool.build().unwrap();
    let held = pool.connect().unwrap();
    let waits = pool.clone();
    assert!(thread::spawn(move || block_on(waits.connect_async()).map(drop)).join().is_err());
    assert_eq!(pool.snapshot().waiting, 0);
    within(move || {
        drop(held);
        drop(pool.connect().unwrap());
    });
}

struct PanicsWhenWoken;

impl Wake for PanicsWhenWoken {
    fn wake(self: Arc<Self>) {
        panic!("a task panics when it is woken, as the test demands");
    }
}

/// Polls once with a waker that panics.
fn poll_to_panic(future: &mut Connecting<Recorder>) {
    let waker = Waker::from(Arc::new(PanicsWhenWoken));
    assert!(Pin::new(future).poll(&mut Context::from_waker(&waker)).is_pending());
}

#[test]
fn a_waker_that_panics_does_not_stop_the_clock_of_all_pools() {
    let pool = Pool::builder(Recorder::new()).pool_size(1).max_overflow(0);
    let pool = pool.pool_timeout(Duration::from_millis(50)).build().unwrap();
    let _held = pool.connect().unwrap();
    let mut panics = pool.connect_async();
    poll_to_panic(&mut panics);
    thread::sleep(Duration::from_millis(100));
    let later = pool.clone();
    let error = within(move || block_on(later.connect_async()).map(drop).unwrap_err());
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[test]
fn a_waker_that_panics_does_not_keep_others_from_being_told_that_the_pool_is_closed() {
    let pool = Pool::builder(Recorder::new()).pool_size(1).max_overflow(0).pool_timeout(None);
    let pool = pool.build().unwrap();
    let _held = pool.connect().unwrap();
    let mut panics = pool.connect_async();
    poll_to_panic(&mut panics);
    let waits = pool.clone();
    let waits = thread::spawn(move || waits.connect().map(drop));
    until(2, || pool.snapshot().waiting);
    assert!(pool.close(Duration::from_millis(10)).is_err());
    let error = within(move || waits.join().unwrap().unwrap_err());
    assert_eq!(error.kind(), ErrorKind::ResourceClosed);
}
