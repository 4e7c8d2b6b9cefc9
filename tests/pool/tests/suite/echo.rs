//! The lines of `echo_pool`: SQLAlchemy's words, in its order.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use aludel::Error;
use aludel::pool::settings::EchoPool;
use aludel::pool::{Pool, PoolBuilder, PooledConnection};
use aludel_tests_pool::{Recorder, block_on};

use crate::until::until;

/// Keeps each line, and which thread has written it.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<(ThreadId, String)>>>);

impl Lines {
    fn all(&self) -> Vec<(ThreadId, String)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The lines since the last look, without their time and target.
    fn take(&self) -> Vec<String> {
        let lines = self.all().into_iter().map(|(_, line)| line);
        lines.map(|line| line.replacen(" aludel::pool ", " ", 1)).collect()
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(line).expect("lines are text");
        let (_, text) = text.split_at("2026-11-20 15:29:13,782 ".len());
        let text = text.strip_suffix('\n').expect("a line ends").to_owned();
        self.0.lock().expect("nobody panics").push((thread::current().id(), text));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn builder(echo: impl Into<EchoPool>) -> (Recorder, Lines, PoolBuilder<Recorder>) {
    let (recorder, lines) = (Recorder::new(), Lines::default());
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(0);
    (recorder, lines.clone(), pool.echo_pool(echo.into()).echo_to(lines))
}

const DISPOSED: &str = "INFO Pool disposed. Pool size: 1  Connections in pool: 0 Current Overflow: \
                        -1 Current Checked out connections: 0";

const RETURNED: [&str; 2] =
    ["DEBUG Connection 1 being returned to pool", "DEBUG Connection 1 rollback-on-return"];

#[test]
fn the_life_of_a_connection_is_told_from_its_beginning_to_its_end() {
    let (_, lines, pool) = builder(EchoPool::Debug);
    let pool = pool.build().unwrap();
    drop(pool.connect().unwrap());
    let out = "DEBUG Connection 1 checked out from pool";
    let new = ["DEBUG Created new connection 1", out, RETURNED[0], RETURNED[1]];
    assert_eq!(lines.take(), new);
    let mut marked = pool.connect().unwrap();
    PooledConnection::soft_invalidate(&mut marked, None);
    drop(marked);
    let told = [out, "INFO Soft Invalidate connection 1", RETURNED[0], RETURNED[1]];
    assert_eq!(lines.take(), told);
    drop(pool.connect().unwrap());
    let replaced = [
        "INFO Connection 1 invalidated due to local soft invalidation; recycling",
        "DEBUG Hard-closing connection 1",
    ];
    assert_eq!(lines.take(), [&replaced[..], &new].concat());
    pool.invalidate_all();
    drop(pool.connect().unwrap());
    let replaced = [
        "INFO Connection 1 invalidated due to pool invalidation; recycling",
        "DEBUG Hard-closing connection 1",
    ];
    assert_eq!(lines.take(), [&replaced[..], &new].concat());
    pool.dispose();
    assert_eq!(lines.take(), ["DEBUG Closing connection 1", DISPOSED]);
}

#[test]
fn an_echo_that_is_on_tells_of_what_is_unusual_alone() {
    let (recorder, lines, pool) = builder(true);
    let pool = pool.pool_recycle(Duration::from_millis(400)).build().unwrap();
    drop(pool.connect().unwrap());
    assert!(lines.take().is_empty());
    let reason = Error::operational("gone");
    PooledConnection::invalidate(pool.connect().unwrap(), Some(&reason));
    assert_eq!(lines.take(), ["INFO Invalidate connection 1 (reason: OperationalError:gone)"]);
    drop(pool.connect().unwrap());
    thread::sleep(Duration::from_millis(800));
    drop(pool.connect().unwrap());
    assert_eq!(lines.take(), ["INFO Connection 1 exceeded timeout; recycling"]);
    recorder.faults(|faults| faults.close.extend([3]));
    pool.dispose();
    let failed = "ERROR Exception closing connection 1: OperationalError:close failed";
    assert_eq!(lines.take(), [failed, DISPOSED]);
    drop(pool.recreate());
    assert_eq!(lines.take(), ["INFO Pool recreating"]);
}

#[test]
fn tests_of_connections_are_told() {
    let (recorder, lines, pool) = builder(EchoPool::Debug);
    let pool = pool.pool_pre_ping(true).build().unwrap();
    drop(pool.connect().unwrap());
    let fresh = "DEBUG Connection 1 is fresh, skipping pre-ping";
    assert_eq!(lines.take()[2], fresh);
    drop(pool.connect().unwrap());
    let tested = [
        "DEBUG Connection 1 checked out from pool",
        "DEBUG Pool pre-ping on connection 1",
        RETURNED[0],
        RETURNED[1],
    ];
    assert_eq!(lines.take(), tested);
    recorder.faults(|faults| faults.ping.extend([1]));
    let _kept = pool.connect().unwrap();
    let failed = [
        tested[0],
        tested[1],
        "DEBUG Pool pre-ping on connection 1 failed, will invalidate pool",
        "INFO Disconnection detected on checkout, invalidating all pooled connections prior to \
         current timestamp (reason: OperationalError:no answer)",
        "INFO Invalidate connection 1 (reason: OperationalError:no answer)",
        "DEBUG Hard-closing connection 1",
        "DEBUG Created new connection 1",
        fresh,
    ];
    assert_eq!(lines.take(), failed);
}

#[test]
fn what_fails_is_told_with_its_reason() {
    let (recorder, lines, pool) = builder(EchoPool::Debug);
    let pool = pool.build().unwrap();
    recorder.faults(|faults| faults.fail_connects = 1);
    pool.connect().unwrap_err();
    assert_eq!(lines.take(), ["DEBUG Error on connect(): connect failed"]);
    recorder.faults(|faults| faults.reset.extend([1]));
    let kept = pool.connect().unwrap();
    let number = lines.take()[0].replace("DEBUG Created new connection ", "");
    drop(kept);
    let failed = [
        format!("DEBUG Connection {number} being returned to pool"),
        format!("DEBUG Connection {number} rollback-on-return"),
        "ERROR Exception during reset or similar: OperationalError:rollback failed".to_owned(),
        format!("INFO Invalidate connection {number} (reason: OperationalError:rollback failed)"),
        format!("DEBUG Hard-closing connection {number}"),
    ];
    assert_eq!(lines.take(), failed);
}

#[test]
fn a_detached_connection_is_told_of_to_its_end() {
    let (_, lines, pool) = builder(EchoPool::Debug);
    let pool = pool.build().unwrap();
    let mut own = pool.connect().unwrap();
    PooledConnection::detach(&mut own);
    lines.take();
    drop(own);
    let told = lines.take();
    let ends = ["rollback-on-return", "Closing connection 2"];
    assert_eq!(told.len(), ends.len(), "{told:?}");
    assert!(told.iter().zip(ends).all(|(line, end)| line.ends_with(end)), "{told:?}");
}

#[test]
fn it_is_switched_for_connections_that_are_in_use() {
    let (_, lines, pool) = builder(false);
    let pool = pool.build().unwrap();
    let kept = pool.connect().unwrap();
    pool.set_echo(EchoPool::Debug);
    assert_eq!(pool.echo(), EchoPool::Debug);
    drop(kept);
    assert_eq!(lines.take(), RETURNED);
    assert_eq!(pool.recreate().echo(), EchoPool::Debug);
    lines.take();
    pool.set_echo(false);
    drop(pool.connect().unwrap());
    pool.dispose();
    assert!(lines.take().is_empty());
}

#[test]
fn every_line_has_the_name_of_the_pool() {
    let (_, lines, pool) = builder(true);
    pool.pool_logging_name("orders").build().unwrap().dispose();
    assert!(lines.take()[0].starts_with("INFO aludel::pool.orders Pool disposed. "));
}

#[test]
fn no_line_is_written_by_the_thread_that_polls_a_task() {
    let (_, lines, pool) = builder(EchoPool::Debug);
    let pool = pool.build().unwrap();
    for _ in 0..2 {
        drop(block_on(pool.connect_async()).unwrap());
        until(1, || pool.checkedin());
    }
    let all = lines.all();
    assert_eq!(all.len(), 1 + 2 * 3, "{all:?}");
    let this = thread::current().id();
    assert!(all.iter().all(|(writer, _)| *writer != this), "{all:?}");
}

/// Panics at everything.
struct Panicking;

impl Write for Panicking {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        panic!("the writer panics, as the test demands")
    }

    fn flush(&mut self) -> io::Result<()> {
        panic!("the writer panics, as the test demands")
    }
}

#[test]
fn a_writer_that_panics_costs_its_lines_alone() {
    let (recorder, _, pool) = builder(EchoPool::Debug);
    let pool = pool.echo_to(Panicking).build().unwrap();
    for _ in 0..2 {
        drop(pool.connect().unwrap());
        assert_eq!((pool.checkedin(), pool.checkedout()), (1, 0));
    }
    PooledConnection::invalidate(pool.connect().unwrap(), None);
    drop(pool.connect().unwrap());
    pool.dispose();
    assert_eq!((recorder.opened(), recorder.live()), (2, 0));
}
