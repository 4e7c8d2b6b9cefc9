//! A connection of an engine and its transaction.

use std::sync::Arc;

use super::cache_stats::CacheStats;
use super::session::Session;
use super::source::{InsertManyValuesSettings, Lease};
use crate::abi::host::{DriverConnection, Limits};
use crate::dbapi::{IsolationLevel, TransactionOptions, TransactionState};
use crate::dialect::{Capability, DialectInfo, option_key};
use crate::error::{Error, Result};
use crate::text::{BindParam, Compiled};
use crate::value::ValueRef;

/// A connection in use. Owned, `Send`, and used by one thread at a time.
///
/// The first statement begins a transaction (autobegin); [`commit`](Connection::commit) and
/// [`rollback`](Connection::rollback) end it, and the next statement begins another. Dropping the
/// connection rolls back what is open.
pub struct Connection {
    lease: Lease,
    begun: bool,
    autocommit: bool,
}

impl Connection {
    pub(super) fn new(lease: Lease) -> Self {
        Connection { lease, begun: false, autocommit: false }
    }

    /// Commits. Without a transaction it does nothing.
    ///
    /// # Errors
    /// What the database reports. Whether the transaction is then still open is the database's
    /// business; [`in_transaction`](Connection::in_transaction) tells.
    pub fn commit(&mut self) -> Result<()> {
        if !self.begun {
            return Ok(());
        }
        let committed = self.driver().commit(Limits::NONE);
        self.begun = committed.is_err() && !self.has_ended();
        committed
    }

    /// Rolls back. Without a transaction it does nothing.
    ///
    /// # Errors
    /// What the database reports; the connection should then be dropped.
    pub fn rollback(&mut self) -> Result<()> {
        if self.begun {
            self.begun = false;
            self.driver().rollback(Limits::NONE)?;
        }
        Ok(())
    }

    /// True between the first statement (or an explicit BEGIN) and commit or rollback.
    pub fn in_transaction(&mut self) -> bool {
        let state = self.lease.driver().transaction_state();
        match state {
            TransactionState::Active | TransactionState::Aborted => true,
            TransactionState::Idle => false,
            TransactionState::Unknown => self.begun,
        }
    }

    /// True when the database has no transaction, whatever was begun: it may end one by itself,
    /// with an error, or because the program says so in SQL.
    fn has_ended(&mut self) -> bool {
        self.lease.driver().transaction_state() == TransactionState::Idle
    }

    /// Sets the isolation level of the transactions to come on this connection. With
    /// [`Autocommit`](IsolationLevel::Autocommit) no transaction is begun: each statement commits
    /// itself, and a BEGIN in SQL text is respected.
    ///
    /// # Errors
    /// `InvalidRequest` inside a transaction; `NotSupported` for a level that the database lacks.
    pub fn set_isolation_level(&mut self, level: IsolationLevel) -> Result<()> {
        if self.begun {
            return Err(Error::invalid_request(
                "the isolation level cannot be changed inside a transaction",
            )
            .with_help("commit or roll back first"));
        }
        if level != IsolationLevel::Autocommit {
            let value = ValueRef::Text(level.name());
            self.driver().set_option(option_key::ISOLATION_LEVEL, value, Limits::NONE)?;
        }
        self.autocommit = level == IsolationLevel::Autocommit;
        Ok(())
    }

    /// What the dialect says about itself.
    pub fn dialect(&self) -> &'static DialectInfo {
        self.lease.source().dialect.info()
    }

    /// The driver's connection (SQLAlchemy's `driver_connection`), for what the engine does not
    /// offer. Transactions begun or ended on it are the caller's business.
    pub fn driver(&mut self) -> &mut DriverConnection {
        self.lease.driver()
    }

    /// How the cache of this connection's prepared statements does.
    pub fn statement_cache(&mut self) -> CacheStats {
        self.session().statements.stats()
    }

    /// The driver's connection with the statements that it keeps.
    #[inline]
    pub(crate) fn session(&mut self) -> &mut Session {
        self.lease.session()
    }

    /// The compiled form of a text, kept by the engine unless binds are declared.
    pub(crate) fn compile(&self, sql: &str, declared: &[BindParam]) -> Arc<Compiled> {
        let rules = &self.dialect().rules;
        match declared {
            [] => self.lease.source().compiled.compiled(sql, rules),
            _ => Arc::new(Compiled::new(sql, declared, rules)),
        }
    }

    /// What the engine says of inserts of many rows.
    pub(crate) fn insertmanyvalues(&self) -> InsertManyValuesSettings {
        self.lease.source().insertmanyvalues
    }

    /// Begins a transaction unless there is one, or none is wanted, or the database has none.
    pub(crate) fn autobegin(&mut self) -> Result<()> {
        if self.autocommit || !self.dialect().has(Capability::Transactions) {
            return Ok(());
        }
        // Without a transaction of its own the statement would commit itself.
        if !self.begun || self.has_ended() {
            self.driver().begin(&TransactionOptions::default(), Limits::NONE)?;
            self.begun = true;
        }
        Ok(())
    }

    /// Gives the connection up for its lease.
    pub(crate) fn into_lease(self) -> Lease {
        self.lease
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("dialect", &self.dialect().name)
            .field("begun", &self.begun)
            .field("autocommit", &self.autocommit)
            .finish_non_exhaustive()
    }
}
