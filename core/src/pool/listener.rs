//! What programs can be told about: SQLAlchemy's pool events and those of waiting and failing.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::info::Info;
use super::settings::ResetOnReturn;
use crate::error::{Error, Result};

/// A connection as listeners see it, with what is kept beside it.
pub struct ConnectionRecord<'a, C> {
    /// The connection.
    pub connection: &'a mut C,
    /// Kept until the connection is replaced.
    pub info: &'a mut Info,
    /// Kept for as long as the place in the pool.
    pub record_info: &'a mut Info,
}

/// Is told what happens in a pool. Every method does nothing unless it is written.
///
/// Listeners are called by the thread to which the event happens, with no lock held, in the order in
/// which they were added. A pool without listeners spends one branch on them.
#[allow(unused_variables)]
pub trait PoolListener<C>: Send + Sync {
    /// The first connection of the pool was opened; before [`connect`](Self::connect). Until this ends
    /// nobody else is given a new connection, so that it must not check one out itself; that fails.
    ///
    /// # Errors
    /// Close the connection; the checkout fails with the error.
    fn first_connect(&self, record: &mut ConnectionRecord<'_, C>) -> Result<()> {
        Ok(())
    }

    /// A connection was opened.
    ///
    /// # Errors
    /// Close the connection; the checkout fails with the error.
    fn connect(&self, record: &mut ConnectionRecord<'_, C>) -> Result<()> {
        Ok(())
    }

    /// A connection is about to be given to somebody.
    ///
    /// # Errors
    /// An error that [is a disconnect](Error::is_disconnect) replaces the connection and asks again,
    /// twice at most; if it [invalidates the pool](Error::invalidates_pool), all other connections are
    /// replaced too when they are next checked out. Any other one closes the connection, and the
    /// checkout fails with the error.
    fn checkout(&self, record: &mut ConnectionRecord<'_, C>) -> Result<()> {
        Ok(())
    }

    /// A connection came back; `None` when it was closed on the way.
    fn checkin(&self, connection: Option<&mut C>) {}

    /// A connection is about to be reset.
    fn reset(&self, connection: &mut C, how: ResetOnReturn) {}

    /// A connection is about to be closed because it is no longer good.
    fn invalidate(&self, connection: &mut C, reason: Option<&Error>) {}

    /// A connection is to be replaced once it has come back.
    fn soft_invalidate(&self, connection: &mut C, reason: Option<&Error>) {}

    /// A connection of the pool is about to be closed.
    fn close(&self, connection: &mut C) {}

    /// A connection no longer belongs to the pool.
    fn detach(&self, connection: &mut C) {}

    /// A detached connection is about to be closed.
    fn close_detached(&self, connection: &mut C) {}

    /// A checkout has to wait.
    fn wait(&self) {}

    /// A checkout failed because it would have had to wait longer.
    fn timeout(&self, error: &Error) {}

    /// A checkout lasts longer than `pool_leak_threshold`.
    fn leak(&self, holder: &super::Holder) {}

    /// A connection came back that [`leak`](Self::leak) was told of; it was out for so long.
    fn leak_returned(&self, held: Duration) {}

    /// The database counts as down (`true`) or as back.
    fn breaker(&self, down: bool) {}

    /// The limits were changed.
    fn resize(&self, pool_size: u32, max_overflow: i32) {}
}

type Listeners<C> = Vec<Arc<dyn PoolListener<C>>>;

/// The listeners of a pool.
pub(super) struct Audience<C>(RwLock<Arc<Listeners<C>>>);

impl<C> Audience<C> {
    pub(super) fn new(listeners: Listeners<C>) -> Self {
        Audience(RwLock::new(Arc::new(listeners)))
    }

    pub(super) fn add(&self, listener: Arc<dyn PoolListener<C>>) {
        let mut listeners = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut all = Listeners::clone(&listeners);
        all.push(listener);
        *listeners = Arc::new(all);
    }

    pub(super) fn all(&self) -> Arc<Listeners<C>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}
