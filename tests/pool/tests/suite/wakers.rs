//! Wakers of tasks: the last one is woken, and no lock is held while one is cloned or dropped.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use aludel::pool::{Connecting, Pool};
use aludel_tests_pool::{Recorder, poll_once};

use crate::until::until;
use crate::within::within;

const LONG: Duration = Duration::from_secs(60);

fn one(timeout: Duration) -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0).pool_timeout(timeout);
    (recorder, pool.build().unwrap())
}

fn poll(future: &mut Connecting<Recorder>, waker: &Waker) -> bool {
    Pin::new(future).poll(&mut Context::from_waker(waker)).is_ready()
}

#[derive(Default)]
struct Counts(AtomicU64);

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn counting() -> (Arc<Counts>, Waker) {
    let counts = Arc::new(Counts::default());
    (Arc::clone(&counts), Waker::from(counts))
}

#[test]
fn the_end_of_the_time_wakes_the_task_that_polled_last() {
    let (recorder, pool) = one(Duration::from_millis(50));
    // In the queue, and while a worker connects.
    for connecting in [false, true] {
        let held = (!connecting).then(|| pool.connect().unwrap());
        recorder.faults(|faults| faults.hold_connects = true);
        pool.invalidate_all();
        let mut checkout = pool.connect_async();
        let ((_, first), (last, second)) = (counting(), counting());
        assert!(!poll(&mut checkout, &first));
        assert!(!poll(&mut checkout, &second));
        until(1, || last.0.load(Ordering::SeqCst));
        assert!(poll(&mut checkout, &second));
        recorder.faults(|faults| faults.hold_connects = false);
        drop(held);
    }
}

/// A waker that owns a checkout, as the last reference to a task does.
struct Owns(#[allow(dead_code)] Mutex<Option<Connecting<Recorder>>>);

impl Wake for Owns {
    fn wake(self: Arc<Self>) {}
}

fn owner(mut owned: Connecting<Recorder>) -> Waker {
    assert!(poll_once(&mut owned).is_pending());
    Waker::from(Arc::new(Owns(Mutex::new(Some(owned)))))
}

#[test]
fn a_waker_whose_drop_ends_another_checkout_may_be_replaced_and_dropped() {
    let (recorder, pool) = one(LONG);
    let held = pool.connect().unwrap();
    let waiting = pool.clone();
    within(move || {
        let mut replaced = waiting.connect_async();
        assert!(!poll(&mut replaced, &owner(waiting.connect_async())));
        assert!(poll_once(&mut replaced).is_pending());
        let mut dropped = waiting.connect_async();
        assert!(!poll(&mut dropped, &owner(waiting.connect_async())));
        drop(dropped);
        drop(replaced);
        assert_eq!(waiting.snapshot().waiting, 0);
    });
    drop(held);
    // The same while a worker connects.
    pool.invalidate_all();
    recorder.faults(|faults| faults.hold_connects = true);
    let connecting = pool.clone();
    within(move || {
        let mut replaced = connecting.connect_async();
        assert!(poll_once(&mut replaced).is_pending());
        assert!(!poll(&mut replaced, &owner(connecting.connect_async())));
        assert!(poll_once(&mut replaced).is_pending());
    });
    recorder.faults(|faults| faults.hold_connects = false);
    within(move || drop(pool.connect().unwrap()));
}
