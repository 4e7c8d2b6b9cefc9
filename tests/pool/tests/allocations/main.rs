//! What the pool allocates: nothing, once a connection is there.
//!
//! A program of its own, because it counts what its allocator gives.

use std::time::Duration;

use aludel::Result;
use aludel::pool::{Manager, Pool};
use aludel_test_support::allocations::{CountingAllocator, count};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

struct Numbers;

impl Manager for Numbers {
    type Connection = u64;

    fn connect(&self, _within: Option<Duration>) -> Result<u64> {
        Ok(7)
    }
}

#[test]
fn taking_and_returning_an_idle_connection_allocates_nothing() {
    // A pool of 20 does not fit into one word, and is kept behind a lock.
    for (size, timed) in [(5, false), (20, false), (5, true)] {
        let pool = Pool::builder(Numbers).pool_size(size).pool_histograms(timed).build().unwrap();
        drop(pool.connect().unwrap());
        let (sum, counted) = count(|| (0..1000).map(|_| *pool.connect().unwrap()).sum::<u64>());
        assert_eq!((sum, counted.allocations), (7000, 0));
    }
}
