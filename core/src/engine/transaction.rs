//! Begin once: a transaction that a block holds.

use std::ops::{Deref, DerefMut};

use super::commit::has_begun;
use super::connection::Connection;
use crate::dbapi::TransactionState;
use crate::dialect::Capability;
use crate::error::{Error, Result};
use crate::text::ends_transaction;

/// A transaction that was begun explicitly. It is used like the connection that it holds.
///
/// [`commit`](Transaction::commit) keeps what was done; dropping it, also by a panic, rolls back. It
/// borrows its connection, or owns it ([`Engine::transaction`](crate::Engine::transaction)) and is
/// then `'static` and `Send`.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// # let engine = aludel::create_engine("sqlite://")?;
/// # engine.execute("create table t (x integer)", ())?;
/// let mut conn = engine.connect()?;
/// let mut transaction = conn.transaction()?;
/// transaction.execute("insert into t values (1)", ())?;
/// transaction.commit()?;
///
/// let mut dropped = conn.transaction()?;
/// dropped.execute("insert into t values (2)", ())?;
/// drop(dropped);
/// let count: i64 = conn.scalar("select count(*) from t", ())?;
/// assert_eq!(count, 1);
/// # Ok(())
/// # }
/// ```
///
/// A transaction is committed once, and the compiler sees to it:
/// ```compile_fail
/// fn twice(transaction: aludel::engine::Transaction<'_>) -> aludel::Result<()> {
///     transaction.commit()?;
///     transaction.commit()
/// }
/// ```
/// Neither is one that was rolled back:
/// ```compile_fail
/// fn too_late(transaction: aludel::engine::Transaction<'_>) -> aludel::Result<()> {
///     transaction.rollback()?;
///     transaction.commit()
/// }
/// ```
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction<'c> {
    held: Held<'c>,
    /// Its number; 0 with autocommit, where there is none.
    serial: u64,
}

/// Whose connection a transaction uses.
enum Held<'c> {
    Borrowed(&'c mut Connection),
    Owned(Box<Connection>),
}

impl Connection {
    /// Runs `work` in a transaction: commits when it returns `Ok`, rolls back when it returns `Err`
    /// or panics.
    ///
    /// With [AUTOCOMMIT](crate::dbapi::IsolationLevel::Autocommit) each statement commits itself,
    /// here too. Where the errors of `work` are the program's own, use
    /// [`transaction`](Connection::transaction), which leaves them alone.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let mut conn = aludel::create_engine("sqlite://")?.connect()?;
    /// let id: i64 = conn.begin(|conn| {
    ///     conn.execute("create table t (id integer primary key)", ())?;
    ///     conn.scalar("insert into t default values returning id", ())
    /// })?;
    /// assert_eq!(id, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// That of `work`; `InvalidRequest` when a transaction has begun, as the first statement does;
    /// `NotSupported` for a database without transactions; that of the commit, after a rollback.
    pub fn begin<T>(&mut self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut transaction = self.transaction()?;
        let value = work(&mut transaction)?;
        transaction.complete()?;
        Ok(value)
    }

    /// Begins a transaction that lasts until what is returned is committed, rolled back or dropped.
    ///
    /// # Errors
    /// As [`begin`](Connection::begin).
    pub fn transaction(&mut self) -> Result<Transaction<'_>> {
        let serial = self.begin_block()?;
        Ok(Transaction { held: Held::Borrowed(self), serial })
    }

    /// The same, with the connection inside.
    pub(super) fn into_transaction(mut self) -> Result<Transaction<'static>> {
        let serial = self.begin_block()?;
        Ok(Transaction { held: Held::Owned(Box::new(self)), serial })
    }

    /// Begins the transaction of a block; gives its number, 0 with autocommit.
    fn begin_block(&mut self) -> Result<u64> {
        if self.transaction.is_open() || self.is_begun_by_hand() {
            return Err(has_begun("begin() is not possible now"));
        }
        self.ready()?;
        if !self.dialect().has(Capability::Transactions) {
            return Err(Error::not_supported("this database has no transactions")
                .with_dialect(self.dialect().name));
        }
        if !self.begins {
            return Ok(0);
        }
        let limits = self.own_limits()?;
        self.begin_root(limits)?;
        self.transaction.enter();
        Ok(self.transaction.serial)
    }
}

impl Transaction<'_> {
    /// Commits. What cannot be committed is rolled back.
    ///
    /// # Errors
    /// As [`Connection::commit`]; `InvalidRequest` when the transaction has been ended on its
    /// connection.
    pub fn commit(mut self) -> Result<()> {
        if self.serial != 0 && !self.is_active() {
            return Err(Error::invalid_request("this transaction is inactive")
                .with_help("it was committed or rolled back on its connection"));
        }
        self.complete()
    }

    /// Rolls back, as dropping it does.
    ///
    /// # Errors
    /// As [`Connection::rollback`], which dropping would not tell.
    pub fn rollback(mut self) -> Result<()> {
        if self.needs_an_end() { self.deref_mut().rollback() } else { Ok(()) }
    }

    /// False when the transaction has been ended on its connection, and with autocommit.
    pub fn is_active(&self) -> bool {
        self.serial != 0 && self.transaction.serial == self.serial && self.transaction.is_open()
    }

    /// True when it is active and its connection is not lost.
    pub fn is_valid(&self) -> bool {
        self.is_active() && !self.invalidated()
    }

    /// True when it is certain that nothing was committed before this error came.
    #[cold]
    pub(super) fn kept_nothing(&self, error: &Error) -> bool {
        if !self.is_active() {
            return self.transaction.rolled_back == self.serial;
        }
        if error.is_disconnect() && error.statement().is_some_and(ends_transaction) {
            return false;
        }
        // The database ends a transaction with an error of its own, or because SQL text said so.
        self.driver_state() != Some(TransactionState::Idle) || error.dialect().is_some()
    }

    /// Commits unless the connection has done so already. With autocommit that is what a BEGIN in
    /// SQL text has begun in the block.
    fn complete(&mut self) -> Result<()> {
        if self.needs_an_end() { self.deref_mut().commit() } else { Ok(()) }
    }

    /// True when something may be left to be committed or rolled back.
    fn needs_an_end(&self) -> bool {
        self.serial == 0 || self.is_active()
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        let needs_an_end = self.needs_an_end();
        let is_held = self.serial != 0;
        let connection = self.deref_mut();
        if needs_an_end && let Err(error) = connection.rollback() {
            tracing::warn!(%error, "a transaction that was dropped could not be rolled back");
        }
        if is_held {
            connection.transaction.leave();
        }
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match &self.held {
            Held::Borrowed(connection) => connection,
            Held::Owned(connection) => connection,
        }
    }
}

impl DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        match &mut self.held {
            Held::Borrowed(connection) => connection,
            Held::Owned(connection) => connection,
        }
    }
}

impl std::fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction")
            .field("is_active", &self.is_active())
            .field("connection", &**self)
            .finish()
    }
}
