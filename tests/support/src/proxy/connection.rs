//! One connection of the proxy.

use super::command::end;
use super::fault::Cut;
use super::state::{Shared, Whom};
use super::{Counts, Lanes, Way};

/// A connection by its number, whether it has come or not.
#[derive(Debug, Clone, Copy)]
pub struct Connection<'p> {
    pub(super) shared: &'p Shared,
    pub(super) index: usize,
}

impl<'p> Connection<'p> {
    /// Faults of what the server says.
    pub fn to_client(&self) -> Lanes<'p> {
        self.lanes(&[Way::ToClient])
    }

    /// Faults of what the client says.
    pub fn to_server(&self) -> Lanes<'p> {
        self.lanes(&[Way::ToServer])
    }

    /// Faults of both directions.
    pub fn both_ways(&self) -> Lanes<'p> {
        self.lanes(&Way::BOTH)
    }

    fn lanes(&self, ways: &'static [Way]) -> Lanes<'p> {
        Lanes { shared: self.shared, whom: Whom::One(self.index), ways }
    }

    /// Resets both ends now, if it is open.
    pub fn reset(&self) {
        end(self.shared, Whom::One(self.index), Cut::Reset);
    }

    /// Closes both ends now in an orderly way, if it is open.
    pub fn close(&self) {
        end(self.shared, Whom::One(self.index), Cut::Close);
    }

    /// What has happened on it; zeros while it has not come.
    pub fn counts(&self) -> Counts {
        self.shared.lock().counts(Whom::One(self.index))
    }

    /// The first bytes that were sent in this direction, before any fault.
    ///
    /// How many are kept: [`Proxy::record_at_most`](super::Proxy::record_at_most).
    pub fn record(&self, way: Way) -> Vec<u8> {
        let state = self.shared.lock();
        state.links.get(self.index).map_or_else(Vec::new, |l| l.lanes[way.index()].record.clone())
    }

    /// Waits until the counts of this connection are as wanted, and returns them.
    ///
    /// # Panics
    /// When that takes longer than [`PATIENCE`](crate::PATIENCE); `what` says for what it waited.
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&Counts) -> bool) -> Counts {
        self.shared.wait(what, |state| wanted(&state.counts(Whom::One(self.index))));
        self.counts()
    }

    /// Waits until it has come and one direction stands still at its stall.
    ///
    /// # Panics
    /// As [`Connection::wait_until`].
    pub fn wait_until_stalled(&self, way: Way) -> Counts {
        self.wait_until("a stall", |counts| counts.lane(way).stalled == 1)
    }

    /// Waits until it has come and ended.
    ///
    /// # Panics
    /// As [`Connection::wait_until`].
    pub fn wait_until_ended(&self) -> Counts {
        self.wait_until("the end of a connection", |counts| counts.ended == 1)
    }
}
