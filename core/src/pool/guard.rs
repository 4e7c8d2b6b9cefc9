//! A connection in somebody's hands.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::checkin::check_in;
use super::core::Core;
use super::info::Info;
use super::manager::Manager;
use super::record::{STALE, SeatOf};
use super::settings::ResetOnReturn;
use super::stats::Why;
use super::workers;
use crate::error::Error;

/// A connection of a pool, for one user. Owned and `Send`; dropping it gives it back.
///
/// Its own functions are called as `PooledConnection::detach(&mut connection)`, so that they do not
/// hide methods of the connection.
pub struct PooledConnection<M: Manager>(Held<M>);

enum Held<M: Manager> {
    Seat(Box<SeatOf<M>>),
    Detached(Box<Detached<M>>),
    Returned,
}

struct Detached<M: Manager> {
    core: Arc<Core<M>>,
    connection: Option<M::Connection>,
    number: u64,
    of_task: bool,
    info: Info,
    record_info: Info,
}

const HELD: &str = "invariant: a connection that somebody holds is there until it is given back";

impl<M: Manager> PooledConnection<M> {
    #[inline]
    pub(super) fn new(seat: Box<SeatOf<M>>) -> Self {
        PooledConnection(Held::Seat(seat))
    }

    /// Closes the connection because it is no longer good, without asking the other end, and gives
    /// its place back: the next checkout of this place connects anew.
    pub fn invalidate(this: Self, reason: Option<&Error>) {
        let mut this = this;
        match std::mem::replace(&mut this.0, Held::Returned) {
            Held::Seat(mut seat) => {
                let core = Arc::clone(&seat.value.core);
                if seat.value.of_task {
                    // The listeners are told with the error; closing is left to a worker.
                    return core.invalidate_by_worker(seat, reason);
                }
                core.invalidate(&mut seat.value, reason, Why::Invalid);
                core.give_back(seat);
            }
            Held::Detached(mut detached) => {
                if let Some(mut connection) = detached.connection.take() {
                    let core = &detached.core;
                    core.tell(|listener| listener.invalidate(&mut connection, reason));
                    core.stats.closed(Why::Invalid);
                    core.manager.terminate(connection);
                }
            }
            Held::Returned => {}
        }
    }

    /// Has the connection replaced once it has come back; until then it can be used.
    pub fn soft_invalidate(this: &mut Self, reason: Option<&Error>) {
        if let Held::Seat(seat) = &mut this.0 {
            let record = &mut seat.value;
            record.generation = STALE;
            if let Some(connection) = &mut record.connection {
                record.core.tell(|listener| listener.soft_invalidate(connection, reason));
            }
        }
    }

    /// Invalidates this connection, and all others that are open now: idle ones are replaced when
    /// they are next checked out, those in use once they have come back.
    pub fn invalidate_pool(this: Self, reason: Option<&Error>) {
        if let Held::Seat(seat) = &this.0 {
            seat.value.core.invalidate_all();
        }
        Self::invalidate(this, reason);
    }

    /// Takes the connection out of the pool, which may open another in its place. It works as
    /// before; dropping it resets and closes it.
    pub fn detach(this: &mut Self) {
        if !matches!(this.0, Held::Seat(_)) {
            return;
        }
        let Held::Seat(mut seat) = std::mem::replace(&mut this.0, Held::Returned) else { return };
        let record = &mut seat.value;
        let core = Arc::clone(&record.core);
        record.generation = STALE;
        let mut connection = record.connection.take();
        this.0 = Held::Detached(Box::new(Detached {
            core: Arc::clone(&core),
            number: record.number,
            of_task: record.of_task,
            info: std::mem::take(&mut record.info),
            record_info: std::mem::take(&mut record.record_info),
            connection: None,
        }));
        core.stats.detached.add();
        if let Some(connection) = &mut connection {
            core.tell(|listener| listener.detach(connection));
        }
        if let Held::Detached(detached) = &mut this.0 {
            detached.connection = connection;
        }
        core.return_place(seat);
    }

    /// True after [`detach`](Self::detach).
    pub fn is_detached(this: &Self) -> bool {
        matches!(this.0, Held::Detached(_))
    }

    /// What is kept beside the connection, until it is replaced.
    pub fn info(this: &mut Self) -> &mut Info {
        match &mut this.0 {
            Held::Seat(seat) => &mut seat.value.info,
            Held::Detached(detached) => &mut detached.info,
            Held::Returned => unreachable!("{HELD}"),
        }
    }

    /// What is kept beside the connection's place in the pool, also when it is replaced.
    pub fn record_info(this: &mut Self) -> &mut Info {
        match &mut this.0 {
            Held::Seat(seat) => &mut seat.value.record_info,
            Held::Detached(detached) => &mut detached.record_info,
            Held::Returned => unreachable!("{HELD}"),
        }
    }
}

impl<M: Manager> Deref for PooledConnection<M> {
    type Target = M::Connection;

    #[inline]
    fn deref(&self) -> &M::Connection {
        let connection = match &self.0 {
            Held::Seat(seat) => seat.value.connection.as_ref(),
            Held::Detached(detached) => detached.connection.as_ref(),
            Held::Returned => None,
        };
        connection.expect(HELD)
    }
}

impl<M: Manager> DerefMut for PooledConnection<M> {
    #[inline]
    fn deref_mut(&mut self) -> &mut M::Connection {
        let connection = match &mut self.0 {
            Held::Seat(seat) => seat.value.connection.as_mut(),
            Held::Detached(detached) => detached.connection.as_mut(),
            Held::Returned => None,
        };
        connection.expect(HELD)
    }
}

impl<M: Manager> Drop for PooledConnection<M> {
    #[inline]
    fn drop(&mut self) {
        match std::mem::replace(&mut self.0, Held::Returned) {
            Held::Seat(seat) => check_in(seat),
            other => other.end(),
        }
    }
}

impl<M: Manager> Held<M> {
    #[cold]
    #[inline(never)]
    fn end(self) {
        match self {
            Held::Seat(seat) => check_in(seat),
            Held::Detached(detached) => {
                if detached.of_task {
                    workers::run(Box::new(move || detached.close()));
                } else {
                    detached.close();
                }
            }
            Held::Returned => {}
        }
    }
}

impl<M: Manager> Detached<M> {
    #[cold]
    fn close(mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let core = &self.core;
        let how = core.config.reset_on_return;
        core.tell(|listener| listener.reset(&mut connection, how));
        if how != ResetOnReturn::None
            && core.manager.needs_reset(&connection)
            && core.manager.reset(&mut connection, how, core.config.reset_timeout).is_err()
        {
            core.stats.resets_failed.add();
            return core.manager.terminate(connection);
        }
        core.tell(|listener| listener.close_detached(&mut connection));
        core.close_quietly(connection, self.number);
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
