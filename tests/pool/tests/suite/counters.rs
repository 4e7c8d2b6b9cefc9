//! Counters: each connection that is closed is counted once, for the reason for which it was.

use std::sync::Arc;

use aludel::Error;
use aludel::pool::{ConnectionRecord, Pool, PoolListener};
use aludel_tests_pool::{Conn, Recorder, block_on};

use crate::until::until;

/// Refuses the first connection.
struct Refusing;

impl PoolListener<Conn> for Refusing {
    fn connect(&self, record: &mut ConnectionRecord<'_, Conn>) -> aludel::Result<()> {
        match record.connection.id {
            1 => Err(Error::operational("not this one")),
            _ => Ok(()),
        }
    }
}

#[test]
fn what_comes_back_after_dispose_is_counted_as_disposed_of() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(2).build().unwrap();
    let (of_thread, of_task) = (pool.connect().unwrap(), block_on(pool.connect_async()).unwrap());
    pool.dispose();
    drop(of_thread);
    drop(of_task);
    until(0, || recorder.live());
    let counters = pool.snapshot().counters;
    assert_eq!((counters.closed_dispose, counters.closed_overflow), (2, 0));
}

#[test]
fn what_a_smaller_pool_does_not_keep_is_counted_as_overflow() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).build().unwrap();
    let held = pool.connect().unwrap();
    drop((pool.connect().unwrap(), pool.connect().unwrap()));
    pool.resize(1, 0).unwrap();
    drop(held);
    let counters = pool.snapshot().counters;
    assert_eq!((counters.closed_dispose, counters.closed_overflow), (0, 2));
    assert_eq!(recorder.live(), 1);
}

#[test]
fn a_connection_that_a_listener_refuses_is_counted() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).listener(Arc::new(Refusing)).build().unwrap();
    assert_eq!(pool.connect().unwrap_err().message(), "not this one");
    assert_eq!((pool.snapshot().counters.closed_invalid, recorder.live()), (1, 0));
}
