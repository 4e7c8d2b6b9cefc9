//! A place in a pool and the connection in it, if there is one.

use super::core::Core;
use super::gate::{Gate, Grant, Returning, Seat, Slot};
use super::holder::Card;
use super::info::Info;
use super::listener::ConnectionRecord;
use super::manager::Manager;
use super::moment::Moment;
use super::telling::CheckoutTimes;
use crate::error::Error;
use std::sync::Arc;
use std::time::Duration;

pub(super) type GateOf<M> = Gate<Record<M>, Error>;
pub(super) type SeatOf<M> = Seat<Record<M>, Error>;
pub(super) type SlotOf<M> = Slot<Record<M>, Error>;
pub(super) type ReturningOf<M> = Returning<Record<M>, Error>;
pub(super) type GrantOf<M> = Grant<Record<M>, Error>;

/// The generation of what is to be replaced before it is used again.
pub(super) const STALE: u64 = 0;

pub(super) struct Record<M: Manager> {
    pub(super) core: Arc<Core<M>>,
    /// `None` after an invalidation: the place stays, the next user connects.
    pub(super) connection: Option<M::Connection>,
    /// The generation of the pool when the connection was opened.
    pub(super) generation: u64,
    /// The same, also once the connection is marked for replacement.
    pub(super) opened_in: u64,
    /// Set where the pool has a clock to look at.
    pub(super) times: Option<Times>,
    pub(super) card: Arc<Card>,
    pub(super) number: u64,
    pub(super) info: Info,
    pub(super) record_info: Info,
    /// The thread whose connection this is, in a `SingletonThreadPool`.
    pub(super) owner: u64,
    /// The user is a task: nothing may be waited for where the connection is dropped.
    pub(super) of_task: bool,
    /// No longer the pool's.
    pub(super) detached: bool,
    /// When it was connected for somebody else, who has not had it yet.
    pub(super) fresh: Option<Moment>,
    /// What connecting has taken in this checkout, where somebody wants to know.
    pub(super) connecting: Duration,
    /// What its last checkout took, where somebody wanted to know.
    pub(super) times_of_checkout: CheckoutTimes,
}

#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) recycle_at: Option<Moment>,
    /// Kept where the pool's settings depend on it.
    pub(super) last_used: Moment,
    pub(super) last_tested: Moment,
}

impl<M: Manager> Record<M> {
    pub(super) fn new(core: &Arc<Core<M>>) -> Self {
        let (number, card) = core.board.enlist();
        Record {
            core: Arc::clone(core),
            connection: None,
            generation: STALE,
            opened_in: STALE,
            times: None,
            card,
            number,
            info: Info::default(),
            record_info: Info::default(),
            owner: 0,
            of_task: false,
            detached: false,
            fresh: None,
            connecting: Duration::ZERO,
            times_of_checkout: CheckoutTimes::default(),
        }
    }

    pub(super) fn fill(&mut self, connection: M::Connection, generation: u64) {
        self.connection = Some(connection);
        self.generation = generation;
        self.opened_in = generation;
        self.times = self.core.times();
        self.info.clear();
    }

    /// What listeners see; `None` without a connection.
    pub(super) fn view(&mut self) -> Option<ConnectionRecord<'_, M::Connection>> {
        Some(ConnectionRecord {
            connection: self.connection.as_mut()?,
            info: &mut self.info,
            record_info: &mut self.record_info,
        })
    }
}

impl<M: Manager> Drop for Record<M> {
    fn drop(&mut self) {
        if self.core.is_forked() {
            if let Some(connection) = self.connection.take() {
                self.core.manager.abandon(connection);
            }
            return;
        }
        self.core.board.strike(self.number);
        // Only a panic on the way leaves a connection here.
        if let Some(connection) = self.connection.take() {
            self.core.stats.closed(super::stats::Why::Panic);
            self.core.hard_close(connection, self.number);
        }
    }
}
