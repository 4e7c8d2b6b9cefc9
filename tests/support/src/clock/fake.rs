//! The clock, who sleeps by it, and who waits for them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;
use std::time::{Duration, Instant};

use super::Alarm;
use crate::PATIENCE;

/// A monotonic clock that a test moves.
///
/// It reads as [`Instant`], so that code under test can take it in place of the system's. Threads
/// sleep by parking, as the system's [`thread::park_timeout`] does; tasks leave a waker. Who
/// sleeps is counted, so that a test moves the clock only when everybody is where it wants them.
pub struct FakeClock {
    board: Arc<Board>,
    start: Instant,
}

/// What all sleepers share.
pub(super) struct Board {
    inner: Mutex<Inner>,
    changed: Condvar,
}

pub(super) struct Inner {
    elapsed: Duration,
    next_number: u64,
    pub(super) alarms: BTreeMap<u64, Entry>,
}

pub(super) struct Entry {
    /// None for who waits for another thread alone.
    due: Option<Duration>,
    wake: Wake,
}

type Wake = Box<dyn FnOnce() + Send>;

/// The number of alarms that were due when they were set; no entry has it.
const PAST: u64 = u64::MAX;

impl Board {
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remove(&self, number: u64) {
        let entry = self.lock().alarms.remove(&number);
        self.changed.notify_all();
        // Without the lock, since a waker that goes may take alarms of this clock with it.
        drop(entry);
    }
}

impl FakeClock {
    /// A clock that begins now and stands still.
    pub fn new() -> Self {
        let inner = Inner { elapsed: Duration::ZERO, next_number: 0, alarms: BTreeMap::new() };
        let board = Board { inner: Mutex::new(inner), changed: Condvar::new() };
        Self { board: Arc::new(board), start: Instant::now() }
    }

    /// The instant that it shows.
    pub fn now(&self) -> Instant {
        self.start + self.elapsed()
    }

    /// How far it has been moved since it was made.
    pub fn elapsed(&self) -> Duration {
        self.board.lock().elapsed
    }

    /// Moves it forward and wakes everybody whose time has come, the earliest first.
    ///
    /// All of them see the new time. Returns how many were woken; who is woken does not count as a
    /// sleeper any more, even before it runs.
    pub fn advance(&self, by: Duration) -> usize {
        let mut inner = self.board.lock();
        inner.elapsed += by;
        let now = inner.elapsed;
        let mut due: Vec<(Duration, u64)> = inner
            .alarms
            .iter()
            .filter_map(|(number, entry)| Some((entry.due?, *number)))
            .filter(|(due, _)| *due <= now)
            .collect();
        due.sort_unstable();
        let numbers = due.iter().map(|(_, number)| number);
        let entries: Vec<Entry> = numbers.filter_map(|n| inner.alarms.remove(n)).collect();
        drop(inner);
        self.board.changed.notify_all();
        let count = entries.len();
        // Without the lock, since a waker may come back to the clock.
        for entry in entries {
            (entry.wake)();
        }
        count
    }

    /// Moves it to the next instant at which somebody wants to be woken.
    ///
    /// Returns how many were woken: 0, with the clock unmoved, when nobody waits for a time.
    pub fn advance_to_next(&self) -> usize {
        match self.next_wake() {
            Some(next) => self.advance(next.saturating_duration_since(self.now())),
            None => 0,
        }
    }

    /// The next instant at which somebody wants to be woken.
    pub fn next_wake(&self) -> Option<Instant> {
        let inner = self.board.lock();
        inner.alarms.values().filter_map(|entry| entry.due).min().map(|due| self.start + due)
    }

    /// How many sleep by this clock now: parked threads, with a deadline or without, and alarms.
    pub fn sleepers(&self) -> usize {
        self.board.lock().alarms.len()
    }

    /// Waits until exactly so many sleep by this clock.
    ///
    /// A thread counts from the moment at which no wake-up can be lost any more.
    ///
    /// # Panics
    /// When that takes longer than [`PATIENCE`].
    pub fn wait_for_sleepers(&self, count: usize) {
        let until = Instant::now() + PATIENCE;
        let mut inner = self.board.lock();
        while inner.alarms.len() != count {
            let asleep = inner.alarms.len();
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(inner);
                panic!("{asleep} sleep by the clock after {PATIENCE:?}, not {count}");
            }
            let waited = self.board.changed.wait_timeout(inner, left);
            (inner, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Parks the calling thread until somebody unparks it or the clock reaches `deadline`.
    ///
    /// Like [`thread::park_timeout`] it may return early, so the caller looks again; an unpark that
    /// came before makes it return at once. Without a deadline only an unpark ends it.
    pub fn park_until(&self, deadline: Option<Instant>) {
        let thread = thread::current();
        let Ok(_alarm) = self.enter(deadline, Box::new(move || thread.unpark())) else {
            return;
        };
        thread::park();
    }

    /// Sleeps until the clock has been moved so far.
    pub fn sleep(&self, time: Duration) {
        let until = self.now() + time;
        while self.now() < until {
            self.park_until(Some(until));
        }
    }

    /// Calls `wake` when the clock reaches `at`: at once, if it has.
    ///
    /// `wake` runs on the thread that moves the clock, and must not block.
    pub fn alarm(&self, at: Instant, wake: impl FnOnce() + Send + 'static) -> Alarm {
        match self.enter(Some(at), Box::new(wake)) {
            Ok(alarm) => alarm,
            Err(wake) => {
                wake();
                Alarm { board: Arc::clone(&self.board), number: PAST }
            }
        }
    }

    /// Wakes a task when the clock reaches `at`: at once, if it has.
    pub fn wake_at(&self, at: Instant, waker: &Waker) -> Alarm {
        let waker = waker.clone();
        self.alarm(at, move || waker.wake())
    }

    /// Counts a sleeper; returns what would wake it when its time has come already.
    fn enter(&self, at: Option<Instant>, wake: Wake) -> Result<Alarm, Wake> {
        let due = at.map(|at| at.saturating_duration_since(self.start));
        let mut inner = self.board.lock();
        if due.is_some_and(|due| due <= inner.elapsed) {
            return Err(wake);
        }
        let number = inner.next_number;
        inner.next_number += 1;
        inner.alarms.insert(number, Entry { due, wake });
        drop(inner);
        self.board.changed.notify_all();
        Ok(Alarm { board: Arc::clone(&self.board), number })
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for FakeClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("FakeClock");
        fields.field("elapsed", &self.elapsed()).field("sleepers", &self.sleepers()).finish()
    }
}
