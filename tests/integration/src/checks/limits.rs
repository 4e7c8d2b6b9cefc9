//! Cancelling and deadlines.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aludel::abi::host::{ExecuteOptions, Limits};

use crate::subject::{Subject, counted, query, query_with};

/// Longer than any test waits.
const LONG: &str = "sleep 600000";

/// Cancel while a statement runs.
pub fn another_thread_cancels(subject: &Subject) {
    let mut connection = subject.connect();
    let cancel = connection.cancel_handle().unwrap();
    let over = AtomicBool::new(false);
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            // The statement may not have begun yet, and an early cancel does nothing.
            while !over.load(Ordering::Acquire) {
                cancel.cancel().unwrap();
                thread::yield_now();
            }
        });
        let error = query(&mut connection, LONG).unwrap_err();
        over.store(true, Ordering::Release);
        error
    });
    assert_eq!(error.sqlstate(), Some("57014"));
    assert!(connection.is_alive());
    assert_eq!(query(&mut connection, "rows 2").unwrap(), counted(2));
}

/// A cancel that names a call that has ended.
pub fn a_late_cancel_does_not_hit_the_next_call(subject: &Subject) {
    let mut connection = subject.connect();
    let cancel = connection.cancel_handle().unwrap();
    query(&mut connection, "sleep 0").unwrap();
    let ended = cancel.current_call();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                cancel.cancel_call(ended).unwrap();
                thread::yield_now();
            }
        });
        let outcome = query(&mut connection, "sleep 50");
        over.store(true, Ordering::Release);
        outcome.unwrap();
    });
}

/// A cancel that names a call of the far future.
pub fn a_cancel_of_a_call_that_was_never_made_does_nothing(subject: &Subject) {
    let mut connection = subject.connect();
    let cancel = connection.cancel_handle().unwrap();
    for ahead in [1, 2, u64::MAX - cancel.current_call()] {
        cancel.cancel_call(cancel.current_call() + ahead).unwrap();
    }
    assert_eq!(query(&mut connection, "rows 2").unwrap(), counted(2));
    drop(connection);
    another_thread_cancels(subject);
}

/// A deadline.
pub fn a_deadline_ends_a_call(subject: &Subject) {
    let mut connection = subject.connect();
    let start = Instant::now();
    let options = ExecuteOptions::default().limits(Limits::within(Duration::from_millis(30)));
    let error = query_with(&mut connection, LONG, &[], options).unwrap_err();
    assert_eq!(error.sqlstate(), Some("HYT00"));
    let elapsed = start.elapsed();
    assert!(elapsed >= Duration::from_millis(30) && elapsed < Duration::from_secs(60));
    assert_eq!(query(&mut connection, "rows 2").unwrap(), counted(2));
}

/// Cancelling what is gone.
pub fn a_cancel_handle_outlives_its_connection(subject: &Subject) {
    let mut connection = subject.connect();
    let cancel = connection.cancel_handle().unwrap();
    let second = connection.cancel_handle().unwrap();
    connection.close(Limits::NONE).unwrap();
    cancel.cancel().unwrap();
    drop(cancel);
    second.cancel().unwrap();
}
