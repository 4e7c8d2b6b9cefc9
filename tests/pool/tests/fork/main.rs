//! A pool whose process is forked: the child does not touch the sockets of its parent.

#![cfg(unix)]

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::time::Duration;

use aludel::pool::settings::EchoPool;
use aludel::pool::{Manager, Pool, PooledConnection, ResetOnReturn};
use aludel_tests_pool::{block_on, poll_once};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, alarm, fork};

/// Opens sockets whose other ends it keeps.
#[derive(Default)]
struct Sockets(Mutex<Vec<UnixStream>>);

/// A session that speaks on every occasion, also when it is dropped.
struct Session {
    number: usize,
    stream: UnixStream,
}

impl Session {
    fn say(&mut self, what: &str) {
        self.stream.write_all(what.as_bytes()).unwrap();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.say("goodbye ");
        self.stream.shutdown(std::net::Shutdown::Both).unwrap();
    }
}

impl Manager for Sockets {
    type Connection = Session;

    fn connect(&self, _within: Option<Duration>) -> aludel::Result<Session> {
        let (stream, other) = UnixStream::pair().unwrap();
        other.set_nonblocking(true).unwrap();
        let mut others = self.0.lock().unwrap();
        others.push(other);
        Ok(Session { number: others.len(), stream })
    }

    fn ping(&self, session: &mut Session, _within: Duration) -> aludel::Result<()> {
        session.say("ping ");
        Ok(())
    }

    fn reset(&self, session: &mut Session, _: ResetOnReturn, _: Duration) -> aludel::Result<()> {
        session.say("rollback ");
        Ok(())
    }
}

impl Sockets {
    /// What the other end of a session has heard since it was asked last.
    fn heard(&self, number: usize) -> String {
        let mut buffer = [0; 256];
        match self.0.lock().unwrap()[number - 1].read(&mut buffer) {
            Ok(0) => "end".to_owned(),
            Ok(length) => String::from_utf8_lossy(&buffer[..length]).into_owned(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => String::new(),
            Err(error) => error.to_string(),
        }
    }
}

/// Does `work` in a forked child, and says how that ended.
fn in_child(work: impl FnOnce()) -> WaitStatus {
    // SAFETY: the child takes no lock that another thread of the parent may hold; it ends by `_exit`.
    match unsafe { fork() }.unwrap() {
        ForkResult::Parent { child } => waitpid(child, None).unwrap(),
        ForkResult::Child => {
            alarm::set(20);
            let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err();
            // SAFETY: ends the process at once, as a child must that has copies of its parent's threads' state.
            unsafe { nix::libc::_exit(i32::from(failed)) }
        }
    }
}

fn succeeded(status: WaitStatus) {
    assert!(matches!(status, WaitStatus::Exited(_, 0)), "the child ended as {status:?}");
}

/// SQLAlchemy #7877 and #7815: a child that was forked uses and closes the sockets of its parent.
#[test]
fn sqlalchemy_7877_a_forked_child_does_not_touch_the_sockets_of_its_parent() {
    // The second does not fit into one word, and keeps its idle connections behind a lock.
    for overflow in [10, 30] {
        let pool = Pool::builder(Sockets::default()).max_overflow(overflow).pool_pre_ping(true);
        let pool = pool.build().unwrap();
        let (idle, held, lost) =
            (pool.connect().unwrap(), pool.connect().unwrap(), pool.connect().unwrap());
        drop(idle);
        assert_eq!(pool.manager().heard(1), "rollback ");
        let mut all = Some((pool, held, lost));
        succeeded(in_child(|| {
            let (pool, held, lost) = all.take().unwrap();
            let mut own = pool.connect().unwrap();
            assert_eq!(own.number, 4);
            own.say("hello");
            drop(held);
            PooledConnection::invalidate(lost, None);
            drop(own);
            // It is kept and tested as any other.
            assert_eq!(pool.connect().unwrap().number, 4);
            assert_eq!((pool.checkedin(), pool.checkedout()), (1, 0));
            drop(pool.clone());
            pool.dispose();
            pool.close(Duration::from_secs(5)).unwrap();
            drop(pool);
        }));
        let (pool, mut held, lost) = all.take().unwrap();
        for number in 1..=3 {
            assert_eq!(pool.manager().heard(number), "");
        }
        held.say("still here");
        assert_eq!(pool.manager().heard(2), "still here");
        assert_eq!((pool.checkedin(), pool.checkedout()), (1, 2));
        drop((held, lost));
        assert_eq!(pool.connect().unwrap().number, 1);
        assert_eq!(pool.manager().heard(1), "ping rollback ");
    }
}

/// The threads of a pool do not exist in a child; it starts its own.
#[test]
fn a_forked_child_has_threads_for_its_tasks_and_clocks() {
    let pool = Pool::builder(Sockets::default()).pool_size(1).max_overflow(0);
    let pool = pool.pool_timeout(Duration::from_millis(50)).build().unwrap();
    // Leaves an idle worker and a running clock.
    let held = block_on(pool.connect_async()).unwrap();
    assert!(block_on(pool.connect_async()).is_err());
    let mut waiting = pool.connect_async();
    assert!(poll_once(&mut waiting).is_pending());
    succeeded(in_child(|| {
        let own = block_on(&mut waiting).unwrap();
        assert_eq!(own.number, 2);
        assert!(block_on(pool.connect_async()).is_err());
        drop(own);
        assert_eq!(block_on(pool.connect_async()).unwrap().number, 2);
    }));
    assert_eq!(pool.manager().heard(1), "");
    drop((waiting, held));
    // A worker resets and returns it.
    while pool.checkedin() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(pool.connect().unwrap().number, 1);
}

#[test]
fn a_child_of_a_child_begins_anew_once_more() {
    let pool = Pool::builder(Sockets::default()).build().unwrap();
    drop(pool.connect().unwrap());
    succeeded(in_child(|| {
        let own = pool.connect().unwrap();
        assert_eq!(own.number, 2);
        succeeded(in_child(|| assert_eq!(pool.connect().unwrap().number, 3)));
        assert_eq!(pool.manager().heard(2), "");
        drop(own);
        assert_eq!(pool.connect().unwrap().number, 2);
    }));
    assert_eq!(pool.connect().unwrap().number, 1);
}

/// A writer that stops in the middle of a line until it may go on.
struct Stopping {
    begun: std::sync::mpsc::Sender<()>,
    goes_on: std::sync::mpsc::Receiver<()>,
}

impl Write for Stopping {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let _nobody_waits = self.begun.send(());
        let _the_end = self.goes_on.recv();
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_forked_child_does_not_wait_for_a_thread_of_its_parent_that_writes_a_line() {
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (go_on, goes_on) = std::sync::mpsc::channel();
    let pool = Pool::builder(Sockets::default()).echo_pool(EchoPool::Debug);
    let pool = pool.echo_to(Stopping { begun, goes_on }).build().unwrap();
    std::thread::scope(|scope| {
        // Its line says that a connection was made.
        let first = scope.spawn(|| drop(pool.connect().unwrap()));
        has_begun.recv_timeout(Duration::from_secs(20)).unwrap();
        // The child's lines are lost, and nothing else.
        let status = in_child(|| drop(pool.connect().unwrap()));
        drop(go_on);
        first.join().unwrap();
        succeeded(status);
    });
}
