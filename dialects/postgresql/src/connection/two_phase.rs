//! Two-phase commit: transactions that the server keeps prepared until somebody decides.

use aludel::dbapi::{Call, TransactionOptions, TransactionState, TwoPhase};
use aludel::error::{Error, Result};

use super::postgresql::PostgresqlConnection;
use super::session::literal;
use super::transaction::rolled_back;

/// Longest identifier, in bytes: the server keeps 200 with the NUL at its end.
const MAX_IDENTIFIER: usize = 199;

/// Prepared transactions of all databases are listed; only those of this one can be ended here.
const PREPARED: &str = "SELECT gid FROM pg_catalog.pg_prepared_xacts \
     WHERE database = pg_catalog.current_database() ORDER BY prepared, gid";

impl PostgresqlConnection {
    /// Begins, prepares or ends a two-phase transaction.
    ///
    /// Beginning it tells the server no identifier: that comes with the first phase. Until then the
    /// second phase is that of an ordinary transaction, as in PEP 249; after it, any connection to
    /// the database that is in no transaction can do it.
    pub(super) fn do_two_phase(
        &mut self,
        operation: TwoPhase,
        xid: &str,
        call: &Call<'_>,
    ) -> Result<()> {
        check_identifier(xid)?;
        let is_own = self.two_phase.as_deref() == Some(xid);
        match operation {
            TwoPhase::Begin => self.begin_two_phase(xid, call),
            TwoPhase::Prepare => self.prepare_transaction(xid, call),
            TwoPhase::Commit if is_own => self.commit_transaction(call),
            TwoPhase::Rollback if is_own => self.rollback_transaction(call),
            TwoPhase::Commit => self.end_prepared("COMMIT PREPARED", xid, call),
            TwoPhase::Rollback => self.end_prepared("ROLLBACK PREPARED", xid, call),
        }
    }

    fn begin_two_phase(&mut self, xid: &str, call: &Call<'_>) -> Result<()> {
        if self.is_autocommit {
            return Err(Error::invalid_request(
                "a two-phase transaction cannot begin while the session commits each statement",
            )
            .with_sqlstate("25000")
            .with_help("set another isolation level than AUTOCOMMIT"));
        }
        self.begin_transaction(&TransactionOptions::default(), call)?;
        self.two_phase = Some(xid.to_owned());
        Ok(())
    }

    fn prepare_transaction(&mut self, xid: &str, call: &Call<'_>) -> Result<()> {
        let _running = self.start(call)?;
        if self.link.transaction_state() == TransactionState::Idle {
            // The server would only warn of it.
            return Err(Error::invalid_request("there is no transaction to be prepared")
                .with_sqlstate("25P01")
                .with_help("begin one first"));
        }
        let sql = format!("PREPARE TRANSACTION {}", literal(xid));
        self.two_phase = None;
        if self.link.has_failed_to_begin() {
            self.link.forget_put_off();
            return Err(rolled_back());
        }
        let tag = self.link.command(&sql)?;
        if tag == "ROLLBACK" { Err(rolled_back()) } else { Ok(()) }
    }

    fn end_prepared(&mut self, command: &str, xid: &str, call: &Call<'_>) -> Result<()> {
        let _running = self.start(call)?;
        if self.link.transaction_state() != TransactionState::Idle {
            return Err(Error::invalid_request(
                "a prepared transaction cannot be ended inside a transaction",
            )
            .with_sqlstate("25001")
            .with_help("commit or roll back first, or use another connection"));
        }
        let sql = format!("{command} {}", literal(xid));
        self.link.command(&sql).map(drop)
    }

    /// Identifiers of the transactions that are prepared in this database, the oldest first.
    pub(super) fn prepared_transactions(&mut self, call: &Call<'_>) -> Result<Vec<String>> {
        let _running = self.start(call)?;
        let rows = self.link.apart(|link| link.rows_of(PREPARED))?;
        let texts = rows.into_iter().flatten().flatten();
        Ok(texts.map(|text| String::from_utf8_lossy(&text).into_owned()).collect())
    }
}

fn check_identifier(xid: &str) -> Result<()> {
    let problem = if xid.contains('\0') {
        "holds a NUL byte".to_owned()
    } else if xid.len() > MAX_IDENTIFIER {
        format!("has {} bytes, and PostgreSQL takes at most {MAX_IDENTIFIER}", xid.len())
    } else {
        return Ok(());
    };
    Err(Error::argument(format!("the identifier of a two-phase transaction {problem}")))
}
