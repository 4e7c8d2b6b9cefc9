//! Which connections are replaced after an outage, and which are tested before use.

use std::thread;
use std::time::Duration;

use aludel::pool::settings::Prefill;
use aludel::pool::{Pool, PooledConnection};
use aludel_tests_pool::Recorder;

#[test]
fn a_late_report_of_an_outage_spares_what_was_opened_since() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder).pool_size(3).max_overflow(0).build().unwrap();
    let (first, second) = (pool.connect().unwrap(), pool.connect().unwrap());
    let mut third = pool.connect().unwrap();
    PooledConnection::invalidate_pool(first, None);
    assert_eq!(pool.connect().unwrap().id, 4);
    PooledConnection::invalidate_pool(second, None);
    // A mark for replacement does not hide the age.
    PooledConnection::soft_invalidate(&mut third, None);
    PooledConnection::invalidate_pool(third, None);
    let held: Vec<_> = (0..3).map(|_| pool.connect().unwrap()).collect();
    let mut ids: Vec<_> = held.iter().map(|connection| connection.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [4, 5, 6]);
}

#[test]
fn a_marked_connection_that_is_the_first_to_report_an_outage_invalidates_all() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder).pool_size(2).max_overflow(0).build().unwrap();
    let mut marked = pool.connect().unwrap();
    drop(pool.connect().unwrap());
    PooledConnection::soft_invalidate(&mut marked, None);
    PooledConnection::invalidate_pool(marked, None);
    drop((pool.connect().unwrap(), pool.connect().unwrap()));
    assert_eq!(pool.snapshot().counters.closed_generation, 1);
}

#[test]
fn a_connection_that_was_opened_ahead_is_tested_when_it_has_been_idle() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0).pool_min_idle(1);
    let pool = pool.pool_prefill(Prefill::Fail).pool_pre_ping(true).build().unwrap();
    recorder.faults(|faults| faults.ping.extend([1]));
    thread::sleep(Duration::from_millis(60));
    assert_eq!(pool.connect().unwrap().id, 2);
    assert_eq!(pool.snapshot().counters.closed_ping, 1);
}
