//! What stops a running call: a cancel from another thread, or its deadline.
//!
//! SQLite's progress handler asks [`Control::stop`] while a statement runs, and the busy handler
//! while it waits for a lock. Unlike `sqlite3_interrupt`, whose flag stays up until every open
//! statement of the connection has ended, this stops one call: the one whose generation was named.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use aludel::dbapi::Call;
use aludel::error::Result;

/// Why a call was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Cancelled,
    Deadline,
    StatementTimeout,
}

/// The running call and its limits. Written by the thread that makes the call, save `requested`.
#[derive(Debug)]
pub(crate) struct Control {
    origin: Instant,
    /// The latest generation that somebody wants cancelled; generations only grow.
    requested: AtomicU64,
    /// Generation of the call that was begun last.
    running: AtomicU64,
    /// True when the last call had an end, or every call has one.
    limited: AtomicBool,
    /// End of the running call in nanoseconds since `origin`; `u64::MAX` for none.
    end: AtomicU64,
    end_is_timeout: AtomicBool,
    statement_timeout: AtomicU64,
    busy_timeout: AtomicU64,
    busy_since: AtomicU64,
}

impl Default for Control {
    fn default() -> Self {
        Control {
            origin: Instant::now(),
            requested: AtomicU64::new(0),
            running: AtomicU64::new(0),
            limited: AtomicBool::new(false),
            end: AtomicU64::new(u64::MAX),
            end_is_timeout: AtomicBool::new(false),
            statement_timeout: AtomicU64::new(0),
            busy_timeout: AtomicU64::new(0),
            busy_since: AtomicU64::new(0),
        }
    }
}

impl Control {
    /// Notes that a call begins; true when it has an end in time.
    ///
    /// # Errors
    /// When its deadline has passed already.
    #[inline(always)]
    pub(crate) fn start(&self, call: &Call<'_>) -> Result<bool> {
        self.running.store(call.generation(), Relaxed);
        if !call.has_deadline() && !self.limited.load(Relaxed) {
            return Ok(false);
        }
        self.start_limited(call)
    }

    #[cold]
    fn start_limited(&self, call: &Call<'_>) -> Result<bool> {
        self.set_end(call);
        call.check()?;
        Ok(self.end.load(Relaxed) != u64::MAX)
    }

    /// Notes that a call begins that waits for nobody and must be made in any case.
    pub(crate) fn start_unlimited(&self) {
        self.running.store(0, Relaxed);
        self.end.store(u64::MAX, Relaxed);
        self.limited.store(true, Relaxed);
    }

    fn set_end(&self, call: &Call<'_>) {
        let now = self.now();
        let at = |left: Duration| now.saturating_add(nanos(left));
        let deadline = call.remaining().map_or(u64::MAX, at);
        let timeout = match self.statement_timeout.load(Relaxed) {
            0 => u64::MAX,
            timeout => now.saturating_add(timeout),
        };
        self.end.store(deadline.min(timeout), Relaxed);
        self.end_is_timeout.store(timeout < deadline, Relaxed);
        self.limited.store(deadline.min(timeout) != u64::MAX, Relaxed);
    }

    /// Asks for the call of this generation to be stopped. Once the call has ended this does
    /// nothing: no later call has its number.
    pub(crate) fn request(&self, generation: u64) {
        self.requested.fetch_max(generation, Relaxed);
    }

    /// Why the running call has to stop, if it has to.
    pub(crate) fn stop(&self) -> Option<Stop> {
        let requested = self.requested.load(Relaxed);
        if requested != 0 && requested == self.running.load(Relaxed) {
            return Some(Stop::Cancelled);
        }
        let end = self.end.load(Relaxed);
        if end == u64::MAX || self.now() < end {
            return None;
        }
        Some(match self.end_is_timeout.load(Relaxed) {
            true => Stop::StatementTimeout,
            false => Stop::Deadline,
        })
    }

    /// Whether to try again for a lock that another connection holds; sleeps before it says yes.
    pub(crate) fn wait_for_lock(&self, attempt: u32) -> bool {
        /// The pauses grow, so that short waits end soon; the last one repeats, so that a cancel
        /// is noticed.
        const PAUSES_MS: [u64; 7] = [1, 2, 5, 10, 15, 20, 25];
        if self.stop().is_some() {
            return false;
        }
        let now = self.now();
        if attempt == 0 {
            self.busy_since.store(now, Relaxed);
        }
        let patience =
            self.busy_since.load(Relaxed).saturating_add(self.busy_timeout.load(Relaxed));
        let left = patience.min(self.end.load(Relaxed)).saturating_sub(now);
        if left == 0 {
            return false;
        }
        let pause = PAUSES_MS[(attempt as usize).min(PAUSES_MS.len() - 1)] * 1_000_000;
        std::thread::sleep(Duration::from_nanos(pause.min(left)));
        true
    }

    pub(crate) fn set_busy_timeout(&self, timeout: Duration) {
        self.busy_timeout.store(nanos(timeout), Relaxed);
    }

    /// Limits every call from now on; zero does not.
    pub(crate) fn set_statement_timeout(&self, timeout: Duration) {
        self.statement_timeout.store(nanos(timeout), Relaxed);
        self.limited.store(true, Relaxed);
    }

    fn now(&self) -> u64 {
        nanos(self.origin.elapsed())
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_stops_the_call_that_it_names_and_no_other() {
        let control = Control::default();
        assert_eq!(control.stop(), None);
        control.running.store(7, Relaxed);
        control.request(7);
        assert_eq!(control.stop(), Some(Stop::Cancelled));
        control.running.store(8, Relaxed);
        assert_eq!(control.stop(), None);
        control.request(8);
        control.request(7);
        assert_eq!(control.stop(), Some(Stop::Cancelled), "a late request must not undo another");
    }

    #[test]
    fn waiting_for_a_lock_ends_after_the_busy_timeout() {
        let control = Control::default();
        assert!(!control.wait_for_lock(0), "no busy timeout means no wait");
        control.set_busy_timeout(Duration::from_millis(4));
        let started = Instant::now();
        let mut attempt = 0;
        while control.wait_for_lock(attempt) {
            attempt += 1;
        }
        assert!(attempt >= 1 && started.elapsed() >= Duration::from_millis(4));
    }
}
