//! What happens to a gate as a whole: filling in the background, resizing, disposing, closing.

use std::sync::PoisonError;
use std::time::Instant;

use super::super::sync::Arc;
use super::grant::Grant;
use super::room::Gate;
use super::seat::{Seat, Slot};
use super::waiter::Woken;

/// Seats whose content is to be closed; then they are dropped.
pub(crate) type Emptied<T, E> = Vec<Box<Seat<T, E>>>;

impl<T, E> Gate<T, E> {
    /// A slot to fill for those who wait, or so that `idle` seats are ready. `None` when enough are
    /// being filled already, or no slot is free.
    pub(crate) fn slot_to_fill(this: &Arc<Self>, idle: u32) -> Option<Slot<T, E>> {
        let mut slow = this.lock();
        // What would not be kept need not be opened.
        let idle = slow.limits.keep.map_or(idle, |keep| idle.min(keep));
        let wanted = slow.waiters.patient().max(idle.saturating_sub(this.idle_len(&slow)));
        if slow.connecting >= wanted {
            return None;
        }
        Self::free_slot(this, &mut slow)
    }

    /// After a failure slots are filled one at a time, and twice as many after each success, up to
    /// the limit.
    pub(crate) fn pace(this: &Arc<Self>, filled: bool) {
        let mut slow = this.lock();
        let Some(max) = slow.limits.max_connecting else { return };
        slow.pace = match (filled, slow.pace) {
            (false, _) => Some(1),
            (true, Some(pace)) if pace < max => Some(pace.saturating_mul(2)),
            (true, _) => None,
        };
        drop(slow);
        this.turn.notify_all();
    }

    /// True when somebody waits for whom nobody fills a slot, though one is free.
    pub(crate) fn wants_filling(&self) -> bool {
        let slow = self.lock();
        !slow.closed
            && slow.waiters.patient() > slow.connecting
            && slow.limits.max_open.is_none_or(|max| slow.open < max)
            && slow.may_connect()
    }

    /// The attempt to fill a slot failed: the first who waits is told. Comes back when nobody waits.
    pub(crate) fn fail(this: &Arc<Self>, error: E) -> Option<E> {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        let left = Self::grant_first(&mut slow, Grant::Failed(error), &mut woken);
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
        match left {
            Some(Grant::Failed(error)) => Some(error),
            _ => None,
        }
    }

    /// Takes the idle seats that `choose` points at, oldest first, and leaves the order of the rest.
    pub(crate) fn take_idle(this: &Arc<Self>, mut choose: impl FnMut(&T) -> bool) -> Emptied<T, E> {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        let mut all = Vec::new();
        while let Some(seat) = this.pop_idle(&mut slow) {
            all.push(seat);
        }
        if this.lifo {
            all.reverse();
        }
        let (mut taken, rest): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|seat| choose(&seat.value));
        for seat in rest {
            // Seats that came back meanwhile may have taken the place.
            taken.extend(this.push_idle(&mut slow, seat));
        }
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
        taken
    }

    /// Changes the limits. Idle seats beyond them come back at once, others when they are returned.
    pub(crate) fn resize(
        this: &Arc<Self>,
        keep: Option<u32>,
        max_open: Option<u32>,
    ) -> Emptied<T, E> {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        this.move_queue(&mut slow);
        slow.limits.keep = keep;
        slow.limits.max_open = max_open;
        let mut emptied = Vec::new();
        while keep.is_some_and(|keep| slow.idle.len() > keep as usize) || slow.too_many() {
            let Some(mut seat) = slow.idle.pop_front() else { break };
            slow.sees_off(&mut seat);
            emptied.push(seat);
        }
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
        emptied
    }

    /// Begins anew: idle seats come back, and those in use come back when they are returned. Neither
    /// counts against the limits any longer.
    pub(crate) fn dispose(this: &Arc<Self>) -> Emptied<T, E> {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        let emptied: Vec<_> = std::iter::from_fn(|| this.pop_idle(&mut slow)).collect();
        if slow.open as usize > emptied.len() {
            this.move_queue(&mut slow);
        }
        // One that came back since the last look belongs to the new epoch's drain as well.
        let late: Vec<_> = std::iter::from_fn(|| this.pop_idle(&mut slow)).collect();
        slow.epoch += 1;
        slow.draining += slow.open;
        slow.open = 0;
        slow.leaving = 0;
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
        emptied.into_iter().chain(late).collect()
    }

    /// Closes: nobody enters, those who wait are told, idle seats come back.
    pub(crate) fn close(this: &Arc<Self>) -> Emptied<T, E> {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        slow.closed = true;
        this.packed.close();
        this.turn.notify_all();
        let emptied: Vec<_> = std::iter::from_fn(|| this.pop_idle(&mut slow)).collect();
        while let Some(first) = slow.waiters.pop() {
            woken.grant(first, Grant::Closed);
        }
        this.unlock(slow, woken);
        emptied
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// True when the seat may stay: the gate is open, and was not disposed of since.
    pub(crate) fn welcomes(&self, seat: &Seat<T, E>) -> bool {
        let slow = self.lock();
        !slow.closed && slow.epoch == seat.slot().epoch
    }

    /// Waits until no slot is taken any longer; false when the deadline has come first.
    pub(crate) fn wait_empty(&self, deadline: Option<Instant>) -> bool {
        let mut slow = self.lock();
        while slow.open + slow.draining > 0 {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            slow = match left {
                Some(left) if left.is_zero() => return false,
                Some(left) => {
                    self.emptied.wait_timeout(slow, left).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.emptied.wait(slow).unwrap_or_else(PoisonError::into_inner),
            };
        }
        true
    }
}
