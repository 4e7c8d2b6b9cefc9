//! Threads that read and then write one file.
//!
//! A transaction that has read cannot be upgraded to one that writes when another has written
//! meanwhile; `begin=immediate` avoids that.

use std::thread;

use aludel::{Connection, Engine, Result};

/// SQLITE_BUSY_SNAPSHOT: what was read is old, so that it cannot be written to.
const BUSY_SNAPSHOT: i64 = 517;

/// A counter in a file that is read while it is written.
fn counter(options: &str) -> (tempfile::TempDir, Engine) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("counter.db");
    let url = format!("sqlite:///{}?journal_mode=wal&synchronous=off{options}", path.display());
    let engine = crate::engine(&url);
    engine.execute("create table counter (n integer)", ()).expect("a table");
    engine.execute("insert into counter values (0)", ()).expect("a row");
    (directory, engine)
}

fn read(conn: &mut Connection) -> Result<i64> {
    conn.scalar("select n from counter", ())
}

fn write(conn: &mut Connection, n: i64) -> Result<()> {
    conn.execute("update counter set n = ?", (n,)).map(drop)
}

#[test]
fn a_deferred_transaction_that_reads_and_then_writes_may_meet_an_old_snapshot() {
    let (_directory, engine) = counter("");
    let (mut one, mut two) = (engine.connect().unwrap(), engine.connect().unwrap());
    assert_eq!(read(&mut one).unwrap(), 0);
    write(&mut two, 1).unwrap();
    two.commit().unwrap();
    let error = write(&mut one, 2).unwrap_err();
    assert_eq!(error.native_code(), Some(BUSY_SNAPSHOT), "the test below could fail: {error}");
    assert!(error.is_retryable());
}

#[test]
fn eight_threads_that_begin_immediate_never_meet_an_old_snapshot() {
    const THREADS: i64 = 8;
    const ROUNDS: i64 = 100;
    let (_directory, engine) = counter("&begin=immediate&busy_timeout=60000");
    let increment = |conn: &mut Connection| {
        let n = read(conn)?;
        thread::yield_now();
        write(conn, n + 1)
    };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    engine.begin(increment).expect("nobody is too late");
                }
            });
        }
    });
    assert_eq!(read(&mut engine.connect().unwrap()).unwrap(), THREADS * ROUNDS);
}
