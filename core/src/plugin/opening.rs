//! A plugin while it is being opened, on a thread that may hang without hanging its caller.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, ThreadId};
use std::time::Duration;

use tracing::{Dispatch, dispatcher};

use super::check::verify::Verified;
use super::file::identity::Stamp;
use super::load::{self, Plugin};
use super::{code, error};
use crate::error::{Error, Result};

/// A plugin that is being opened, or is open.
pub(super) struct Opening {
    name: String,
    path: PathBuf,
    /// The state of the file when it was verified.
    stamp: Stamp,
    state: Mutex<State>,
    ended: Condvar,
}

enum State {
    /// By this thread, as soon as it runs.
    Running {
        by: Option<ThreadId>,
        /// How long somebody has waited in vain; the longest.
        late: Option<Duration>,
        /// The constructors have not returned.
        constructing: bool,
    },
    Open(&'static Plugin),
    /// The first who asks takes the error along, others get its message and code.
    Failed {
        error: Option<Error>,
        message: String,
        code: &'static str,
    },
}

impl Opening {
    /// Begins to open a file on a thread of its own. Events of its initialisation go to this
    /// subscriber.
    ///
    /// # Errors
    /// `CANNOT_LOAD` when there is no thread to be had.
    pub(super) fn start(verified: Verified, subscriber: Dispatch) -> Result<Arc<Opening>> {
        let (name, path) = (verified.head.name.clone(), verified.path.clone());
        let state = State::Running { by: None, late: None, constructing: true };
        let (stamp, state) = (verified.stamp.clone(), Mutex::new(state));
        let opening = Arc::new(Opening { name, path, stamp, state, ended: Condvar::new() });
        let work = {
            let opening = Arc::clone(&opening);
            move || opening.run(&verified, &subscriber)
        };
        let thread = Builder::new().name(format!("aludel load {}", opening.name)).spawn(work);
        match thread {
            Ok(_) => Ok(opening),
            Err(fault) => Err(error::cannot_load(&opening.path, &opening.name, fault)),
        }
    }

    /// The name of the dialect.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The state of the file from which it was opened.
    pub(super) fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// True when it could not be opened; it may be tried anew.
    pub(super) fn has_failed(&self) -> bool {
        matches!(*self.lock(), State::Failed { .. })
    }

    /// True when somebody has waited in vain for its constructors to return: until they do, the
    /// system's loader opens nothing else.
    pub(super) fn holds_loader(&self) -> bool {
        matches!(*self.lock(), State::Running { late: Some(_), constructing: true, .. })
    }

    /// Waits until it is open.
    ///
    /// # Errors
    /// Why it cannot be opened; `INIT_TIMEOUT` when it takes longer than this, or somebody has waited
    /// as long before; `CANNOT_LOAD` when this thread is the one that opens it.
    pub(super) fn wait(&self, timeout: Duration) -> Result<&'static Plugin> {
        let is_pending = |state: &mut State| match state {
            State::Running { by, late, .. } => {
                late.is_none_or(|waited| waited < timeout)
                    && *by != Some(std::thread::current().id())
            }
            _ => false,
        };
        let waited = self.ended.wait_timeout_while(self.lock(), timeout, is_pending);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match &mut *state {
            State::Open(plugin) => Ok(plugin),
            State::Failed { error, message, code } => {
                let again = || Error::plugin(message.as_str()).with_code(code);
                Err(error.take().unwrap_or_else(again))
            }
            State::Running { by, .. } if *by == Some(std::thread::current().id()) => {
                Err(error::loads_itself(&self.path, &self.name))
            }
            State::Running { late, .. } => {
                let waited = late.map_or(timeout, |before| before.max(timeout));
                *late = Some(waited);
                Err(error::init_timeout(&self.path, &self.name, waited))
            }
        }
    }

    fn run(&self, verified: &Verified, subscriber: &Dispatch) {
        if let State::Running { by, .. } = &mut *self.lock() {
            *by = Some(std::thread::current().id());
        }
        let work = || {
            let library = load::open(verified)?;
            if let State::Running { constructing, .. } = &mut *self.lock() {
                *constructing = false;
            }
            // Not before: while a subscriber of a thread's own is set anywhere, an event on any
            // other thread may need the system's loader, which waits for constructors.
            dispatcher::with_default(subscriber, || load::start(&library, verified))
        };
        // A panic here would be ours, or of a subscriber; whoever waits must be told all the same.
        let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            let reason = "loading it panicked; the panic was printed where it happened";
            Err(error::cannot_load(&self.path, &self.name, reason))
        });
        *self.lock() = match outcome {
            Ok(plugin) => State::Open(Box::leak(Box::new(plugin))),
            Err(error) => State::Failed {
                message: error.message().to_owned(),
                code: error.code().unwrap_or(code::CANNOT_LOAD),
                error: Some(error),
            },
        };
        self.ended.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
