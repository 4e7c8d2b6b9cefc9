//! Turns to fill a seat again: who has a seat whose content is gone, where few may be filled at a time.

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::time::Instant;

use super::super::sync::Arc;
use super::room::Gate;
use super::waiter::Woken;

/// The right to fill a seat again; dropping it lets the next.
pub(crate) struct Turn<T, E>(Arc<Gate<T, E>>);

impl<T, E> Drop for Turn<T, E> {
    fn drop(&mut self) {
        let mut woken = Woken::new();
        let mut slow = self.0.lock();
        slow.turns.taken -= 1;
        self.0.turn.notify_all();
        Gate::settle(&self.0, &mut slow, &mut woken);
        self.0.unlock(slow, woken);
    }
}

/// What became of the wish for a turn.
pub(crate) enum Turned<T, E> {
    Now(Turn<T, E>),
    /// It did not come in time.
    Late,
    /// The gate was closed.
    Closed,
}

/// Those who wait for a turn. They have a seat already, so that they are before all who wait for one.
pub(super) struct Turns {
    line: VecDeque<(u64, Instant)>,
    next: u64,
    /// Seats that are being filled again.
    pub(super) taken: u32,
}

impl Turns {
    pub(super) fn new() -> Self {
        Turns { line: VecDeque::new(), next: 0, taken: 0 }
    }

    pub(super) fn waiting(&self) -> u32 {
        u32::try_from(self.line.len()).unwrap_or(u32::MAX)
    }

    /// Since when the first of them has been waiting.
    pub(super) fn since(&self) -> Option<Instant> {
        self.line.front().map(|(_, since)| *since)
    }

    fn join(&mut self) -> u64 {
        self.next += 1;
        self.line.push_back((self.next, Instant::now()));
        self.next
    }

    fn is_first(&self, number: u64) -> bool {
        self.line.front().is_some_and(|(first, _)| *first == number)
    }

    fn leave(&mut self, number: u64) {
        self.line.retain(|(other, _)| *other != number);
    }
}

impl<T, E> Gate<T, E> {
    /// Waits until a seat may be filled again, in the order of arrival.
    pub(crate) fn turn(
        this: &Arc<Self>,
        may_wait: bool,
        deadline: Option<Instant>,
    ) -> Turned<T, E> {
        let mut slow = this.lock();
        let full = slow.limits.max_waiters.is_some_and(|max| slow.waiting() >= max);
        let number = slow.turns.join();
        let turned = loop {
            if slow.closed {
                break Turned::Closed;
            }
            if slow.turns.is_first(number) && slow.has_room_to_connect() {
                slow.turns.taken += 1;
                break Turned::Now(Turn(Arc::clone(this)));
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            slow = match left {
                _ if !may_wait || full => break Turned::Late,
                Some(left) if left.is_zero() => break Turned::Late,
                Some(left) => {
                    this.turn.wait_timeout(slow, left).unwrap_or_else(PoisonError::into_inner).0
                }
                None => this.turn.wait(slow).unwrap_or_else(PoisonError::into_inner),
            };
        };
        slow.turns.leave(number);
        this.turn.notify_all();
        // Whoever left without a turn leaves room for those who wait for a slot.
        let mut woken = Woken::new();
        Self::settle(this, &mut slow, &mut woken);
        this.unlock(slow, woken);
        turned
    }
}
