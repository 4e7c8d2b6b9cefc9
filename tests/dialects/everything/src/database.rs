//! The data behind connections: databases by name, each with a table and a stream of notifications.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aludel::dbapi::{Call, Notification};
use aludel::{Result, Value};

use crate::failure;

/// A key and a value.
pub(crate) type Entry = (Value, Value);

/// A database that several connections share.
#[derive(Default)]
pub(crate) struct Database {
    state: Mutex<State>,
    notified: Condvar,
}

#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    /// Transactions in the first phase of two, by identifier.
    prepared: BTreeMap<String, Vec<Entry>>,
    notifications: Vec<Notification>,
}

static DATABASES: Mutex<BTreeMap<String, Arc<Database>>> = Mutex::new(BTreeMap::new());

/// The database of this name; one of its own for a connection that names none.
pub(crate) fn open(name: Option<&str>) -> Arc<Database> {
    let Some(name) = name.filter(|name| !name.is_empty()) else { return Arc::default() };
    let mut databases = DATABASES.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(databases.entry(name.to_owned()).or_default())
}

impl Database {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is committed.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.state().entries.clone()
    }

    /// Commits entries; keys must be new.
    pub(crate) fn append(&self, entries: Vec<Entry>) -> Result<()> {
        let mut state = self.state();
        for (key, _) in &entries {
            if state.entries.iter().any(|(known, _)| known == key) {
                return Err(failure::duplicate(key));
            }
        }
        state.entries.extend(entries);
        Ok(())
    }

    /// Keeps a transaction between the two phases.
    pub(crate) fn keep_prepared(&self, xid: &str, entries: Vec<Entry>) {
        self.state().prepared.insert(xid.to_owned(), entries);
    }

    /// Takes a transaction out again.
    pub(crate) fn take_prepared(&self, xid: &str) -> Option<Vec<Entry>> {
        self.state().prepared.remove(xid)
    }

    /// Identifiers of transactions between the two phases.
    pub(crate) fn prepared(&self) -> Vec<String> {
        self.state().prepared.keys().cloned().collect()
    }

    /// How many notifications there were so far.
    pub(crate) fn notification_count(&self) -> usize {
        self.state().notifications.len()
    }

    /// Tells all connections of this database.
    pub(crate) fn notify(&self, notification: Notification) {
        self.state().notifications.push(notification);
        self.notified.notify_all();
    }

    /// The notification after the first `heard`; waits until the deadline.
    pub(crate) fn wait(&self, heard: usize, call: &Call<'_>) -> Option<Notification> {
        let mut state = self.state();
        loop {
            if let Some(next) = state.notifications.get(heard) {
                return Some(next.clone());
            }
            let left = call.remaining().unwrap_or(Duration::MAX);
            if left.is_zero() {
                return None;
            }
            let (guard, _) = self
                .notified
                .wait_timeout(state, left.min(Duration::from_secs(1)))
                .unwrap_or_else(PoisonError::into_inner);
            state = guard;
        }
    }
}
