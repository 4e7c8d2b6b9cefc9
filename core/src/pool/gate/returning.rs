//! Places on their way back: who may not wait waits for these, since nobody uses them.

use super::super::sync::Arc;
use super::grant::Grant;
use super::room::{Gate, Slow};
use super::waiter::Woken;

/// Says that a place will be given back soon, filled or empty. Dropped once that is done.
pub(crate) struct Returning<T, E>(Arc<Gate<T, E>>);

impl<T, E> Gate<T, E> {
    /// Announces a place that somebody else gives back for its user.
    pub(crate) fn announce_return(this: &Arc<Self>) -> Returning<T, E> {
        this.lock().returning += 1;
        Returning(Arc::clone(this))
    }
}

impl<T, E> Slow<T, E> {
    /// Sends those away who wait for nothing but returns, where there are fewer than they need.
    pub(super) fn dismiss(&mut self, idle: u32, woken: &mut Woken<T, E>) {
        for ticket in self.waiters.take_hurried(self.returning + idle) {
            woken.grant(ticket, Grant::Full);
        }
    }
}

impl<T, E> Drop for Returning<T, E> {
    fn drop(&mut self) {
        let mut woken = Woken::new();
        let mut slow = self.0.lock();
        slow.returning -= 1;
        Gate::settle(&self.0, &mut slow, &mut woken);
        self.0.unlock(slow, woken);
    }
}
