//! What listeners can ask for, and what they cannot.

use std::sync::atomic::{AtomicBool, Ordering};
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
