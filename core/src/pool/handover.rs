//! Where a worker leaves what a task waits for, and learns that nobody wants it any longer.

use std::sync::PoisonError;
use std::task::Waker;

use super::sync::{Mutex, MutexGuard};

/// `T` is what is left; `K` is what a task that wants it no longer leaves for the worker instead.
pub(super) struct Handover<T, K>(Mutex<State<T, K>>);

enum State<T, K> {
    Awaited(Waker),
    Ready(T),
    Unwanted(Option<K>),
}

impl<T, K> Handover<T, K> {
    pub(super) fn new(waker: Waker) -> Self {
        Handover(Mutex::new(State::Awaited(waker)))
    }

    fn lock(&self) -> MutexGuard<'_, State<T, K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves it and wakes the task. Comes back when the task is gone.
    pub(super) fn deliver(&self, done: T) -> Option<(T, Option<K>)> {
        let mut state = self.lock();
        if let State::Unwanted(kept) = &mut *state {
            let kept = kept.take();
            return Some((done, kept));
        }
        let before = std::mem::replace(&mut *state, State::Ready(done));
        drop(state);
        if let State::Awaited(waker) = before {
            waker.wake();
        }
        None
    }

    /// Takes what was left, once; until then the worker wakes whoever asked last.
    pub(super) fn collect(&self, waker: &Waker) -> Option<T> {
        // Cloned and dropped with no lock held: wakers are code of users.
        let next = State::Awaited(waker.clone());
        let mut state = self.lock();
        let before = if matches!(&*state, State::Ready(_)) {
            std::mem::replace(&mut *state, State::Unwanted(None))
        } else {
            std::mem::replace(&mut *state, next)
        };
        drop(state);
        match before {
            State::Ready(done) => Some(done),
            State::Awaited(_) | State::Unwanted(_) => None,
        }
    }

    /// Wants nothing any longer, and leaves `kept` for the worker. Takes what was left already, with
    /// `kept`.
    pub(super) fn refuse(&self, kept: K) -> Option<(T, K)> {
        let mut state = self.lock();
        if matches!(&*state, State::Ready(_)) {
            let before = std::mem::replace(&mut *state, State::Unwanted(None));
            drop(state);
            return match before {
                State::Ready(done) => Some((done, kept)),
                State::Awaited(_) | State::Unwanted(_) => None,
            };
        }
        let before = std::mem::replace(&mut *state, State::Unwanted(Some(kept)));
        drop(state);
        drop(before);
        None
    }
}
