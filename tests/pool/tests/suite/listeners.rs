//! What listeners can ask for, and what they cannot.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use aludel::pool::{ConnectionRecord, Pool, PoolListener};
use aludel::{Error, ErrorKind, Result};
use aludel_tests_pool::{Conn, Recorder};

#[derive(Default)]
struct Doubter {
    doubts: AtomicBool,
}

impl PoolListener<Conn> for Doubter {
    fn checkout(&self, _: &mut ConnectionRecord<'_, Conn>) -> Result<()> {
        match self.doubts.swap(false, Ordering::Relaxed) {
            true => Err(Error::operational("the server has restarted").invalidating_pool()),
            false => Ok(()),
        }
    }
}

/// SQLAlchemy's `InvalidatePoolError`.
#[test]
fn a_listener_can_have_all_connections_replaced() {
    let doubter = Arc::new(Doubter::default());
    let pool = Pool::builder(Recorder::new()).listener(doubter.clone()).build().unwrap();
    drop((0..3).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    doubter.doubts.store(true, Ordering::Relaxed);
    let ids = |count| {
        let held: Vec<_> = (0..count).map(|_| pool.connect().unwrap()).collect();
        held.iter().map(|connection| connection.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(3), [4, 5, 6]);
    assert_eq!(ids(3), [4, 5, 6]);
    let counters = pool.snapshot().counters;
    assert_eq!((counters.closed_invalid, counters.closed_generation), (1, 2));
}

#[derive(Default)]
struct Greedy {
    pool: OnceLock<Pool<Recorder>>,
    refusal: Mutex<Option<Error>>,
}

impl PoolListener<Conn> for Greedy {
    fn first_connect(&self, _: &mut ConnectionRecord<'_, Conn>) -> Result<()> {
        let pool = self.pool.get().unwrap();
        *self.refusal.lock().unwrap() = pool.connect().err();
        Ok(())
    }
}

#[test]
fn a_checkout_within_a_first_connect_listener_is_refused_with_the_reason() {
    let greedy = Arc::new(Greedy::default());
    let pool = Pool::builder(Recorder::new()).listener(greedy.clone()).build().unwrap();
    assert!(greedy.pool.set(pool.clone()).is_ok());
    drop(pool.connect().unwrap());
    let refusal = greedy.refusal.lock().unwrap().take().unwrap();
    assert_eq!(refusal.kind(), ErrorKind::InvalidRequest);
    assert!(refusal.message().contains("first_connect"), "{refusal}");
    // From then on it may.
    let both = (pool.connect().unwrap(), pool.connect().unwrap());
    assert_eq!((both.0.id, both.1.id), (1, 2));
}

struct Connects(AtomicU64);

impl PoolListener<Conn> for Connects {
    fn connect(&self, _: &mut ConnectionRecord<'_, Conn>) -> aludel::Result<()> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn a_recreated_pool_has_the_listeners_and_limits_of_that_moment_and_its_own_from_then_on() {
    let (early, late) = (Arc::new(Connects(0.into())), Arc::new(Connects(0.into())));
    let pool = Pool::builder(Recorder::new()).listener(early.clone()).build().unwrap();
    pool.resize(2, 1).unwrap();
    let other = pool.recreate();
    pool.listen(late.clone());
    drop(other.connect().unwrap());
    assert_eq!((early.0.load(Ordering::Relaxed), late.0.load(Ordering::Relaxed)), (1, 0));
    drop(pool.connect().unwrap());
    assert_eq!((early.0.load(Ordering::Relaxed), late.0.load(Ordering::Relaxed)), (2, 1));
    assert_eq!((other.size(), other.snapshot().max_overflow), (2, Some(1)));
}
