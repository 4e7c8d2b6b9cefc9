//! Transactions on connections of their own.

use std::panic::Location;

use super::connection::Connection;
use super::handle::Engine;
use super::transaction::Transaction;
use crate::error::Result;

impl Engine {
    /// Runs `work` in a transaction on a connection of its own: commits when it returns `Ok`, rolls
    /// back when it returns `Err` or panics. The connection is returned in any case.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// engine.begin(|conn| {
    ///     conn.execute("create table t (x integer)", ())?;
    ///     conn.execute("insert into t values (1)", ())?;
    ///     Ok(())
    /// })?;
    /// let count: i64 = engine.execute("select count(*) from t", ())?.scalar()?;
    /// assert_eq!(count, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`connect`](Engine::connect) and [`Connection::begin`].
    #[track_caller]
    pub fn begin<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        self.connect_at(Location::caller())?.begin(work)
    }

    /// Begins a transaction that owns its connection: `'static` and `Send`, to be kept in a struct
    /// or given to another thread. The connection is returned when it ends.
    ///
    /// # Errors
    /// As [`begin`](Engine::begin).
    #[track_caller]
    pub fn transaction(&self) -> Result<Transaction<'static>> {
        self.connect_at(Location::caller())?.into_transaction()
    }
}
