//! Checkouts by tasks: no step blocks the thread that polls, and dropping loses nothing.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use aludel::pool::{Connecting, ConnectionRecord, Pool, PoolListener, PooledConnection};
use aludel::{ErrorKind, Result};
use aludel_tests_pool::{Conn, Recorder, block_on, poll_once};

use crate::until::until;

fn pool(size: u32, timeout: Duration) -> (Recorder, Pool<Recorder>) {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(size).max_overflow(0).pool_pre_ping(true);
    (recorder, pool.pool_timeout(timeout).build().unwrap())
}

const LONG: Duration = Duration::from_secs(30);

#[test]
fn no_step_of_a_task_runs_on_the_thread_that_polls_it() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(1).pool_pre_ping(true);
    let pool = pool.build().unwrap();
    for round in 0..3 {
        let kept = block_on(pool.connect_async()).unwrap();
        // One too many is open, and closed when it is dropped here.
        let mut overflow = block_on(pool.connect_async()).unwrap();
        match round {
            0 => drop(overflow),
            1 => PooledConnection::invalidate(overflow, None),
            _ => {
                PooledConnection::detach(&mut overflow);
                drop(overflow);
            }
        }
        drop(kept);
        until((0, 0), || (pool.checkedout(), pool.snapshot().connecting));
    }
    pool.invalidate_all();
    drop(block_on(pool.connect_async()).unwrap());
    until(0, || pool.checkedout());
    let log = recorder.take_log();
    for call in ["connect#", "ping#", "rollback#", "close#"] {
        assert!(log.iter().any(|line| line.starts_with(call)), "no {call} in {log:?}");
    }
    assert!(!recorder.threads().contains(&thread::current().id()), "{log:?}");
}

#[test]
fn a_task_that_is_dropped_while_it_waits_leaves_the_queue() {
    let (_, pool) = pool(1, LONG);
    let held = pool.connect().unwrap();
    let mut dropped = pool.connect_async();
    assert!(poll_once(&mut dropped).is_pending());
    let mut kept = pool.connect_async();
    assert!(poll_once(&mut kept).is_pending());
    drop(dropped);
    assert_eq!(pool.snapshot().waiting, 1);
    drop(held);
    block_on(kept).unwrap();
}

/// sqlx #622, #1210, #1211: who was woken and then cancelled swallows the wake.
#[test]
fn sqlx_622_a_task_that_is_dropped_after_it_was_served_hands_the_connection_on() {
    let (_, pool) = pool(1, LONG);
    let held = pool.connect().unwrap();
    let mut served = pool.connect_async();
    assert!(poll_once(&mut served).is_pending());
    let mut next = pool.connect_async();
    assert!(poll_once(&mut next).is_pending());
    drop(held);
    drop(served);
    block_on(next).unwrap();
}

#[test]
fn a_task_that_is_dropped_while_it_connects_leaves_the_connection_to_the_pool() {
    let (recorder, pool) = pool(1, LONG);
    recorder.faults(|faults| faults.hold_connects = true);
    let mut dropped = pool.connect_async();
    assert!(poll_once(&mut dropped).is_pending());
    until(1, || recorder.at_door());
    drop(dropped);
    recorder.faults(|faults| faults.hold_connects = false);
    until((1, 0), || (pool.checkedin(), pool.checkedout()));
    block_on(pool.connect_async()).unwrap();
    assert_eq!(recorder.opened(), 1);
}

#[test]
fn tasks_and_threads_wait_in_one_queue() {
    let (_, pool) = pool(1, LONG);
    let held = pool.connect().unwrap();
    let mut task = pool.connect_async();
    assert!(poll_once(&mut task).is_pending());
    let thread = {
        let pool = pool.clone();
        thread::spawn(move || drop(pool.connect().unwrap()))
    };
    until(2, || pool.snapshot().waiting);
    drop(held);
    until(1, || pool.snapshot().waiting);
    assert!(!thread.is_finished());
    drop(block_on(task).unwrap());
    thread.join().unwrap();
}

/// bb8: a task that takes and returns in a loop overtakes one that waits, since that is only woken.
#[test]
fn bb8_a_greedy_task_does_not_overtake_one_that_waits() {
    let (_, pool) = pool(1, LONG);
    let held = block_on(pool.connect_async()).unwrap();
    let mut polite = pool.connect_async();
    assert!(poll_once(&mut polite).is_pending());
    drop(held);
    until(0, || pool.snapshot().waiting);
    // The polite one has not been polled since.
    let mut greedy = pool.connect_async();
    assert!(poll_once(&mut greedy).is_pending());
    drop(block_on(polite).unwrap());
    block_on(greedy).unwrap();
}

/// HikariCP #159: without an answer of the server a checkout takes far longer than its timeout.
#[test]
fn hikaricp_159_a_task_fails_when_its_time_is_over() {
    let (_, pool) = pool(1, Duration::from_millis(60));
    let held = pool.connect().unwrap();
    let since = Instant::now();
    let error = block_on(pool.connect_async()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(since.elapsed() >= Duration::from_millis(60));
    drop(held);

    // A manager that does not look at its limit does not make the task wait for it. There is time
    // for the worker to begin, on a busy machine too.
    let (recorder, pool) = self::pool(1, Duration::from_secs(2));
    recorder.faults(|faults| faults.hold_connects = true);
    assert_eq!(block_on(pool.connect_async()).unwrap_err().kind(), ErrorKind::Timeout);
    recorder.faults(|faults| faults.hold_connects = false);
    until((1, 0), || (pool.checkedin(), pool.checkedout()));
}

/// sqlx #83 and #1869, SQLAlchemy #8974: each cancelled checkout takes a slot for ever.
#[test]
fn sqlx_83_and_1869_a_cancelled_storm_leaks_nothing() {
    let (recorder, pool) = pool(2, LONG);
    for round in 0..300 {
        let mut tasks: Vec<_> = (0..6).map(|_| pool.connect_async()).collect();
        let mut held = Vec::new();
        for (number, task) in tasks.iter_mut().enumerate() {
            if let Poll::Ready(done) = poll_once(task) {
                held.push(done.unwrap());
            }
            if (round + number) % 3 == 0 {
                held.clear();
            }
        }
    }
    until((0, 0), || (pool.checkedout(), pool.snapshot().waiting));
    assert!(recorder.live() <= 2);
    pool.close(LONG).unwrap();
    assert_eq!(recorder.live(), 0);
}

/// Keeps the names of what it is told.
#[derive(Default)]
struct Events(Mutex<Vec<&'static str>>);

impl PoolListener<Conn> for Events {
    fn checkout(&self, _: &mut ConnectionRecord<'_, Conn>) -> Result<()> {
        self.0.lock().unwrap().push("checkout");
        Ok(())
    }

    fn checkin(&self, _: Option<&mut Conn>) {
        self.0.lock().unwrap().push("checkin");
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A checkout that was served by a worker, and does not know it yet.
fn served(recorder: &Recorder, pool: &Pool<Recorder>) -> Connecting<Recorder> {
    recorder.faults(|faults| faults.hold_connects = true);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut checkout = pool.connect_async();
    assert!(Pin::new(&mut checkout).poll(&mut Context::from_waker(&waker)).is_pending());
    recorder.faults(|faults| faults.hold_connects = false);
    until(true, || woken.0.load(Ordering::SeqCst));
    checkout
}

#[test]
fn the_checkout_of_a_task_that_is_dropped_after_it_was_served_is_followed_by_a_checkin() {
    let events = Arc::new(Events::default());
    let listener = Arc::clone(&events);
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0).listener(listener);
    let pool = pool.build().unwrap();
    drop(served(&recorder, &pool));
    until(1, || pool.checkedin());
    assert_eq!(*events.0.lock().unwrap(), ["checkout", "checkin"]);
}

#[test]
fn a_place_that_a_task_left_is_returned_by_the_thread_that_uses_it_next() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0).build().unwrap();
    drop(served(&recorder, &pool));
    until(1, || pool.checkedin());
    let held = pool.connect().unwrap();
    let returns = thread::spawn(move || {
        drop(held);
        thread::current().id()
    });
    let returned = returns.join().unwrap();
    assert!(recorder.threads().contains(&returned));
    assert_eq!(pool.checkedin(), 1);
}

#[test]
fn the_holder_of_a_task_is_the_thread_that_polled_it_first() {
    let (_, pool) = pool(1, LONG);
    let polls = move || {
        // Connected and then tested by a worker.
        for _ in 0..2 {
            let held = block_on(pool.connect_async()).unwrap();
            assert_eq!(pool.snapshot().holders[0].thread.as_deref(), Some("executor"));
            drop(held);
        }
    };
    thread::Builder::new().name("executor".into()).spawn(polls).unwrap().join().unwrap();
}
