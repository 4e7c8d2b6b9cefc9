//! The state of a session that outlives its transactions.

use std::time::Duration;

use aludel::dbapi::Call;
use aludel::error::{Error, Result};

use crate::begin_mode::BeginMode;
use crate::connection::SqliteConnection;

/// What the program has set, or the URL asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Session {
    pub(crate) begin: BeginMode,
    pub(crate) busy_timeout: Duration,
    pub(crate) foreign_keys: bool,
    pub(crate) read_only: bool,
    pub(crate) read_uncommitted: bool,
    pub(crate) autocommit: bool,
    /// Limit of every call; zero for none.
    pub(crate) statement_timeout: Duration,
}

impl SqliteConnection {
    /// Makes the new connection's session what the URL asks for.
    pub(crate) fn apply_session(&mut self) -> Result<()> {
        let wanted = self.session.clone();
        self.set_busy_timeout(wanted.busy_timeout);
        self.set_statement_timeout(wanted.statement_timeout);
        self.db.set_foreign_keys(wanted.foreign_keys);
        if wanted.read_only {
            self.set_pragma("query_only", true)?;
        }
        Ok(())
    }

    /// Takes back what was set since connecting through this interface. Temporary tables, attached
    /// databases, and pragmas that were set by SQL text stay, save foreign_keys.
    pub(crate) fn restore_session(&mut self, call: &Call<'_>) -> Result<()> {
        self.start(call)?;
        let initial = self.initial.clone();
        if self.session.read_only != initial.read_only {
            self.set_pragma("query_only", initial.read_only)?;
        }
        if self.session.read_uncommitted != initial.read_uncommitted {
            self.set_pragma("read_uncommitted", initial.read_uncommitted)?;
        }
        self.set_busy_timeout(initial.busy_timeout);
        self.set_statement_timeout(initial.statement_timeout);
        self.db.set_foreign_keys(initial.foreign_keys);
        self.session = initial;
        Ok(())
    }

    pub(crate) fn set_busy_timeout(&mut self, timeout: Duration) {
        self.shared.control.set_busy_timeout(timeout);
        self.session.busy_timeout = timeout;
    }

    pub(crate) fn set_statement_timeout(&mut self, timeout: Duration) {
        self.shared.control.set_statement_timeout(timeout);
        self.session.statement_timeout = timeout;
    }

    pub(crate) fn set_foreign_keys(&mut self, on: bool) -> Result<()> {
        self.refuse_in_transaction("foreign_keys")?;
        self.db.set_foreign_keys(on);
        self.session.foreign_keys = on;
        Ok(())
    }

    pub(crate) fn set_read_only(&mut self, on: bool) -> Result<()> {
        self.set_pragma("query_only", on)?;
        self.session.read_only = on;
        Ok(())
    }

    /// Sets the isolation of transactions to come.
    pub(crate) fn set_isolation(&mut self, read_uncommitted: bool, autocommit: bool) -> Result<()> {
        self.refuse_in_transaction("isolation_level")?;
        if self.session.read_uncommitted != read_uncommitted {
            self.set_pragma("read_uncommitted", read_uncommitted)?;
        }
        self.session.read_uncommitted = read_uncommitted;
        self.session.autocommit = autocommit;
        Ok(())
    }

    fn refuse_in_transaction(&self, key: &str) -> Result<()> {
        if !self.db.in_transaction() {
            return Ok(());
        }
        Err(Error::invalid_request(format!("`{key}` cannot be changed inside a transaction"))
            .with_sqlstate("25001")
            .with_help("commit or roll back first"))
    }
}
