//! A connection in somebody's hands.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::checkin::check_in;
use super::gate::Gate;
use super::info::Info;
use super::manager::Manager;
use super::record::{Record, STALE, SeatOf};
use super::stats::Why;
use super::telling::{Because, CheckoutTimes};
use crate::error::Error;
use tracing::Level;

/// A connection of a pool, for one user. Owned and `Send`; dropping it gives it back.
///
/// Its own functions are called as `PooledConnection::detach(&mut connection)`, so that they do not
/// hide methods of the connection.
pub struct PooledConnection<M: Manager>(
    // One word, so that it travels in a register. A detached connection is in a seat of its own.
    // Empty after `drop`, which the compiler would look up once more if it did not know.
    ManuallyDrop<Option<Box<SeatOf<M>>>>,
);

const HELD: &str = "invariant: a connection that somebody holds is there until it is given back";

impl<M: Manager> PooledConnection<M> {
    #[inline]
    pub(super) fn new(seat: Box<SeatOf<M>>) -> Self {
        PooledConnection(ManuallyDrop::new(Some(seat)))
    }

    fn record(&mut self) -> &mut Record<M> {
        &mut self.0.as_mut().expect(HELD).value
    }

    /// Closes the connection because it is no longer good, without asking the other end, and gives
    /// its place back: the next checkout of this place connects anew.
    pub fn invalidate(this: Self, reason: Option<&Error>) {
        let mut this = this;
        let Some(mut seat) = this.0.take() else { return };
        let core = Arc::clone(&seat.value.core);
        if core.is_forked() {
            return core.abandon(seat);
        }
        if seat.value.detached {
            return core.invalidate_detached(&mut seat.value, reason);
        }
        if seat.value.of_task {
            // The listeners are told with the error; closing is left to a worker.
            return core.invalidate_by_worker(seat, reason);
        }
        core.invalidate(&mut seat.value, reason, Why::Invalid);
        core.give_back(seat);
    }

    /// Has the connection replaced once it has come back; until then it can be used.
    pub fn soft_invalidate(this: &mut Self, reason: Option<&Error>) {
        let record = this.record();
        if record.detached {
            return;
        }
        record.generation = STALE;
        if let Some(connection) = &mut record.connection {
            let number = record.number;
            let text = format_args!("Soft Invalidate connection {number}{}", Because(reason));
            record.core.say_of(Level::INFO, number, text);
            record.core.tell(|listener| listener.soft_invalidate(connection, reason));
        }
    }

    /// Invalidates this connection, and all others that are open now: idle ones are replaced when
    /// they are next checked out, those in use once they have come back. A connection that was opened
    /// before the last such invalidation is invalidated alone: of its loss the pool knows already.
    pub fn invalidate_pool(this: Self, reason: Option<&Error>) {
        let mut this = this;
        let record = this.record();
        if !record.detached {
            record.core.invalidate_as_old_as(record.opened_in);
        }
        Self::invalidate(this, reason);
    }

    /// Takes the connection out of the pool, which may open another in its place. It works as
    /// before; dropping it resets and closes it.
    pub fn detach(this: &mut Self) {
        let record = this.record();
        if record.detached || record.core.is_forked() {
            record.detached = true;
            return;
        }
        record.generation = STALE;
        let core = Arc::clone(&record.core);
        let mut connection = record.connection.take();
        let mut own = Record::new(&core);
        own.detached = true;
        own.of_task = record.of_task;
        own.info = std::mem::take(&mut record.info);
        own.record_info = std::mem::take(&mut record.record_info);
        let left = this.0.replace(Gate::alone().occupy(own));
        core.stats.detached.add();
        if let Some(connection) = &mut connection {
            core.tell(|listener| listener.detach(connection));
        }
        this.record().connection = connection;
        if let Some(left) = left {
            // What is detached is no longer missing in the pool.
            core.report_return(&left.value);
            core.return_place(left);
        }
    }

    /// The number of its place in the pool, as its [`Holder`](super::Holder) has it.
    #[inline]
    pub(crate) fn number(this: &Self) -> u64 {
        this.0.as_ref().expect(HELD).value.number
    }

    /// What its checkout took, if that was [timed](super::Pool::connect_timed_at).
    pub(crate) fn times(this: &Self) -> CheckoutTimes {
        this.0.as_ref().expect(HELD).value.times_of_checkout
    }

    /// True after [`detach`](Self::detach).
    pub fn is_detached(this: &Self) -> bool {
        this.0.as_ref().is_some_and(|seat| seat.value.detached)
    }

    /// What is kept beside the connection, until it is replaced.
    pub fn info(this: &mut Self) -> &mut Info {
        &mut this.record().info
    }

    /// What is kept beside the connection's place in the pool, also when it is replaced.
    pub fn record_info(this: &mut Self) -> &mut Info {
        &mut this.record().record_info
    }
}

impl<M: Manager> Deref for PooledConnection<M> {
    type Target = M::Connection;

    #[inline]
    fn deref(&self) -> &M::Connection {
        self.0.as_ref().and_then(|seat| seat.value.connection.as_ref()).expect(HELD)
    }
}

impl<M: Manager> DerefMut for PooledConnection<M> {
    #[inline]
    fn deref_mut(&mut self) -> &mut M::Connection {
        self.0.as_mut().and_then(|seat| seat.value.connection.as_mut()).expect(HELD)
    }
}

impl<M: Manager> Drop for PooledConnection<M> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(seat) = self.0.take() {
            check_in(seat);
        }
    }
}

impl<M: Manager> fmt::Debug for PooledConnection<M>
where
    M::Connection: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
