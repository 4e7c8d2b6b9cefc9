//! Transactions and savepoints. BEGIN travels with the first statement.

use aludel::dbapi::{
    AccessMode, Call, IsolationLevel, Savepoint, TransactionOptions, TransactionState,
};
use aludel::dialect::SqlRules;
use aludel::error::{Error, Result};

use super::postgresql::PostgresqlConnection;

impl PostgresqlConnection {
    pub(super) fn begin_transaction(
        &mut self,
        options: &TransactionOptions<'_>,
        call: &Call<'_>,
    ) -> Result<()> {
        let sql = begin_sql(options)?;
        let _running = self.start(call)?;
        if self.link.transaction_state() != TransactionState::Idle {
            return Err(already_begun());
        }
        self.link.role().is_read_only_transaction = options.access == Some(AccessMode::ReadOnly);
        match sql {
            Some(sql) if !self.is_autocommit || options.isolation.is_some() => {
                self.link.put_off_one(sql);
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn commit_transaction(&mut self, call: &Call<'_>) -> Result<()> {
        let _running = self.start(call)?;
        self.two_phase = None;
        let has_begun = !self.link.has_failed_to_begin();
        if self.end_unsent() {
            return if has_begun { Ok(()) } else { Err(rolled_back()) };
        }
        let tag = self.link.command("COMMIT")?;
        if tag == "ROLLBACK" { Err(self.link.talk.with_reason(rolled_back())) } else { Ok(()) }
    }

    pub(super) fn rollback_transaction(&mut self, call: &Call<'_>) -> Result<()> {
        self.give_up_bulk(call)?;
        let _running = self.start(call)?;
        self.two_phase = None;
        if self.end_unsent() {
            return Ok(());
        }
        self.link.command("ROLLBACK").map(drop)
    }

    /// Ends a transaction of which the server has not heard; true when there is nothing more to end.
    fn end_unsent(&mut self) -> bool {
        self.link.forget_put_off();
        self.link.server_state() == TransactionState::Idle
    }

    pub(super) fn use_savepoint(
        &mut self,
        operation: Savepoint,
        name: &str,
        call: &Call<'_>,
    ) -> Result<()> {
        if name.contains('\0') {
            return Err(Error::argument("the name of a savepoint cannot hold a NUL byte"));
        }
        let _running = self.start(call)?;
        let name = SqlRules::STANDARD.quote_identifier(name);
        let create = format!("SAVEPOINT {name}");
        let is_unsent = self.link.put_off().last() == Some(&create);
        let sql = match operation {
            Savepoint::Create => {
                if self.link.transaction_state() == TransactionState::Active {
                    // It cannot fail, and is there when the next statement needs it.
                    self.link.put_off_one(create);
                    return Ok(());
                }
                create
            }
            // Nothing has run since, so that there is nothing to keep or to undo.
            Savepoint::Release if is_unsent => {
                self.link.forget_last_put_off();
                return Ok(());
            }
            Savepoint::RollbackTo if is_unsent => return Ok(()),
            Savepoint::Release => format!("RELEASE SAVEPOINT {name}"),
            Savepoint::RollbackTo => format!("ROLLBACK TO SAVEPOINT {name}"),
        };
        self.link.command(&sql).map(drop)
    }
}

/// The BEGIN for these options; `None` for autocommit.
fn begin_sql(options: &TransactionOptions<'_>) -> Result<Option<String>> {
    if let Some(mode) = options.mode {
        return Err(Error::not_supported(format!("PostgreSQL has no transaction mode {mode:?}"))
            .with_sqlstate("0A000"));
    }
    let mut sql = String::from("BEGIN");
    match options.isolation {
        None => {}
        Some(IsolationLevel::Autocommit) => return Ok(None),
        Some(IsolationLevel::Snapshot) => return Err(no_such_level("SNAPSHOT")),
        Some(level) => {
            sql.push_str(" ISOLATION LEVEL ");
            sql.push_str(level.name());
        }
    }
    match options.access {
        None => {}
        Some(AccessMode::ReadOnly) => sql.push_str(" READ ONLY"),
        Some(AccessMode::ReadWrite) => sql.push_str(" READ WRITE"),
    }
    match options.deferrable {
        None => {}
        Some(true) => sql.push_str(" DEFERRABLE"),
        Some(false) => sql.push_str(" NOT DEFERRABLE"),
    }
    Ok(Some(sql))
}

/// The error for an isolation level that PostgreSQL does not have.
#[cold]
pub(super) fn no_such_level(name: &str) -> Error {
    Error::not_supported(format!("PostgreSQL has no isolation level {name}"))
        .with_sqlstate("0A000")
        .with_help(
            "it has READ UNCOMMITTED, READ COMMITTED, REPEATABLE READ, SERIALIZABLE and AUTOCOMMIT",
        )
}

#[cold]
fn already_begun() -> Error {
    Error::invalid_request("a transaction has already begun on this connection")
        .with_sqlstate("25001")
        .with_help("commit or roll back first, or use a savepoint")
}

#[cold]
pub(super) fn rolled_back() -> Error {
    Error::operational(
        "the transaction was not committed but rolled back: an earlier error had aborted it",
    )
    .with_sqlstate("25P02")
    .with_help("run the transaction again")
    .transaction_aborted()
}
