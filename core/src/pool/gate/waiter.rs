//! Those who wait, in the order in which they came: threads and tasks in one queue.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;
use std::time::Instant;

use super::super::sync::{Arc, Mutex, MutexGuard, Thread};
use super::grant::Grant;

/// How a waiter is told to look.
pub(crate) enum Wake {
    /// A thread that is parked.
    Thread(Thread),
    /// A task of some executor.
    Task(Waker),
}

impl Wake {
    pub(super) fn wake(self) {
        match self {
            Wake::Thread(thread) => thread.unpark(),
            // A task that panics when it is woken must not keep the others from being woken.
            Wake::Task(waker) => drop(catch_unwind(AssertUnwindSafe(|| waker.wake()))),
        }
    }
}

pub(super) enum State<T, E> {
    /// Nobody is to be woken when the waiter was told to look, and has not looked yet.
    Waiting(Option<Wake>),
    Granted(Grant<T, E>),
    Done,
}

/// A place in the queue.
pub(crate) struct Ticket<T, E> {
    pub(super) number: u64,
    pub(super) since: Instant,
    /// Waits for nothing but what is on its way back.
    hurried: bool,
    state: Mutex<State<T, E>>,
}

impl<T, E> Ticket<T, E> {
    pub(super) fn new(number: u64, wake: Wake, hurried: bool) -> Self {
        let state = Mutex::new(State::Waiting(Some(wake)));
        Ticket { number, since: Instant::now(), hurried, state }
    }

    fn state(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Sets what the waiter gets. The caller holds the lock of the gate, and wakes after it.
    pub(super) fn grant(&self, grant: Grant<T, E>) -> Option<Wake> {
        match std::mem::replace(&mut *self.state(), State::Granted(grant)) {
            State::Waiting(wake) => wake,
            State::Granted(_) | State::Done => None,
        }
    }

    /// What was granted, once.
    pub(super) fn take(&self) -> Option<Grant<T, E>> {
        let mut state = self.state();
        match std::mem::replace(&mut *state, State::Done) {
            State::Granted(grant) => Some(grant),
            other => {
                *state = other;
                None
            }
        }
    }

    /// Leaves another waker for the time when something is granted.
    pub(super) fn wait_with(&self, waker: &Waker) {
        match &*self.state() {
            State::Waiting(Some(Wake::Task(task))) if task.will_wake(waker) => return,
            State::Waiting(_) => {}
            State::Granted(_) | State::Done => return,
        }
        // Wakers are cloned and dropped with no lock held: that is code of users.
        let mut other = Some(Wake::Task(waker.clone()));
        if let State::Waiting(wake) = &mut *self.state() {
            std::mem::swap(wake, &mut other);
        }
        drop(other);
    }

    /// How to wake the waiter without granting anything. It leaves a waker again when it looks.
    pub(super) fn nudge(&self) -> Option<Wake> {
        match &mut *self.state() {
            State::Waiting(Some(Wake::Thread(thread))) => Some(Wake::Thread(thread.clone())),
            State::Waiting(wake) => wake.take(),
            State::Granted(_) | State::Done => None,
        }
    }
}

/// First in, first out; leaving from the middle is as cheap as from an end.
pub(super) struct WaitQueue<T, E> {
    tickets: BTreeMap<u64, Arc<Ticket<T, E>>>,
    /// No number is given twice.
    next: u64,
    /// How many of them wait for returns only.
    hurried: usize,
}

impl<T, E> WaitQueue<T, E> {
    pub(super) fn new() -> Self {
        WaitQueue { tickets: BTreeMap::new(), next: 0, hurried: 0 }
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.tickets.len()).unwrap_or(u32::MAX)
    }

    /// Those for whom it is worth while to fill a slot: the others wait for returns only.
    pub(super) fn patient(&self) -> u32 {
        self.len().saturating_sub(u32::try_from(self.hurried).unwrap_or(u32::MAX))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    pub(super) fn front(&self) -> Option<&Arc<Ticket<T, E>>> {
        self.tickets.first_key_value().map(|(_, ticket)| ticket)
    }

    pub(super) fn push(&mut self, wake: Wake, hurried: bool) -> Arc<Ticket<T, E>> {
        let number = self.next;
        self.next += 1;
        let ticket = Arc::new(Ticket::new(number, wake, hurried));
        self.hurried += usize::from(hurried);
        self.tickets.insert(number, Arc::clone(&ticket));
        ticket
    }

    pub(super) fn pop(&mut self) -> Option<Arc<Ticket<T, E>>> {
        let (number, _) = self.tickets.first_key_value()?;
        self.remove(*number)
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<Arc<Ticket<T, E>>> {
        let ticket = self.tickets.remove(&number)?;
        self.hurried -= usize::from(ticket.hurried);
        Some(ticket)
    }

    /// Takes those out who wait for returns only, and before whom as many as `coming` wait.
    pub(super) fn take_hurried(&mut self, coming: u32) -> Vec<Arc<Ticket<T, E>>> {
        if self.hurried == 0 {
            return Vec::new();
        }
        let late = self.tickets.values().skip(coming as usize).filter(|ticket| ticket.hurried);
        let late: Vec<u64> = late.map(|ticket| ticket.number).collect();
        late.into_iter().filter_map(|number| self.remove(number)).collect()
    }
}

/// Those to wake once the lock is free.
pub(super) struct Woken<T, E> {
    first: Option<Wake>,
    more: Vec<Wake>,
    /// Who was granted something and is gone leaves it here, to be dropped without the lock.
    ticket: Option<Arc<Ticket<T, E>>>,
    tickets: Vec<Arc<Ticket<T, E>>>,
}

impl<T, E> Woken<T, E> {
    pub(super) fn new() -> Self {
        Woken { first: None, more: Vec::new(), ticket: None, tickets: Vec::new() }
    }

    pub(super) fn add(&mut self, wake: Option<Wake>) {
        if self.first.is_none() {
            self.first = wake;
        } else {
            self.more.extend(wake);
        }
    }

    /// Sets what a waiter gets, and wakes it later.
    pub(super) fn grant(&mut self, ticket: Arc<Ticket<T, E>>, grant: Grant<T, E>) {
        self.add(ticket.grant(grant));
        match self.ticket {
            None => self.ticket = Some(ticket),
            Some(_) => self.tickets.push(ticket),
        }
    }

    pub(super) fn wake(self) {
        for wake in self.first.into_iter().chain(self.more) {
            wake.wake();
        }
    }
}
