//! The pool that gives each thread a connection of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::call::Call;
use super::core::Core;
use super::gate::{Entry, Gate, Grant, Wake};
use super::manager::Manager;
use super::record::SeatOf;
use super::refusal::closed;
use super::stats::Why;
use super::thread_number::this_thread;
use crate::error::{Error, Result};

/// The connection of each thread that has one.
pub(super) struct Singletons<M: Manager>(Mutex<HashMap<u64, Own<M>>>);

enum Own<M: Manager> {
    InUse,
    Idle(Box<SeatOf<M>>),
}

impl<M: Manager> Singletons<M> {
    pub(super) fn new() -> Self {
        Singletons(Mutex::new(HashMap::new()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Own<M>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    /// Takes what nobody uses.
    pub(super) fn drain(&self) -> Vec<Box<SeatOf<M>>> {
        let mut owned = self.lock();
        let idle: Vec<u64> = owned
            .iter()
            .filter_map(|(thread, own)| matches!(own, Own::Idle(_)).then_some(*thread))
            .collect();
        idle.into_iter().filter_map(|thread| Self::take(&mut owned, thread)).collect()
    }

    fn take(owned: &mut HashMap<u64, Own<M>>, thread: u64) -> Option<Box<SeatOf<M>>> {
        match owned.remove(&thread) {
            Some(Own::Idle(seat)) => Some(seat),
            _ => None,
        }
    }

    /// Takes idle connections of other threads while there are more than `size`.
    fn surplus(&self, size: usize) -> Vec<Box<SeatOf<M>>> {
        let mut owned = self.lock();
        let surplus = owned.len().saturating_sub(size);
        let idle: Vec<u64> = owned
            .iter()
            .filter_map(|(thread, own)| matches!(own, Own::Idle(_)).then_some(*thread))
            .take(surplus)
            .collect();
        idle.into_iter().filter_map(|thread| Self::take(&mut owned, thread)).collect()
    }
}

/// Says that a thread uses its connection, and takes that back when it gets none.
struct Booking<'a, M: Manager> {
    singletons: &'a Singletons<M>,
    thread: u64,
}

impl<M: Manager> Drop for Booking<'_, M> {
    fn drop(&mut self) {
        let mut owned = self.singletons.lock();
        if matches!(owned.get(&self.thread), Some(Own::InUse)) {
            owned.remove(&self.thread);
        }
    }
}

impl<M: Manager> Core<M> {
    pub(super) fn checkout_of_thread(self: &Arc<Self>, call: &Call) -> Result<Box<SeatOf<M>>> {
        let thread = this_thread();
        let idle = match self.singletons.lock().insert(thread, Own::InUse) {
            Some(Own::InUse) => return Err(self.in_use_by_this_thread(thread)),
            Some(Own::Idle(seat)) => Some(seat),
            None => None,
        };
        let booking = Booking { singletons: &self.singletons, thread };
        let seat = match idle {
            Some(seat) => self.prepare(seat, call)?,
            None => self.open_for_thread(thread, call)?,
        };
        std::mem::forget(booking);
        for surplus in self.singletons.surplus(self.config.size.unwrap_or(5) as usize) {
            self.close_seat(surplus, Why::Overflow);
        }
        Ok(seat)
    }

    fn open_for_thread(self: &Arc<Self>, thread: u64, call: &Call) -> Result<Box<SeatOf<M>>> {
        let wake = Wake::Thread(std::thread::current());
        match Gate::enter(&self.gate, false, wake) {
            Entry::Now(Grant::Slot(slot)) => {
                let mut seat = self.fill(slot, call)?;
                seat.value.owner = thread;
                self.present(seat, call, true)
            }
            Entry::Now(Grant::Closed) => Err(closed()),
            _ => Err(self.timed_out(call)),
        }
    }

    pub(super) fn give_back_to_thread(&self, seat: Box<SeatOf<M>>) {
        let owner = seat.value.owner;
        // Asked under the lock: whoever closes the pool drains these after it has said so.
        let mut owned = self.singletons.lock();
        if self.gate.welcomes(&seat) {
            owned.insert(owner, Own::Idle(seat));
        } else {
            drop(owned);
            drop(Booking { singletons: &self.singletons, thread: owner });
            self.close_seat(seat, Why::Dispose);
        }
    }

    #[cold]
    fn in_use_by_this_thread(&self, thread: u64) -> Error {
        let holders = self.board.holders();
        let place = holders.iter().find(|holder| holder.by == thread);
        let place = place.map_or(String::new(), |holder| format!(" at {}", holder.place));
        Error::invalid_request(format!(
            "this thread's connection is already checked out{place}: a SingletonThreadPool has one \
             for each thread"
        ))
        .with_help("use the connection you have, drop it first, or choose another poolclass")
    }
}
