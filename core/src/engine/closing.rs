//! How engines end: connections in use are counted, idle ones closed, and no more given out.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::handle::Engine;
use super::source::Source;
use crate::abi::host::{DriverConnection, Limits};
use crate::error::{Error, Result};
use crate::url::Url;

/// How long a server is waited for when it is said goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// The connections in use, and whether more are given out.
#[derive(Default)]
pub(super) struct Usage {
    state: Mutex<UsageState>,
    returned: Condvar,
}

#[derive(Default)]
struct UsageState {
    in_use: usize,
    is_closed: bool,
}

impl Usage {
    fn lock(&self) -> MutexGuard<'_, UsageState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection that is about to be used.
    ///
    /// # Errors
    /// `ResourceClosed` once the engine is closed.
    pub(super) fn enter(&self, url: &Url) -> Result<()> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(closed(url));
        }
        state.in_use += 1;
        Ok(())
    }

    pub(super) fn leave(&self) {
        let mut state = self.lock();
        state.in_use -= 1;
        let is_awaited = state.is_closed;
        drop(state);
        if is_awaited {
            self.returned.notify_all();
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    fn in_use(&self) -> usize {
        self.lock().in_use
    }

    /// Gives no more connections out, and waits for those in use. Returns how many still are.
    fn close(&self, deadline: Duration) -> usize {
        let until = Instant::now().checked_add(deadline);
        let mut state = self.lock();
        state.is_closed = true;
        while state.in_use > 0 {
            let left = match until {
                Some(until) => until.saturating_duration_since(Instant::now()),
                // Further away than the clock reaches.
                None => Duration::MAX,
            };
            if left.is_zero() {
                break;
            }
            state =
                self.returned.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.in_use
    }
}

impl Engine {
    /// Connections that are in use, those of sub-engines included.
    pub fn checkedout(&self) -> usize {
        self.source().usage.in_use()
    }

    /// Closes the connections that are idle. Those in use stay usable and are closed when they are
    /// returned; the engine stays usable, and connects anew. The data of an in-memory database go
    /// as soon as no connection is in use. Sub-engines are disposed of together.
    ///
    /// Blocks for at most 5 seconds while servers are told; that one could not be told is logged.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let engine = aludel::create_engine("sqlite://")?;
    /// engine.execute("create table t (x integer)", ())?;
    /// engine.dispose();
    /// assert!(engine.execute("select x from t", ()).is_err(), "another database in memory");
    /// # Ok(())
    /// # }
    /// ```
    pub fn dispose(&self) {
        self.source().close_idle();
        self.tell_disposed();
    }

    /// Closes the engine for good: no connection is given out any more, idle ones are closed, and
    /// those in use are awaited until this much time has passed. Blocks. Sub-engines are closed
    /// together. Closing it again waits again.
    ///
    /// # Errors
    /// `Timeout` when connections are still in use; each is closed when it is returned.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// use std::time::Duration;
    ///
    /// let engine = aludel::create_engine("sqlite://")?;
    /// engine.execute("select 1", ())?;
    /// engine.close(Duration::from_secs(10))?;
    /// assert_eq!(engine.connect().unwrap_err().kind(), aludel::ErrorKind::ResourceClosed);
    /// # Ok(())
    /// # }
    /// ```
    pub fn close(&self, deadline: Duration) -> Result<()> {
        let source = self.source();
        let in_use = source.usage.close(deadline);
        source.close_idle();
        match in_use {
            0 => Ok(()),
            1 => Err(still_in_use("1 connection is", deadline)),
            several => Err(still_in_use(&format!("{several} connections are"), deadline)),
        }
    }
}

impl Source {
    fn close_idle(&self) {
        let kept = self.kept.as_ref().and_then(super::kept::Kept::give_up);
        let idle = kept.map(|session| session.driver);
        for driver in idle.into_iter().chain(self.anchor.let_go()) {
            say_goodbye(driver, &self.url);
        }
    }
}

fn say_goodbye(driver: DriverConnection, url: &Url) {
    if let Err(error) = driver.close(Limits::within(GOODBYE)) {
        tracing::warn!(%url, %error, "a server could not be told that its connection closes");
    }
}

#[cold]
fn closed(url: &Url) -> Error {
    Error::resource_closed("this engine is closed")
        .with_note("url", url.to_string())
        .with_help("make another with create_engine, or close the engine later")
}

#[cold]
fn still_in_use(what: &str, deadline: Duration) -> Error {
    Error::timeout(format!(
        "the engine is closed, and {what} still in use after {} s",
        deadline.as_secs_f64()
    ))
    .with_help("drop connections and results before closing; each is closed when it is dropped")
}
