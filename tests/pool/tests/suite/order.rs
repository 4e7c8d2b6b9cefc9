//! The order in which idle connections are used, and what is kept.

use std::time::Duration;

use aludel::pool::settings::PoolOrder;
use aludel::pool::{Pool, PooledConnection};
use aludel_tests_pool::Recorder;

fn ids(pool: &Pool<Recorder>, count: usize) -> Vec<u64> {
    let held: Vec<PooledConnection<Recorder>> =
        (0..count).map(|_| pool.connect().unwrap()).collect();
    held.iter().map(|connection| connection.id).collect()
}

#[test]
fn idle_connections_are_used_in_the_order_of_the_setting() {
    // The second of each kind does not fit into one word, and is kept behind a lock.
    for (order, expected) in
        [(PoolOrder::Fifo, [1, 2, 3, 4, 5]), (PoolOrder::Lifo, [5, 4, 3, 2, 1])]
    {
        for overflow in [0, 30] {
            let pool = Pool::builder(Recorder::new())
                .pool_order(order)
                .max_overflow(overflow)
                .build()
                .unwrap();
            let held: Vec<_> = (0..5).map(|_| pool.connect().unwrap()).collect();
            for connection in held {
                drop(connection);
            }
            assert_eq!(pool.checkedin(), 5);
            assert_eq!(ids(&pool, 5), expected);
        }
    }
}

#[test]
fn the_last_to_return_is_closed_when_enough_are_idle() {
    let recorder = Recorder::new();
    let pool =
        Pool::builder(recorder.clone()).pool_size(5).max_overflow(10).pool_timeout(Duration::ZERO);
    let pool = pool.build().unwrap();
    let held: Vec<_> = (0..15).map(|_| pool.connect().unwrap()).collect();
    assert!(pool.connect().is_err());
    drop(held);
    assert_eq!((pool.checkedin(), recorder.live(), pool.overflow()), (5, 5, 0));
    drop(pool);
    assert_eq!(recorder.live(), 0);
}

#[test]
fn resizing_closes_what_is_too_much_and_opens_what_is_missing() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(2).max_overflow(0);
    let pool = pool.pool_timeout(Duration::ZERO).build().unwrap();
    let first = pool.connect().unwrap();
    let second = pool.connect().unwrap();
    assert!(pool.connect().is_err());
    pool.resize(3, 0).unwrap();
    let third = pool.connect().unwrap();
    pool.resize(1, 0).unwrap();
    assert!(pool.connect().is_err());
    drop((first, second, third));
    assert_eq!((pool.checkedin(), pool.checkedout(), recorder.live()), (1, 0, 1));
    assert!(pool.resize(2, -7).is_err());
}
