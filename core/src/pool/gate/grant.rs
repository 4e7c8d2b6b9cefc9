//! What a caller gets from a gate.

use super::super::sync::Arc;
use super::seat::{Seat, Slot};
use super::waiter::Ticket;

/// What a waiter is given.
pub(crate) enum Grant<T, E> {
    /// A seat, whatever is in it.
    Seat(Box<Seat<T, E>>),
    /// An empty slot, to be filled.
    Slot(Slot<T, E>),
    /// The attempt to fill a slot for this waiter failed.
    Failed(E),
    /// The gate was closed.
    Closed,
    /// Nothing came back, and the caller may not wait for anything else.
    Full,
}

/// What a caller is told at once.
pub(crate) enum Entry<T, E> {
    /// It need not wait.
    Now(Grant<T, E>),
    /// It must wait.
    Wait(Arc<Ticket<T, E>>),
    /// It would have to wait, and may not.
    Full,
}
