//! Transactions, savepoints, two-phase commit.

use core::ffi::c_void;

use super::connection::DriverConnection;
use super::dialect::collect;
use super::limits::Limits;
use crate::abi::data::{Str, TransactionArgs};
use crate::dbapi::{Savepoint, TransactionOptions, TwoPhase};
use crate::error::Result;

impl DriverConnection {
    /// Begins a transaction.
    ///
    /// # Errors
    /// `NotSupported` when the database has none, or not with these options.
    pub fn begin(&mut self, options: &TransactionOptions<'_>, limits: Limits) -> Result<()> {
        let begin = self.table.begin.ok_or_else(|| self.missing("beginning a transaction"))?;
        let args = TransactionArgs {
            size: size_of::<TransactionArgs>(),
            isolation: options.isolation.map_or(0, |level| level.code()),
            access: options.access.map_or(0, |access| access.code()),
            deferrable: options.deferrable.map_or(0, |deferrable| 1 + u32::from(deferrable)),
            flags: 0,
            mode: options.mode.map_or(Str::EMPTY, Str::new),
            reserved: [0; 2],
        };
        self.call(limits, |data, call, error| {
            // SAFETY: live connection, valid pointers, no other call; so in all of this file.
            unsafe { begin(data, &raw const args, call, error) }
        })
        .map(drop)
    }

    /// Commits.
    ///
    /// # Errors
    /// What the database reports.
    pub fn commit(&mut self, limits: Limits) -> Result<()> {
        let commit = self.table.commit.ok_or_else(|| self.missing("commit"))?;
        // SAFETY: see `begin`.
        self.call(limits, |data, call, error| unsafe { commit(data, call, error) }).map(drop)
    }

    /// Rolls back.
    ///
    /// # Errors
    /// What the database reports.
    pub fn rollback(&mut self, limits: Limits) -> Result<()> {
        let rollback = self.table.rollback.ok_or_else(|| self.missing("rollback"))?;
        // SAFETY: see `begin`.
        self.call(limits, |data, call, error| unsafe { rollback(data, call, error) }).map(drop)
    }

    /// Creates, releases or rolls back to a savepoint.
    ///
    /// # Errors
    /// `NotSupported` when the database has none.
    pub fn savepoint(&mut self, operation: Savepoint, name: &str, limits: Limits) -> Result<()> {
        let entry = self.table.savepoint.ok_or_else(|| self.missing("savepoints"))?;
        self.call(limits, |data, call, error| {
            // SAFETY: see `begin`.
            unsafe { entry(data, operation.code(), Str::new(name), call, error) }
        })
        .map(drop)
    }

    /// A step of two-phase commit.
    ///
    /// # Errors
    /// `NotSupported` when the database has none.
    pub fn two_phase(&mut self, operation: TwoPhase, xid: &str, limits: Limits) -> Result<()> {
        let entry = self.table.two_phase.ok_or_else(|| self.missing("two-phase commit"))?;
        self.call(limits, |data, call, error| {
            // SAFETY: see `begin`.
            unsafe { entry(data, operation.code(), Str::new(xid), call, error) }
        })
        .map(drop)
    }

    /// Identifiers of prepared two-phase transactions.
    ///
    /// # Errors
    /// `NotSupported` when the database has none.
    pub fn recover(&mut self, limits: Limits) -> Result<Vec<String>> {
        let entry = self.table.recover.ok_or_else(|| self.missing("two-phase recovery"))?;
        let mut pairs: Vec<(String, String)> = Vec::new();
        let context = (&raw mut pairs).cast::<c_void>();
        // SAFETY: see `begin`; `collect` expects this context.
        self.call(limits, |data, call, error| unsafe {
            entry(data, collect, context, call, error)
        })?;
        Ok(pairs.into_iter().map(|(xid, _)| xid).collect())
    }
}
