//! The recording manager: connections are numbers, and every call leaves a line.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use aludel::pool::{Manager, ResetOnReturn};
use aludel::{Error, Result};

use crate::calls::Calls;

/// A connection of the recorder. Dropping it is noticed.
pub struct Conn {
    /// Its number, in the order of connecting from 1.
    pub id: u64,
    /// Set by its user: the manager then calls it broken.
    pub broken: bool,
    /// Set by its user: nothing is left on the wire.
    pub clean: bool,
    home: Arc<State>,
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Conn({})", self.id)
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        self.home.live.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What is to go wrong.
#[derive(Default)]
pub struct Faults {
    /// So many connects fail from now on.
    pub fail_connects: u64,
    /// So many connects panic from now on.
    pub panic_connects: u64,
    /// The connections whose tests fail.
    pub ping: HashSet<u64>,
    /// The connections whose tests panic.
    pub ping_panics: HashSet<u64>,
    /// The connections whose resets fail.
    pub reset: HashSet<u64>,
    /// The connections whose closing fails.
    pub close: HashSet<u64>,
    /// How long a connect takes.
    pub connect_takes: Duration,
    /// How long a close takes.
    pub close_takes: Duration,
    /// While true, connects wait at the door.
    pub hold_connects: bool,
    /// While true, closes wait at the door.
    pub hold_closes: bool,
    /// While true, tests wait at the door.
    pub hold_pings: bool,
    /// While true, resets wait at the door.
    pub hold_resets: bool,
}

#[derive(Default)]
struct State {
    log: Mutex<Vec<String>>,
    faults: Mutex<Faults>,
    changed: Condvar,
    next: AtomicU64,
    live: AtomicU64,
    peak: AtomicU64,
    at_door: AtomicU64,
    calls: Calls,
}

/// The manager; clones share everything.
#[derive(Clone, Default)]
pub struct Recorder(Arc<State>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// A manager with an empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes what is to go wrong.
    pub fn faults(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut lock(&self.0.faults));
        self.0.changed.notify_all();
    }

    /// The calls since the last look.
    pub fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.0.log))
    }

    /// Adds a line.
    pub fn note(&self, line: String) {
        lock(&self.0.log).push(line);
    }

    /// Connections that exist now.
    pub fn live(&self) -> u64 {
        self.0.live.load(Ordering::SeqCst)
    }

    /// The most that ever existed at one time.
    pub fn peak(&self) -> u64 {
        self.0.peak.load(Ordering::SeqCst)
    }

    /// Connections opened so far.
    pub fn opened(&self) -> u64 {
        self.0.next.load(Ordering::SeqCst)
    }

    /// Calls that wait at a door that is held.
    pub fn at_door(&self) -> u64 {
        self.0.at_door.load(Ordering::SeqCst)
    }

    /// The threads that connected, tested, reset or closed.
    pub fn threads(&self) -> HashSet<ThreadId> {
        self.0.calls.threads()
    }

    /// Who called what.
    pub fn calls(&self) -> &Calls {
        &self.0.calls
    }

    fn hold(&self, held: impl Fn(&Faults) -> bool) {
        let mut faults = lock(&self.0.faults);
        if held(&faults) {
            self.0.at_door.fetch_add(1, Ordering::SeqCst);
            while held(&faults) {
                faults = self.0.changed.wait(faults).unwrap_or_else(PoisonError::into_inner);
            }
            self.0.at_door.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

fn spend(time: Duration) {
    if !time.is_zero() {
        thread::sleep(time);
    }
}

impl Manager for Recorder {
    type Connection = Conn;

    fn connect(&self, _within: Option<Duration>) -> Result<Conn> {
        self.0.calls.note("connect");
        self.hold(|faults| faults.hold_connects);
        let takes = {
            let mut faults = lock(&self.0.faults);
            if faults.fail_connects > 0 {
                faults.fail_connects -= 1;
                drop(faults);
                self.note("connect-failed".into());
                return Err(Error::operational("connect failed"));
            }
            if faults.panic_connects > 0 {
                faults.panic_connects -= 1;
                drop(faults);
                panic!("connect panicked, as the test demands");
            }
            faults.connect_takes
        };
        spend(takes);
        let id = self.0.next.fetch_add(1, Ordering::SeqCst) + 1;
        let live = self.0.live.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.peak.fetch_max(live, Ordering::SeqCst);
        self.note(format!("connect#{id}"));
        Ok(Conn { id, broken: false, clean: false, home: Arc::clone(&self.0) })
    }

    fn ping(&self, connection: &mut Conn, _within: Duration) -> Result<()> {
        self.0.calls.note("ping");
        self.hold(|faults| faults.hold_pings);
        self.note(format!("ping#{}", connection.id));
        let panics = lock(&self.0.faults).ping_panics.contains(&connection.id);
        assert!(!panics, "ping panicked, as the test demands");
        match lock(&self.0.faults).ping.contains(&connection.id) {
            true => Err(Error::operational("no answer").disconnected()),
            false => Ok(()),
        }
    }

    fn reset(&self, connection: &mut Conn, how: ResetOnReturn, _within: Duration) -> Result<()> {
        self.0.calls.note("reset");
        self.hold(|faults| faults.hold_resets);
        self.note(format!("{how}#{}", connection.id));
        match lock(&self.0.faults).reset.contains(&connection.id) {
            true => Err(Error::operational("rollback failed")),
            false => Ok(()),
        }
    }

    fn is_broken(&self, connection: &Conn) -> bool {
        connection.broken
    }

    fn is_clean(&self, connection: &Conn) -> bool {
        connection.clean
    }

    fn close(&self, connection: Conn, _within: Duration) -> Result<()> {
        self.0.calls.note("close");
        self.hold(|faults| faults.hold_closes);
        self.note(format!("close#{}", connection.id));
        let (fails, takes) = {
            let faults = lock(&self.0.faults);
            (faults.close.contains(&connection.id), faults.close_takes)
        };
        spend(takes);
        match fails {
            true => Err(Error::operational("close failed")),
            false => Ok(()),
        }
    }

    fn terminate(&self, connection: Conn) {
        self.0.calls.note("terminate");
        self.note(format!("close#{}", connection.id));
    }
}
