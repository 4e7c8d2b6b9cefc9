//! The waiting room: who gets which slot and when, and nothing of what is in the slots.
//!
//! A gate counts slots, keeps idle seats in order, and lets callers wait in the order in which they
//! came. It opens nothing and closes nothing: that is done with a seat or slot in hand, outside any
//! lock. The module names no other part of the crate, so that loom can try every interleaving of
//! exactly this code.

mod grant;
mod limits;
mod packed;
mod passage;
mod returning;
mod room;
mod seat;
mod turn;
mod upkeep;
mod waiter;

pub(crate) use grant::{Entry, Grant};
pub(crate) use limits::GateLimits;
pub(crate) use returning::Returning;
pub(crate) use room::Gate;
pub(crate) use seat::{Seat, Slot};
pub(crate) use turn::Turned;
pub(crate) use waiter::{Ticket, Wake};
