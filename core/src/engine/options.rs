//! Options of a connection: isolation level, read only, deferrable, timeout.

use super::connection::{Connection, is_closed};
use crate::abi::host::Limits;
use crate::dbapi::{AccessMode, IsolationLevel, TransactionOptions};
use crate::dialect::{Capability, DialectInfo, option_key};
use crate::error::{Error, Result};
use crate::text::ExecutionOptions;
use crate::value::Value;

impl Connection {
    /// Sets options of this connection; what was set before and is not set now stays. They are gone
    /// when the connection is returned, and go before those of its engine.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let mut conn = aludel::create_engine("sqlite://")?.connect()?;
    /// use aludel::ExecutionOptions;
    /// use std::time::Duration;
    ///
    /// let careful = ExecutionOptions::new().read_only(true).timeout(Duration::from_secs(5));
    /// conn.execution_options(&careful)?;
    /// assert!(conn.execute("create table t (x integer)", ()).is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `InvalidRequest` for options that change how transactions begin, inside a transaction;
    /// `NotSupported` for what the database lacks; `Argument` for options that contradict each
    /// other; `ResourceClosed` for a closed connection. Nothing is set then.
    pub fn execution_options(&mut self, options: &ExecutionOptions) -> Result<&mut Self> {
        if self.closed {
            return Err(is_closed());
        }
        if let Some(option) = options.of_transactions()
            && (self.in_transaction() || self.transaction.is_open())
        {
            let option = match option {
                "isolation_level" => "the isolation level",
                other => other,
            };
            return Err(Error::invalid_request(format!(
                "{option} cannot be changed inside a transaction"
            ))
            .with_help("commit or roll back first"));
        }
        let options = self.tell_execution_options(options)?;
        self.adopt(options.or(&self.options))?;
        Ok(self)
    }

    /// Makes these the options, all of them.
    pub(super) fn adopt(&mut self, options: ExecutionOptions) -> Result<()> {
        let info = self.dialect();
        check(&options, info)?;
        let is_autocommit = options.isolation_level == Some(IsolationLevel::Autocommit);
        self.begins = !is_autocommit && info.has(Capability::Transactions);
        self.lease.set_token(options.logging_token.as_ref());
        self.options = options;
        Ok(())
    }

    /// Has each statement commit itself, for [`Engine::execute`](crate::Engine::execute), unless the
    /// options ask for transactions that read only. Nobody has set an option with this, and no
    /// listener is told.
    ///
    /// # Errors
    /// As [`execution_options`](Connection::execution_options).
    pub(crate) fn commit_each_statement(&mut self) -> Result<()> {
        if self.options.is_read_only() {
            return Ok(());
        }
        let mut options = self.options.clone();
        options.isolation_level = Some(IsolationLevel::Autocommit);
        // Without read_only it changes nothing.
        options.deferrable = None;
        self.adopt(options)
    }

    /// The options of this connection, and of its engine where it has none.
    pub fn get_execution_options(&self) -> &ExecutionOptions {
        &self.options
    }

    /// Sets the isolation level of the transactions to come on this connection. With
    /// [`Autocommit`](IsolationLevel::Autocommit) no transaction is begun: each statement commits
    /// itself, and a BEGIN in SQL text is respected.
    ///
    /// The level goes with each BEGIN: nothing in the session changes that would have to be restored.
    ///
    /// # Errors
    /// As [`execution_options`](Connection::execution_options).
    pub fn set_isolation_level(&mut self, level: IsolationLevel) -> Result<()> {
        self.execution_options(&ExecutionOptions::new().isolation_level(level)).map(drop)
    }

    /// The isolation level of this connection's transactions, `AUTOCOMMIT` when it has none: the one
    /// that was set, else what the session answers.
    ///
    /// # Errors
    /// `NotSupported` for a database that does not tell; what the database reports.
    pub fn get_isolation_level(&mut self) -> Result<IsolationLevel> {
        if let Some(level) = self.options.isolation_level {
            return Ok(level);
        }
        self.ready()?;
        let limits = self.own_limits()?;
        match self.lease.driver().get_option(option_key::ISOLATION_LEVEL, limits)? {
            Value::Text(level) => level.parse(),
            other => Err(Error::interface(format!(
                "the dialect says that the isolation level is {other:?}, which is no name"
            ))),
        }
    }

    /// How the transactions of this connection begin.
    pub(super) fn transaction_options(&self) -> TransactionOptions<'static> {
        let options = &self.options;
        let access = |read_only| match read_only {
            true => AccessMode::ReadOnly,
            false => AccessMode::ReadWrite,
        };
        TransactionOptions {
            isolation: options.isolation_level,
            access: options.read_only.map(access),
            deferrable: options.deferrable,
            mode: None,
        }
    }

    /// Limits of a call that begins now, by the options of this connection.
    pub(super) fn own_limits(&self) -> Result<Limits> {
        self.limits(&self.options)
    }

    /// Limits of a call that begins now, by these options.
    ///
    /// # Errors
    /// `NotSupported` for a timeout that the dialect does not honour.
    #[inline]
    pub(crate) fn limits(&self, options: &ExecutionOptions) -> Result<Limits> {
        let Some(timeout) = options.timeout else { return Ok(Limits::NONE) };
        check_timeout(self.dialect())?;
        Ok(Limits::within(timeout))
    }
}

/// Refuses options that contradict each other, or that the database lacks.
pub(super) fn check(options: &ExecutionOptions, info: &DialectInfo) -> Result<()> {
    let lacks = |what: &str| {
        Err(Error::not_supported(format!("this database has no {what}")).with_dialect(info.name))
    };
    if let Some(level) = options.isolation_level
        && !info.isolation_levels.contains(&level)
        && level != IsolationLevel::Autocommit
    {
        return Err(no_such_level(level, info));
    }
    if options.isolation_level == Some(IsolationLevel::Autocommit)
        && (options.read_only == Some(true) || options.deferrable == Some(true))
    {
        return Err(Error::argument(
            "read_only and deferrable are options of transactions, and with AUTOCOMMIT there are none",
        )
        .with_help("set another isolation level, or read_only in the URL where the dialect has it"));
    }
    if options.read_only == Some(true) && !info.has(Capability::ReadOnly) {
        return lacks("read-only transactions");
    }
    if options.deferrable == Some(true) && !info.has(Capability::Deferrable) {
        return lacks("deferrable transactions");
    }
    if options.timeout.is_some() { check_timeout(info) } else { Ok(()) }
}

fn check_timeout(info: &DialectInfo) -> Result<()> {
    if info.has(Capability::Deadlines) {
        return Ok(());
    }
    let error = Error::not_supported("`timeout` needs a dialect that honours deadlines")
        .with_dialect(info.name);
    if !info.has(Capability::Cancel) {
        return Err(error);
    }
    Err(error.with_help("cancel from another thread instead: Connection::cancel_handle"))
}

#[cold]
fn no_such_level(level: IsolationLevel, info: &DialectInfo) -> Error {
    let levels: Vec<&str> = info.isolation_levels.iter().map(|level| level.name()).collect();
    Error::not_supported(format!("`{}` has no isolation level {}", info.name, level.name()))
        .with_sqlstate("0A000")
        .with_help(format!("it has {}", levels.join(", ")))
}
