//! What a pool asks of whoever knows the connections.

use std::time::Duration;

use super::settings::ResetOnReturn;
use crate::error::{Error, Result};

/// Opens, tests, resets and closes connections of one kind. With it a pool works for anything.
///
/// Every call that may wait is told how long it may take. The pool calls them with no lock held, and
/// gives each connection to one thread at a time.
///
/// ```
/// use aludel::pool::{Manager, Pool};
/// use std::time::Duration;
///
/// struct Numbers;
/// impl Manager for Numbers {
///     type Connection = u32;
///     fn connect(&self, _within: Option<Duration>) -> aludel::Result<u32> {
///         Ok(7)
///     }
/// }
///
/// let pool = Pool::builder(Numbers).pool_size(2).max_overflow(0).build()?;
/// let connection = pool.connect()?;
/// assert_eq!(*connection, 7);
/// # Ok::<(), aludel::Error>(())
/// ```
pub trait Manager: Send + Sync + 'static {
    /// What is pooled.
    type Connection: Send + 'static;

    /// What is pooled, such as a server and a database: the name that a pool without a
    /// `pool_logging_name` has in metrics. Without both it is `pool`.
    fn name(&self) -> Option<String> {
        None
    }

    /// Opens a connection, within this time if one is given.
    ///
    /// # Errors
    /// What the caller of the checkout is to see.
    fn connect(&self, within: Option<Duration>) -> Result<Self::Connection>;

    /// Finds out whether the connection still works. Asks the other end.
    ///
    /// # Errors
    /// That it does not; the connection is then closed, and others may be
    /// ([`loss_is_of_all`](Self::loss_is_of_all)).
    fn ping(&self, connection: &mut Self::Connection, within: Duration) -> Result<()> {
        let _ = (connection, within);
        Ok(())
    }

    /// Whether the connections that are as old as this one have to be replaced too, since it did not
    /// pass its test with this error. Asked after the [`ping`](Self::ping) of a checkout, unless that
    /// ran out of the caller's time before its own. Must not wait.
    fn loss_is_of_all(&self, connection: &Self::Connection, error: &Error) -> bool {
        let _ = (connection, error);
        true
    }

    /// Ends what a user left open, so that the next finds a connection like a new one.
    ///
    /// # Errors
    /// That it could not be done; the connection is then closed.
    fn reset(
        &self,
        connection: &mut Self::Connection,
        how: ResetOnReturn,
        within: Duration,
    ) -> Result<()> {
        let _ = (connection, how, within);
        Ok(())
    }

    /// False when nothing ran since the last reset, which is then left out. Must not wait.
    fn needs_reset(&self, connection: &Self::Connection) -> bool {
        let _ = connection;
        true
    }

    /// True when the connection is known to be useless. Asked at every return; must not wait.
    fn is_broken(&self, connection: &Self::Connection) -> bool {
        let _ = connection;
        false
    }

    /// True when nothing of an interrupted call is left on the wire. Asked when the user of the
    /// connection panicked; without it the connection is closed. Must not wait.
    fn is_clean(&self, connection: &Self::Connection) -> bool {
        let _ = connection;
        false
    }

    /// Closes the connection in an orderly way.
    ///
    /// # Errors
    /// Are logged, and change nothing.
    fn close(&self, connection: Self::Connection, within: Duration) -> Result<()> {
        let _ = within;
        drop(connection);
        Ok(())
    }

    /// The process was forked, and the connection is the parent's: nothing may be sent on it, and it
    /// must not be shut down. An own copy of a file descriptor may be closed. Asked in the child for
    /// what the pool kept, and for what is dropped there. Left alone, the connection stays open in
    /// the child until that ends. Must not wait.
    fn abandon(&self, connection: Self::Connection) {
        std::mem::forget(connection);
    }

    /// Closes the connection without asking the other end, which may not answer. Must not wait.
    fn terminate(&self, connection: Self::Connection) {
        drop(connection);
    }
}
