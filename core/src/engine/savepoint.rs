//! Savepoints: transactions inside a transaction.

use std::ops::{Deref, DerefMut};

use super::connection::Connection;
use super::events::Interest;
use super::phase::Phase;
use crate::dbapi;
use crate::dialect::Capability;
use crate::error::{Error, Result};

/// A savepoint of a transaction (SQLAlchemy's `NestedTransaction`). It is used like its connection.
///
/// [`commit`](Savepoint::commit) releases it: what was done since belongs to the transaction.
/// Dropping it, also by a panic, rolls back to it; the transaction stays open.
#[must_use = "a savepoint that is dropped is rolled back to"]
pub struct Savepoint<'c> {
    connection: &'c mut Connection,
    number: u32,
}

impl Connection {
    /// Runs `work` in a savepoint: keeps what it did when it returns `Ok`, undoes it when it returns
    /// `Err` or panics. The transaction stays open either way.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let mut conn = aludel::create_engine("sqlite://")?.connect()?;
    /// conn.execute("create table t (id integer primary key)", ())?;
    /// for id in [1, 2, 1] {
    ///     // A row that is there already costs its own insert, and not the transaction.
    ///     let inserted = conn.begin_nested(|conn| {
    ///         conn.execute("insert into t values (?)", (id,)).map(drop)
    ///     });
    ///     assert!(inserted.is_ok() || inserted.unwrap_err().constraint().is_some());
    /// }
    /// conn.commit()?;
    /// assert_eq!(conn.scalar::<i64>("select count(*) from t", ())?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// That of `work`; `NotSupported` for a database without savepoints; what the database reports
    /// when the savepoint is made or released.
    pub fn begin_nested<T>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> Result<T> {
        let mut savepoint = self.savepoint()?;
        let value = work(&mut savepoint)?;
        savepoint.complete()?;
        Ok(value)
    }

    /// Makes a savepoint that lasts until what is returned is committed, rolled back or dropped. A
    /// transaction begins if there is none.
    ///
    /// # Errors
    /// As [`begin_nested`](Connection::begin_nested).
    pub fn savepoint(&mut self) -> Result<Savepoint<'_>> {
        self.ready()?;
        if !self.dialect().has(Capability::Savepoints) {
            return Err(Error::not_supported("this database has no savepoints")
                .with_dialect(self.dialect().name));
        }
        let limits = self.own_limits()?;
        self.autobegin("SAVEPOINT", limits)?;
        if !self.in_transaction() {
            // Some databases would begin a transaction with it that nothing here ends.
            return Err(Error::invalid_request(
                "a savepoint needs a transaction, and with AUTOCOMMIT there is none",
            )
            .with_help("set another isolation level, or execute BEGIN first"));
        }
        if let Some(spent) = self.transaction.spent() {
            self.savepoint_step(dbapi::Savepoint::Release, spent)?;
            self.transaction.release(spent);
        }
        let number = self.transaction.next_savepoint();
        self.tell_savepoint(Interest::SAVEPOINT, number)?;
        self.ready()?;
        self.savepoint_step(dbapi::Savepoint::Create, number)?;
        self.transaction.push(number);
        self.transaction.enter();
        Ok(Savepoint { connection: self, number })
    }

    fn savepoint_step(&mut self, step: dbapi::Savepoint, number: u32) -> Result<()> {
        let name = savepoint_name(number);
        let verb = match step {
            dbapi::Savepoint::Create => "SAVEPOINT",
            dbapi::Savepoint::Release => "RELEASE SAVEPOINT",
            dbapi::Savepoint::RollbackTo => "ROLLBACK TO SAVEPOINT",
        };
        self.tell_savepoint_step(verb, &name);
        let limits = self.own_limits()?;
        let done = self.lease.driver().savepoint(step, &name, limits);
        done.map_err(|error| self.failed_step(verb, error))
    }

    fn release(&mut self, number: u32) -> Result<()> {
        self.ready()?;
        if self.transaction.phase == Phase::Doomed || self.is_aborted() {
            return Err(self.transaction.refusal());
        }
        self.tell_savepoint(Interest::RELEASE_SAVEPOINT, number)?;
        self.ready()?;
        self.savepoint_step(dbapi::Savepoint::Release, number)?;
        self.transaction.release(number);
        Ok(())
    }

    fn roll_back_to(&mut self, number: u32) -> Result<()> {
        if !self.lease.is_usable() {
            // Lost with the connection; the transaction takes nothing but a rollback.
            return Ok(());
        }
        let told = self.tell_savepoint(Interest::ROLLBACK_SAVEPOINT, number);
        if !self.lease.is_usable() {
            return told;
        }
        let rolled_back = self.savepoint_step(dbapi::Savepoint::RollbackTo, number);
        match rolled_back {
            Ok(()) => self.transaction.spend(number),
            // What should have been undone is still there, and must not be committed.
            Err(_) if self.transaction.phase == Phase::Open => {
                self.transaction.phase = Phase::Doomed;
            }
            Err(_) => {}
        }
        rolled_back.and(told)
    }
}

impl Savepoint<'_> {
    /// Releases the savepoint. What cannot be released is rolled back to.
    ///
    /// # Errors
    /// What the database reports; `InvalidRequest` when the savepoint has ended with its
    /// transaction.
    pub fn commit(mut self) -> Result<()> {
        if !self.is_active() {
            return Err(Error::invalid_request("this nested transaction is inactive")
                .with_help("it has ended with the transaction around it"));
        }
        self.complete()
    }

    /// Rolls back to the savepoint, as dropping it does.
    ///
    /// # Errors
    /// What the database reports, which dropping would not tell; the whole transaction can then only
    /// be rolled back.
    pub fn rollback(mut self) -> Result<()> {
        self.undo()
    }

    /// False when the savepoint has ended with its transaction.
    pub fn is_active(&self) -> bool {
        self.connection.transaction.has(self.number)
    }

    /// True when it is active and its connection is not lost.
    pub fn is_valid(&self) -> bool {
        self.is_active() && !self.invalidated()
    }

    /// The name of the savepoint in SQL.
    pub fn name(&self) -> String {
        savepoint_name(self.number)
    }

    /// Releases it unless it has ended with its transaction.
    fn complete(&mut self) -> Result<()> {
        if self.is_active() { self.connection.release(self.number) } else { Ok(()) }
    }

    fn undo(&mut self) -> Result<()> {
        if self.is_active() { self.connection.roll_back_to(self.number) } else { Ok(()) }
    }
}

/// What SQL calls the savepoint of this number.
pub(super) fn savepoint_name(number: u32) -> String {
    format!("sa_savepoint_{number}")
}

impl Drop for Savepoint<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.undo() {
            tracing::warn!(%error, "a savepoint that was dropped could not be rolled back to");
        }
        self.connection.transaction.leave();
    }
}

impl Deref for Savepoint<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl DerefMut for Savepoint<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection
    }
}

impl std::fmt::Debug for Savepoint<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Savepoint")
            .field("name", &self.name())
            .field("is_active", &self.is_active())
            .finish()
    }
}
