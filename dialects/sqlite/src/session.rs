//! The state of a session that outlives its transactions.

use std::time::Duration;

use aludel::dbapi::Call;
use aludel::error::{Error, Result};

use crate::begin_mode::BeginMode;
use crate::connection::SqliteConnection;
use crate::run::run;

/// The statement that drops a temporary object; no row when there is none. Virtual tables come
/// first, because their own tables go with them.
const NEXT_TEMPORARY: &str = "select 'drop ' || type || ' temp.\"' || replace(name, '\"', '\"\"') || '\"' \
     from sqlite_temp_schema \
     where type in ('table', 'view', 'trigger') and name not like 'sqlite\\_%' escape '\\' \
     order by sql not like 'create virtual%', rowid desc limit 1";

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

    /// Takes back what was set since connecting through this interface, and drops what is temporary.
    /// Attached databases, and pragmas that were set by SQL text, stay, save foreign_keys.
    pub(crate) fn restore_session(&mut self, call: &Call<'_>) -> Result<()> {
        self.start(call)?;
        let initial = self.initial.clone();
        self.drop_temporary_objects()?;
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

    fn drop_temporary_objects(&mut self) -> Result<()> {
        if !self.db.has_temporary_database() {
            return Ok(());
        }
        let mut prepared = false;
        loop {
            let statement = run(self.db, NEXT_TEMPORARY).map_err(|failure| self.error(failure))?;
            let Some(statement) = statement else { break };
            if !std::mem::replace(&mut prepared, true) {
                self.set_pragma("query_only", false)?;
                // Rows that refer to a dropped table would keep it.
                self.db.set_foreign_keys(false);
            }
            run(self.db, &statement).map_err(|failure| self.error(failure))?;
        }
        if prepared { self.set_pragma("query_only", self.session.read_only) } else { Ok(()) }
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
