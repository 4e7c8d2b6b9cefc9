//! Waiting that another thread can end.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aludel::dbapi::{Call, Cancel};
use aludel::{Error, Result};

use crate::probe::Probe;

/// The call that a connection is waiting in, seen from all its threads.
#[derive(Default)]
pub(crate) struct Waiting {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Generation of the call that waits; 0 when none does.
    generation: u64,
    cancelled: bool,
}

impl Waiting {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits this long, at most until the deadline of the call.
    pub(crate) fn wait(&self, time: Duration, call: &Call<'_>) -> Result<()> {
        let end = Instant::now() + time;
        let mut state = self.state();
        *state = State { generation: call.generation(), cancelled: false };
        let outcome = loop {
            if state.cancelled {
                break Err(Error::operational("cancelled on request").with_sqlstate("57014"));
            }
            if let Err(late) = call.check() {
                break Err(late);
            }
            let mut left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break Ok(());
            }
            if let Some(remaining) = call.remaining() {
                left = left.min(remaining);
            }
            let (guard, _) =
                self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
            state = guard;
        };
        *state = State::default();
        outcome
    }
}

/// What other threads hold.
pub(crate) struct Handle {
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) probe: Arc<Probe>,
}

impl Cancel for Handle {
    fn cancel(&self, generation: u64, _: &Call<'_>) -> Result<()> {
        self.probe.enter("CancelVt.cancel");
        let mut state = self.waiting.state();
        if state.generation == generation {
            state.cancelled = true;
            self.waiting.changed.notify_all();
        }
        Ok(())
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.probe.enter("CancelVt.free");
    }
}
