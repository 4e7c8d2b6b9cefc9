//! What follows for others from a connection that does not pass its test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use aludel::pool::{Manager, Pool, PoolBuilder, PoolListener};
use aludel::{Error, ErrorKind, Result};

/// Connections are their numbers. The first does not pass any test.
#[derive(Default)]
struct Tests {
    opened: AtomicU32,
    /// The test takes all the time that it has.
    silent: bool,
    /// Nothing follows from it for others.
    alone: bool,
}

impl Manager for Tests {
    type Connection = u32;

    fn connect(&self, _: Option<Duration>) -> Result<u32> {
        Ok(self.opened.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn ping(&self, connection: &mut u32, within: Duration) -> Result<()> {
        if *connection > 1 {
            return Ok(());
        }
        if self.silent {
            let begun = Instant::now();
            while begun.elapsed() < within {
                thread::sleep(within);
            }
        }
        Err(Error::operational("gone"))
    }

    fn loss_is_of_all(&self, connection: &u32, error: &Error) -> bool {
        assert_eq!((*connection, error.message()), (1, "gone"));
        !self.alone
    }
}

fn three(tests: Tests, set: impl FnOnce(PoolBuilder<Tests>) -> PoolBuilder<Tests>) -> Pool<Tests> {
    let pool = Pool::builder(tests).pool_size(3).max_overflow(0).pool_pre_ping(true);
    let pool = set(pool).build().unwrap();
    drop([(); 3].map(|()| pool.connect().unwrap()));
    pool
}

#[test]
fn what_one_has_met_all_of_its_age_have_met_unless_the_manager_knows_better() {
    for alone in [false, true] {
        let pool = three(Tests { alone, ..Tests::default() }, |pool| pool);
        drop([(); 3].map(|()| pool.connect().unwrap()));
        let counters = pool.snapshot().counters;
        assert_eq!((counters.closed_ping, counters.pings_failed), (1, 1));
        assert_eq!(counters.closed_generation, if alone { 0 } else { 2 });
    }
}

#[test]
fn a_test_that_ran_out_of_the_callers_time_says_nothing_about_others() {
    let (hurried, ample) = (Duration::from_millis(500), Duration::from_secs(30));
    for (timeout, lost) in [(hurried, 0), (ample, 2)] {
        let silent = Tests { silent: true, ..Tests::default() };
        let ping = if timeout == hurried { ample } else { hurried };
        let pool = three(silent, |pool| pool.pool_timeout(timeout).pool_ping_timeout(ping));
        let first = pool.connect();
        assert_eq!(first.is_err(), timeout == hurried);
        drop(first);
        drop([(); 3].map(|()| pool.connect().unwrap()));
        let counters = pool.snapshot().counters;
        assert_eq!((counters.closed_ping, counters.closed_generation), (1, lost), "{timeout:?}");
    }
}

/// Keeps who has to wait from going on until a connection is there, and the time is over.
struct Keeps {
    waits: Mutex<Sender<()>>,
    go_on: Mutex<Receiver<()>>,
}

impl PoolListener<u32> for Keeps {
    fn wait(&self) {
        self.waits.lock().unwrap().send(()).unwrap();
        self.go_on.lock().unwrap().recv().unwrap();
    }
}

#[test]
fn a_connection_that_comes_when_no_time_is_left_to_test_it_stays_as_it_is() {
    let time = Duration::from_millis(500);
    let tests = Tests { opened: 1.into(), ..Tests::default() };
    let pool = Pool::builder(tests).pool_size(1).max_overflow(0).pool_timeout(time);
    let pool = pool.pool_pre_ping(true).build().unwrap();
    let ((waits, waiting), (goes_on, go_on)) = (channel(), channel());
    pool.listen(Arc::new(Keeps { waits: Mutex::new(waits), go_on: Mutex::new(go_on) }));
    let held = pool.connect().unwrap();
    let late = thread::spawn({
        let pool = pool.clone();
        move || pool.connect().map(|connection| *connection)
    });
    waiting.recv().unwrap();
    drop(held);
    thread::sleep(time);
    goes_on.send(()).unwrap();
    assert_eq!(late.join().unwrap().unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(*pool.connect().unwrap(), 2, "it is kept");
    let counters = pool.snapshot().counters;
    assert_eq!((counters.closed_ping, counters.pings_failed, counters.timeouts), (0, 0, 1));
}
