//! What the connections to one database share in this process: what SQLite has none of.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aludel::dbapi::{Call, Notice, Notification};
use aludel::error::Result;
use aludel::value::Value;

/// A statement that a two-phase transaction executed, with its parameters.
pub(crate) type Logged = (String, Vec<Value>);

/// What is shared.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    state: Mutex<State>,
    changed: Condvar,
}

/// What a hub knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    joined: u64,
    /// By the number of the connection.
    pub(crate) inboxes: BTreeMap<u64, Inbox>,
    /// Transactions between the phases: they are executed again when they commit.
    pub(crate) prepared: BTreeMap<String, Vec<Logged>>,
    /// Identifiers of two-phase transactions that have ended.
    pub(crate) ended: Vec<String>,
    /// Connections whose transaction may write.
    pub(crate) writers: BTreeSet<u64>,
    pub(crate) procedures: BTreeSet<String>,
    /// Cancels that hit everybody.
    pub(crate) cancels: u64,
    /// Chances to make faults that have one for each connection only.
    pub(crate) chances: u64,
}

/// What a connection has been told.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    pub(crate) channels: BTreeSet<String>,
    pub(crate) heard: VecDeque<Notification>,
    pub(crate) notices: VecDeque<Notice>,
}

static HUBS: Mutex<BTreeMap<String, Arc<Hub>>> = Mutex::new(BTreeMap::new());

/// The hub of a database.
pub(crate) fn of(database: &str) -> Arc<Hub> {
    let mut hubs = HUBS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(hubs.entry(database.to_owned()).or_default())
}

impl Hub {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a new connection.
    pub(crate) fn join(&self) -> u64 {
        let mut state = self.state();
        state.joined += 1;
        let number = state.joined;
        state.inboxes.insert(number, Inbox::default());
        number
    }

    /// Wakes who waits for something to change.
    pub(crate) fn wake(&self) {
        self.changed.notify_all();
    }

    /// Waits until something is there, at most until the deadline of the call.
    pub(crate) fn wait<T>(
        &self,
        call: &Call<'_>,
        mut look: impl FnMut(&mut State) -> Option<T>,
    ) -> Result<T> {
        let mut state = self.state();
        loop {
            if let Some(found) = look(&mut state) {
                return Ok(found);
            }
            call.check()?;
            let left = call.remaining().unwrap_or(LONG).min(LONG);
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Sends a notification to all who listen.
    pub(crate) fn send(&self, notification: &Notification) {
        let mut state = self.state();
        for inbox in state.inboxes.values_mut() {
            if inbox.channels.contains(&notification.channel) {
                inbox.heard.push_back(notification.clone());
            }
        }
        drop(state);
        self.wake();
    }
}

impl State {
    /// What this connection has been told.
    pub(crate) fn inbox(&mut self, number: u64) -> &mut Inbox {
        self.inboxes.entry(number).or_default()
    }
}

/// A wait is looked after now and then.
const LONG: Duration = Duration::from_secs(1);
