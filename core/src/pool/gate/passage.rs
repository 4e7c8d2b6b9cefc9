//! The ways in and out of a gate: enter, wait, give up, release, vacate.

use std::task::{Context, Poll};
use std::time::Instant;

use super::super::sync::{Arc, park_until};
use super::grant::{Entry, Grant};
use super::room::Gate;
use super::seat::{Seat, Slot};
use super::waiter::{Ticket, Wake, Woken};

impl<T, E> Gate<T, E> {
    /// The next idle seat in one step, if nothing stands in the way.
    #[inline(always)]
    pub(crate) fn pop(&self) -> Option<Box<Seat<T, E>>> {
        self.packed.pop(self.lifo)
    }

    /// As [`pop`](Self::pop), for a queue that has moved.
    pub(crate) fn pop_behind_lock(&self) -> Option<Box<Seat<T, E>>> {
        if !self.packed.has_moved() {
            return None;
        }
        let mut slow = self.lock();
        if slow.closed || !slow.waiters.is_empty() {
            return None;
        }
        self.pop_idle(&mut slow)
    }

    /// A seat or slot at once, or a place in the queue. Whoever may not wait is told so, unless a
    /// place is on its way back for each who waits and for him.
    #[cold]
    pub(crate) fn enter(this: &Arc<Self>, may_wait: bool, wake: Wake) -> Entry<T, E> {
        let mut slow = this.lock();
        loop {
            if slow.closed {
                return Entry::Now(Grant::Closed);
            }
            let first = slow.waiters.is_empty();
            if first || this.may_overtake(&slow) {
                if let Some(seat) = this.pop_idle(&mut slow) {
                    if !first {
                        slow.bypasses += 1;
                        let mut woken = Woken::new();
                        Self::settle(this, &mut slow, &mut woken);
                        this.unlock(slow, woken);
                    }
                    return Entry::Now(Grant::Seat(seat));
                }
                let background = slow.limits.background;
                if first
                    && !background
                    && let Some(slot) = Self::free_slot(this, &mut slow)
                {
                    return Entry::Now(Grant::Slot(slot));
                }
            }
            // A seat that came back in between is seen by the next round.
            if slow.moved || this.packed.bar(!first) {
                break;
            }
        }
        let hurried = !may_wait || slow.limits.max_waiters.is_some_and(|max| slow.waiting() >= max);
        if hurried && slow.waiters.len() >= slow.returning {
            if slow.waiters.is_empty() && !slow.moved {
                this.packed.unbar();
            }
            return Entry::Full;
        }
        slow.waited += 1;
        let ticket = slow.waiters.push(wake, hurried);
        this.unlock(slow, Woken::new());
        Entry::Wait(ticket)
    }

    /// Sleeps until something is granted. `None` when the time has come first; the place in the
    /// queue is then given up.
    pub(crate) fn wait(
        this: &Arc<Self>,
        ticket: &Ticket<T, E>,
        deadline: Option<Instant>,
    ) -> Option<Grant<T, E>> {
        loop {
            if let Some(grant) = ticket.take().or_else(|| Self::look(this, ticket)) {
                return Some(grant);
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Self::give_up(this, ticket);
            }
            park_until(deadline);
        }
    }

    /// As [`wait`](Self::wait), for tasks.
    pub(crate) fn poll(
        this: &Arc<Self>,
        ticket: &Ticket<T, E>,
        cx: &Context<'_>,
    ) -> Poll<Grant<T, E>> {
        ticket.wait_with(cx.waker());
        match ticket.take().or_else(|| Self::look(this, ticket)) {
            Some(grant) => Poll::Ready(grant),
            None => Poll::Pending,
        }
    }

    /// What a waiter does that was told to look: it takes an idle seat if there still is one, and
    /// keeps its place otherwise.
    fn look(this: &Arc<Self>, ticket: &Ticket<T, E>) -> Option<Grant<T, E>> {
        if this.bypass.is_zero() {
            return None;
        }
        let mut woken = Woken::new();
        let mut slow = this.lock();
        if let Some(grant) = ticket.take() {
            return Some(grant);
        }
        if slow.nudged != Some(ticket.number) {
            return None;
        }
        slow.nudged = None;
        let seat = this.pop_idle(&mut slow);
        if seat.is_some() {
            slow.waiters.remove(ticket.number);
        }
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
        seat.map(Grant::Seat).or_else(|| ticket.take())
    }

    /// Leaves the queue. What was granted in the meantime is the caller's, to use or to give back.
    pub(crate) fn give_up(this: &Arc<Self>, ticket: &Ticket<T, E>) -> Option<Grant<T, E>> {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        if let Some(grant) = ticket.take() {
            return Some(grant);
        }
        if slow.waiters.remove(ticket.number).is_some() {
            slow.gave_up += 1;
        }
        // Whoever was told to look and left without looking leaves a seat for the next.
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
        None
    }

    /// As the packed push, for a queue that has moved.
    pub(super) fn push_behind_lock(
        this: &Arc<Self>,
        seat: Box<Seat<T, E>>,
    ) -> Result<(), Box<Seat<T, E>>> {
        if !this.packed.has_moved() {
            return Err(seat);
        }
        let mut slow = this.lock();
        let stays = slow.moved && !slow.closed && !slow.too_many() && slow.waiters.is_empty();
        if !stays || seat.slot().epoch != slow.epoch {
            return Err(seat);
        }
        match this.push_idle(&mut slow, seat) {
            Some(seat) => Err(seat),
            None => Ok(()),
        }
    }

    /// Gives a seat to the first who waits, or to the idle ones. Comes back when it must be emptied.
    pub(super) fn release(this: &Arc<Self>, seat: Box<Seat<T, E>>) -> Option<Box<Seat<T, E>>> {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        if slow.closed || seat.slot().epoch != slow.epoch || slow.too_many() {
            let mut seat = seat;
            slow.sees_off(&mut seat);
            return Some(seat);
        }
        let overtaken = this.may_overtake(&slow);
        let left = if slow.waiters.is_empty() || overtaken {
            this.push_idle(&mut slow, seat)
        } else {
            Some(seat)
        };
        let mut left = match left {
            Some(seat) => match Self::grant_first(&mut slow, Grant::Seat(seat), &mut woken) {
                Some(Grant::Seat(seat)) => Some(seat),
                _ => None,
            },
            None => None,
        };
        if let Some(seat) = &mut left {
            slow.sees_off(seat);
        }
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
        left
    }

    /// A slot is free again.
    pub(super) fn vacate(this: &Arc<Self>, slot: &mut Slot<T, E>) {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        if slot.epoch == slow.epoch {
            slow.open -= 1;
            slow.leaving -= u32::from(slot.leaving);
        } else {
            slow.draining -= 1;
        }
        if slot.connecting {
            slow.connecting -= 1;
            this.turn.notify_all();
        }
        let claim = std::mem::replace(&mut slot.claim, super::packed::Claim::NONE);
        if claim.is_some() {
            slow.claims.push(claim);
        }
        if slow.open + slow.draining == 0 {
            this.emptied.notify_all();
        }
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
    }

    /// A slot has been filled: another one may be.
    pub(super) fn filled(this: &Arc<Self>) {
        let mut woken = Woken::new();
        let mut slow = this.lock();
        slow.connecting -= 1;
        this.turn.notify_all();
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
    }
}
