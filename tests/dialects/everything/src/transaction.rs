//! Transactions: what is not committed yet, savepoints, and the two phases.

use aludel::dbapi::{AccessMode, Savepoint, TransactionOptions, TransactionState, TwoPhase};
use aludel::{Error, Result};

use crate::database::{Database, Entry};

/// A transaction that is open.
struct Open {
    entries: Vec<Entry>,
    /// Name, and how many entries there were.
    savepoints: Vec<(String, usize)>,
    xid: Option<String>,
    read_only: bool,
    aborted: bool,
    /// How it was begun, for the statement `transaction`.
    description: String,
}

/// The transaction of a connection, if there is one.
#[derive(Default)]
pub(crate) struct Transaction {
    open: Option<Open>,
}

impl Transaction {
    pub(crate) fn begin(&mut self, options: &TransactionOptions<'_>) -> Result<()> {
        self.open(None, options)
    }

    fn open(&mut self, xid: Option<&str>, options: &TransactionOptions<'_>) -> Result<()> {
        if self.open.is_some() {
            return Err(Error::programming("there is a transaction already").with_sqlstate("25001"));
        }
        self.open = Some(Open {
            entries: Vec::new(),
            savepoints: Vec::new(),
            xid: xid.map(str::to_owned),
            read_only: options.access == Some(AccessMode::ReadOnly),
            aborted: false,
            description: format!(
                "{} {:?} {:?} {}",
                options.isolation.map_or("default", |level| level.name()),
                options.access,
                options.deferrable,
                options.mode.unwrap_or("-"),
            ),
        });
        Ok(())
    }

    pub(crate) fn commit(&mut self, database: &Database) -> Result<()> {
        match self.open.take() {
            Some(open) if open.aborted => Err(aborted()),
            Some(open) => database.append(open.entries),
            None => Ok(()),
        }
    }

    pub(crate) fn rollback(&mut self) {
        self.open = None;
    }

    pub(crate) fn savepoint(&mut self, operation: Savepoint, name: &str) -> Result<()> {
        let open = self.open.as_mut().ok_or_else(none)?;
        if operation == Savepoint::Create {
            open.savepoints.push((name.to_owned(), open.entries.len()));
            return Ok(());
        }
        let at = open.savepoints.iter().rposition(|(known, _)| known == name).ok_or_else(|| {
            Error::programming(format!("there is no savepoint {name:?}")).with_sqlstate("3B001")
        })?;
        if operation == Savepoint::RollbackTo {
            open.entries.truncate(open.savepoints[at].1);
            open.aborted = false;
            open.savepoints.truncate(at + 1);
        } else {
            open.savepoints.truncate(at);
        }
        Ok(())
    }

    pub(crate) fn two_phase(
        &mut self,
        operation: TwoPhase,
        xid: &str,
        database: &Database,
    ) -> Result<()> {
        match operation {
            TwoPhase::Begin => return self.open(Some(xid), &TransactionOptions::default()),
            TwoPhase::Prepare => {
                let open = self.open.take_if(|open| open.xid.as_deref() == Some(xid));
                database.keep_prepared(xid, open.ok_or_else(none)?.entries);
            }
            TwoPhase::Commit => {
                let entries = database.take_prepared(xid).ok_or_else(none)?;
                database.append(entries)?;
            }
            TwoPhase::Rollback => {
                database.take_prepared(xid).ok_or_else(none)?;
            }
        }
        Ok(())
    }

    /// Adds entries, to the transaction or, outside of one, at once.
    pub(crate) fn insert(
        &mut self,
        entries: Vec<Entry>,
        read_only: bool,
        database: &Database,
    ) -> Result<()> {
        let Some(open) = &mut self.open else {
            return if read_only { Err(forbidden()) } else { database.append(entries) };
        };
        if open.aborted {
            return Err(aborted());
        }
        if open.read_only || read_only {
            return Err(forbidden());
        }
        open.entries.extend(entries);
        Ok(())
    }

    /// What this connection sees beyond what is committed.
    pub(crate) fn entries(&self) -> &[Entry] {
        self.open.as_ref().map_or(&[], |open| &open.entries)
    }

    /// The database accepts only a rollback from now on.
    pub(crate) fn abort(&mut self) -> Error {
        if let Some(open) = &mut self.open {
            open.aborted = true;
        }
        aborted()
    }

    pub(crate) fn state(&self) -> TransactionState {
        match &self.open {
            None => TransactionState::Idle,
            Some(open) if open.aborted => TransactionState::Aborted,
            Some(_) => TransactionState::Active,
        }
    }

    pub(crate) fn description(&self) -> &str {
        self.open.as_ref().map_or("none", |open| &open.description)
    }
}

fn none() -> Error {
    Error::programming("there is no such transaction").with_sqlstate("25P01")
}

fn aborted() -> Error {
    Error::internal("the transaction is aborted").with_sqlstate("25P02").transaction_aborted()
}

fn forbidden() -> Error {
    Error::operational("cannot write in a read-only transaction").with_sqlstate("25006")
}
