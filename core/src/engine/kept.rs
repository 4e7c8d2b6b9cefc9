//! The one connection of a database that lives in its connection.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use super::session::Session;
use crate::error::{Error, Result};

/// How long a checkout waits for the one connection of a private in-memory database.
const WAIT: Duration = Duration::from_secs(30);

/// The one connection of a database that lives in it, lent to one user at a time.
#[derive(Default)]
pub(super) struct Kept {
    /// Guards the connection while nobody uses it; nothing slow happens under it.
    state: Mutex<KeptState>,
    returned: Condvar,
}

#[derive(Default)]
struct KeptState {
    idle: Option<Box<Session>>,
    user: Option<ThreadId>,
    /// How often the connection was given up; what was lent before does not come back.
    generation: u64,
}

/// What a checkout got: the connection, or the right to open it.
pub(super) struct Taken {
    pub(super) idle: Option<Box<Session>>,
    pub(super) generation: u64,
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, KeptState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the connection, or the right to open it.
    pub(super) fn take(&self) -> Result<Taken> {
        let this_thread = thread::current().id();
        let until = Instant::now() + WAIT;
        let mut state = self.lock();
        while let Some(user) = state.user {
            let left = until.saturating_duration_since(Instant::now());
            if user == this_thread || left.is_zero() {
                return Err(in_use(user == this_thread));
            }
            state =
                self.returned.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.user = Some(this_thread);
        Ok(Taken { idle: state.idle.take(), generation: state.generation })
    }

    /// Takes the connection back, or the right to open it. A connection that was lent before all
    /// were given up is handed out again, to be closed.
    pub(super) fn put(
        &self,
        connection: Option<Box<Session>>,
        generation: u64,
    ) -> Option<Box<Session>> {
        let mut state = self.lock();
        if state.generation != generation {
            return connection;
        }
        state.user = None;
        state.idle = connection;
        drop(state);
        self.returned.notify_one();
        None
    }

    /// Gives the connection up, also while it is lent: the next checkout opens another. What is
    /// idle is handed out, to be closed.
    pub(super) fn give_up(&self) -> Option<Box<Session>> {
        let mut state = self.lock();
        state.generation += 1;
        state.user = None;
        let idle = state.idle.take();
        drop(state);
        self.returned.notify_all();
        idle
    }
}

#[cold]
fn in_use(by_this_thread: bool) -> Error {
    let (what, help) = if by_this_thread {
        ("this thread already holds", "use the connection you have, or drop it first")
    } else {
        ("another thread holds", "drop connections when they are no longer used")
    };
    Error::timeout(format!(
        "a private in-memory database has one connection, which {what}; waited for at most {} s",
        WAIT.as_secs()
    ))
    .with_help(help)
}
