//! Panics of managers, listeners and wakers: they cost one checkout at most, and never the pool.

use aludel::pool::settings::ConnectMode;
use aludel::pool::{ConnectionRecord, Pool, PoolListener};
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
    assert_eq!((pool.snapshot().counters.timeouts, pool.checkedout()), (0, 0));
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
    drop(within(move || block_on(pool.connect_async()).map(drop)).unwrap());
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
        .listener(std::sync::Arc::new(Panics(&[1, 2, 3])))
        .build()
        .unwrap();
    for _ in 0..3 {
        assert_eq!(pool.connect().unwrap_err().kind(), ErrorKind::Internal);
    }
    assert_eq!(pool.connect().unwrap().id, 4);
    until((1, 1), || (recorder.live(), recorder.peak()));
}
