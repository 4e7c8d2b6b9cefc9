//! How engines end: connections in use are counted, idle ones closed, and no more given out.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::handle::Engine;
use super::source::Source;
use crate::abi::host::{DriverConnection, Limits};
use crate::error::{Error, Result};
use crate::url::Url;

/// How long a server is waited for when it is said goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// A wait that nobody sees the end of, and that clocks still reach.
const FOR_EVER: Duration = Duration::from_secs(100 * 366 * 24 * 3600);

/// Users of connections that an error lists.
const LISTED: usize = 10;

impl Engine {
    /// Connections that are in use, those of sub-engines included, and those of before
    /// [`dispose`](Engine::dispose).
    pub fn checkedout(&self) -> usize {
        self.source().pool.in_use()
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
        let source = self.source();
        source.pool.dispose();
        source.let_go();
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
        source.origin.is_closed.store(true, Ordering::Release);
        let closed = source.pool.close(deadline.min(FOR_EVER));
        source.let_go();
        if closed.is_ok() {
            return Ok(());
        }
        let left = source.pool.snapshot();
        let what = match left.in_use + left.draining {
            // Returned just now.
            0 => return Ok(()),
            1 => "1 connection is".to_owned(),
            several => format!("{several} connections are"),
        };
        let holders = left.holders.iter().take(LISTED);
        let error = still_in_use(&what, deadline);
        Err(holders.fold(error, |error, holder| error.with_note("held by", holder.to_string())))
    }
}

impl Source {
    /// Closes the connection that nobody uses.
    fn let_go(&self) {
        if let Some(driver) = self.origin.anchor.let_go() {
            say_goodbye(driver, &self.origin.url);
        }
    }
}

fn say_goodbye(driver: DriverConnection, url: &Url) {
    if let Err(error) = driver.close(Limits::within(GOODBYE)) {
        tracing::warn!(%url, %error, "a server could not be told that its connection closes");
    }
}

#[cold]
pub(super) fn closed(url: &Url) -> Error {
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
