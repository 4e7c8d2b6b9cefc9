//! Slots and what sits in them: whoever holds one owns it, and dropping it gives the slot on.

use std::time::Duration;

use super::super::sync::Arc;
use super::limits::GateLimits;
use super::packed::{Claim, Claimed, Packed};
use super::room::Gate;

/// The right to have one more open. Dropping it hands the right to the next who waits.
pub(crate) struct Slot<T, E> {
    pub(super) claim: Claim,
    /// Slots of an earlier epoch no longer count against the limits.
    pub(super) epoch: u64,
    /// Still to be filled for the first time.
    pub(super) connecting: bool,
    /// What is in it is being closed: it is as good as free for whoever counts what is too much.
    pub(super) leaving: bool,
    pub(super) home: Arc<Gate<T, E>>,
}

/// A slot with something in it.
pub(crate) struct Seat<T, E> {
    // Dropped before the slot: the slot is free only when its content is gone.
    pub(crate) value: T,
    slot: Slot<T, E>,
}

// SAFETY: the slot holds a counted reference to the gate of which the queue is a part.
unsafe impl<T, E> Claimed for Seat<T, E> {
    #[inline]
    fn claim(&self) -> &Claim {
        &self.slot.claim
    }

    #[inline]
    fn queue(&self) -> &Packed<Self> {
        &self.slot.home.packed
    }
}

impl<T, E> Gate<T, E> {
    /// The one slot of a gate of its own, for what is in nobody's way.
    pub(crate) fn alone() -> Slot<T, E> {
        let gate = Gate::new(GateLimits {
            keep: Some(0),
            max_open: Some(1),
            lifo: false,
            bypass: Duration::ZERO,
            max_waiters: Some(0),
            max_connecting: None,
            background: false,
        });
        let mut slow = gate.lock();
        let slot = Gate::free_slot(&gate, &mut slow);
        drop(slow);
        slot.expect("invariant: a new gate has a free slot")
    }
}

impl<T, E> Slot<T, E> {
    /// Fills the slot.
    pub(crate) fn occupy(mut self, value: T) -> Box<Seat<T, E>> {
        self.filled();
        Box::new(Seat { value, slot: self })
    }

    fn filled(&mut self) {
        if std::mem::take(&mut self.connecting) {
            Gate::filled(&self.home);
        }
    }
}

impl<T, E> Drop for Slot<T, E> {
    fn drop(&mut self) {
        let home = Arc::clone(&self.home);
        Gate::vacate(&home, self);
    }
}

impl<T, E> Seat<T, E> {
    pub(super) fn slot(&self) -> &Slot<T, E> {
        &self.slot
    }

    pub(super) fn slot_mut(&mut self) -> &mut Slot<T, E> {
        &mut self.slot
    }

    /// Gives the seat back in one step. When that is impossible (somebody waits, enough are idle,
    /// the gate is closed) it comes back, for [`release`](Seat::release).
    #[inline(always)]
    pub(crate) fn put(self: Box<Self>) -> Result<(), Box<Self>> {
        let keep = self.slot.home.keep;
        Packed::push(self, keep)
    }

    /// Gives the seat to the first who waits, or back to the idle ones. What must not be kept comes
    /// back: its slot stays taken until it is dropped.
    #[cold]
    pub(crate) fn release(self: Box<Self>) -> Option<Box<Self>> {
        let home = Arc::clone(&self.slot.home);
        match Gate::push_behind_lock(&home, self) {
            Ok(()) => None,
            Err(seat) => Gate::release(&home, seat),
        }
    }
}
