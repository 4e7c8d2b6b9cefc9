//! Cancelling and deadlines.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::support::{connect, error_of, file_url, memory, prepare, run, scalar};
use aludel::Value;
use aludel::abi::host::{DriverCancel, ExecuteOptions, Limits};
use aludel::dbapi::{TransactionOptions, TransactionState};

const ENDLESS: &str = "with recursive n(i) as (select 1 union all select i + 1 from n) \
                       select count(*) from n";

/// Cancels again and again while `work` runs: a cancel that comes before the call does nothing.
fn cancelled_while(handle: &DriverCancel, work: impl FnOnce()) {
    struct Over<'a>(&'a AtomicBool);
    impl Drop for Over<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Release);
        }
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_millis(5));
                handle.cancel().unwrap();
            }
        });
        // Dropped also when an assertion fails, so that the other thread ends.
        let _over = Over(&over);
        work();
    });
}

#[test]
fn a_running_statement_is_cancelled_from_another_thread() {
    let mut connection = memory();
    let statement = prepare(&mut connection, ENDLESS);
    let handle = connection.cancel_handle().unwrap();
    let started = Instant::now();
    cancelled_while(&handle, || {
        let error = connection.execute(&statement, &(), ExecuteOptions::default()).err().unwrap();
        assert_eq!(error.message(), "the statement was cancelled");
        assert_eq!((error.sqlstate(), error.native_code()), (Some("HY008"), Some(9)));
    });
    assert!(started.elapsed() < Duration::from_secs(30));
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}

/// Cancels the long statements of a connection as soon as each has begun, and goes on cancelling
/// them by their number while short ones follow.
#[test]
fn a_late_cancel_never_hits_the_next_statement() {
    let mut connection = memory();
    let long = prepare(&mut connection, ENDLESS);
    let short = prepare(
        &mut connection,
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) \
         select count(*) from n",
    );
    let handle = connection.cancel_handle().unwrap();
    let (target, finished) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !finished.load(Ordering::Acquire) {
                handle.cancel_call(target.load(Ordering::Acquire)).unwrap();
                std::hint::spin_loop();
            }
        });
        for round in 0..500 {
            target.store(handle.current_call() + 1, Ordering::Release);
            let error = connection.execute(&long, &(), ExecuteOptions::default()).err().unwrap();
            assert_eq!(error.message(), "the statement was cancelled", "round {round}");
            for _ in 0..3 {
                let mut cursor =
                    connection.execute(&short, &(), ExecuteOptions::default()).unwrap();
                assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 2000);
            }
        }
        finished.store(true, Ordering::Release);
    });
}

#[test]
fn a_wait_for_a_lock_is_cancelled() {
    let directory = tempfile::tempdir().unwrap();
    let mut holder = connect(&file_url(&directory, "x.db", ""));
    run(&mut holder, "create table t (a)");
    run(&mut holder, "begin immediate");
    let mut other = connect(&file_url(&directory, "x.db", "busy_timeout=60000"));
    let handle = other.cancel_handle().unwrap();
    let started = Instant::now();
    cancelled_while(&handle, || {
        let error = error_of(&mut other, "insert into t values (1)");
        assert_eq!(
            error.message(),
            "the statement was cancelled while it waited for a lock of another connection"
        );
        assert_eq!(error.sqlstate(), Some("HY008"));
    });
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_cancelled_write_leaves_the_transaction_as_sqlite_leaves_it() {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    let insert = prepare(
        &mut connection,
        "insert into t with recursive n(i) as (select 1 union all select i + 1 from n) select i from n",
    );
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (0)");
    let limits = Limits::within(Duration::from_millis(30));
    let options = ExecuteOptions::default().limits(limits);
    let error = connection.execute(&insert, &(), options).err().unwrap();
    assert_eq!(error.message(), "the deadline of the call has passed");
    // An interrupted write takes the whole transaction with it, and the error says so.
    assert!(error.is_transaction_aborted());
    assert_eq!(connection.transaction_state(), TransactionState::Aborted);
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(0));
}

#[test]
fn a_deadline_ends_a_statement_and_does_not_stay() {
    let mut connection = memory();
    let statement = prepare(&mut connection, ENDLESS);
    for _ in 0..3 {
        let started = Instant::now();
        let limits = Limits::within(Duration::from_millis(50));
        let options = ExecuteOptions::default().limits(limits);
        let error = connection.execute(&statement, &(), options).err().unwrap();
        assert_eq!(error.message(), "the deadline of the call has passed");
        assert_eq!(error.sqlstate(), Some("HYT00"));
        let took = started.elapsed();
        assert!(took >= Duration::from_millis(50) && took < Duration::from_secs(30), "{took:?}");
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    }
}

#[test]
fn a_deadline_limits_the_wait_for_a_lock() {
    let directory = tempfile::tempdir().unwrap();
    let mut holder = connect(&file_url(&directory, "x.db", ""));
    run(&mut holder, "create table t (a)");
    run(&mut holder, "begin immediate");
    let mut other = connect(&file_url(&directory, "x.db", "busy_timeout=60000"));
    let immediate = TransactionOptions { mode: Some("immediate"), ..TransactionOptions::default() };
    let started = Instant::now();
    let error = other.begin(&immediate, Limits::within(Duration::from_millis(60))).unwrap_err();
    assert_eq!(
        error.message(),
        "the deadline of the call has passed while it waited for a lock of another connection"
    );
    assert_eq!(error.sqlstate(), Some("HYT00"));
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(60) && took < Duration::from_secs(30), "{took:?}");
}

#[test]
fn a_deadline_that_has_passed_refuses_the_call_but_not_the_rollback() {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    let past = Limits::within(Duration::ZERO);
    assert_eq!(connection.commit(past).unwrap_err().sqlstate(), Some("HYT00"));
    assert_eq!(connection.transaction_state(), TransactionState::Active);
    connection.rollback(past).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
}

#[test]
fn a_cancel_handle_outlives_its_connection() {
    let connection = {
        let mut connection = memory();
        let handle = connection.cancel_handle().unwrap();
        drop(connection);
        handle
    };
    connection.cancel().unwrap();
}
