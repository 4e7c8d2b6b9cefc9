//! Threads of the pool: as many as are needed, and not without end.

use std::time::Duration;

use aludel::pool::{Pool, PoolClass};
use aludel_tests_pool::{Recorder, block_on, poll_once};

use crate::until::until;

/// The most that the process has.
const MOST: u64 = 512;

#[test]
fn more_tasks_than_there_may_be_workers_are_all_served() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).poolclass(PoolClass::NullPool).build().unwrap();
    recorder.faults(|faults| faults.hold_connects = true);
    let mut checkouts: Vec<_> = (0..MOST + 40).map(|_| pool.connect_async()).collect();
    for checkout in &mut checkouts {
        assert!(poll_once(checkout).is_pending());
    }
    until(MOST, || recorder.at_door());
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(recorder.at_door(), MOST);
    recorder.faults(|faults| faults.hold_connects = false);
    for checkout in checkouts {
        drop(block_on(checkout).unwrap());
    }
    until(0, || recorder.live());
}
