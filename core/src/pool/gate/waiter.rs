//! Those who wait, in the order in which they came: threads and tasks in one queue.

use std::collections::VecDeque;
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
            Wake::Task(waker) => waker.wake(),
        }
    }
}

pub(super) enum State<T, E> {
    Waiting(Wake),
    Granted(Grant<T, E>),
    Done,
}

/// A place in the queue.
pub(crate) struct Ticket<T, E> {
    pub(super) number: u64,
    pub(super) since: Instant,
    state: Mutex<State<T, E>>,
}

impl<T, E> Ticket<T, E> {
    pub(super) fn new(number: u64, wake: Wake) -> Self {
        Ticket { number, since: Instant::now(), state: Mutex::new(State::Waiting(wake)) }
    }

    fn state(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Sets what the waiter gets. The caller holds the lock of the gate, and wakes after it.
    pub(super) fn grant(&self, grant: Grant<T, E>) -> Option<Wake> {
        match std::mem::replace(&mut *self.state(), State::Granted(grant)) {
            State::Waiting(wake) => Some(wake),
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
        if let State::Waiting(wake) = &mut *self.state()
            && !matches!(wake, Wake::Task(task) if task.will_wake(waker))
        {
            *wake = Wake::Task(waker.clone());
        }
    }

    /// How to wake the waiter without granting anything.
    pub(super) fn nudge(&self) -> Option<Wake> {
        match &*self.state() {
            State::Waiting(Wake::Thread(thread)) => Some(Wake::Thread(thread.clone())),
            State::Waiting(Wake::Task(waker)) => Some(Wake::Task(waker.clone())),
            State::Granted(_) | State::Done => None,
        }
    }
}

/// First in, first out; leaving from the middle is as cheap as from an end.
pub(super) struct WaitQueue<T, E> {
    /// Those who left are holes, and neither end is one.
    tickets: VecDeque<Option<Arc<Ticket<T, E>>>>,
    /// The number of the first ticket.
    first: u64,
    present: u32,
}

impl<T, E> WaitQueue<T, E> {
    pub(super) fn new() -> Self {
        WaitQueue { tickets: VecDeque::new(), first: 0, present: 0 }
    }

    pub(super) fn len(&self) -> u32 {
        self.present
    }

    pub(super) fn is_empty(&self) -> bool {
        self.present == 0
    }

    pub(super) fn front(&self) -> Option<&Arc<Ticket<T, E>>> {
        self.tickets.front().and_then(Option::as_ref)
    }

    pub(super) fn push(&mut self, wake: Wake) -> Arc<Ticket<T, E>> {
        let number = self.first + self.tickets.len() as u64;
        let ticket = Arc::new(Ticket::new(number, wake));
        self.tickets.push_back(Some(Arc::clone(&ticket)));
        self.present += 1;
        ticket
    }

    pub(super) fn pop(&mut self) -> Option<Arc<Ticket<T, E>>> {
        let number = self.front()?.number;
        self.remove(number)
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<Arc<Ticket<T, E>>> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let ticket = self.tickets.get_mut(index)?.take()?;
        self.present -= 1;
        while let Some(None) = self.tickets.front() {
            self.tickets.pop_front();
            self.first += 1;
        }
        Some(ticket)
    }
}

/// Those to wake once the lock is free.
#[derive(Default)]
pub(super) struct Woken {
    first: Option<Wake>,
    more: Vec<Wake>,
}

impl Woken {
    pub(super) fn add(&mut self, wake: Option<Wake>) {
        if self.first.is_none() {
            self.first = wake;
        } else {
            self.more.extend(wake);
        }
    }

    pub(super) fn wake(self) {
        for wake in self.first.into_iter().chain(self.more) {
            wake.wake();
        }
    }
}
