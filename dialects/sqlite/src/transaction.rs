//! Transactions and savepoints, always begun explicitly.

use aludel::dbapi::{AccessMode, Call, IsolationLevel, Savepoint, TransactionOptions};
use aludel::dialect::SqlRules;
use aludel::error::{Error, Result};

use crate::begin_mode::BeginMode;
use crate::connection::SqliteConnection;
use crate::fixed::Fixed;
use crate::run::run;

/// What the dialect knows of the transaction that [`begin`](aludel::dbapi::Connection::begin) began.
#[derive(Debug, Default)]
pub(crate) struct Transaction {
    begun: bool,
    /// SQLite has rolled it back after an error. What came next would commit itself, statement by
    /// statement, so nothing is executed before the rollback.
    aborted: bool,
    /// The session was made read only, or to read uncommitted data, for this transaction.
    changed_session: bool,
}

impl Transaction {
    #[inline(always)]
    pub(crate) fn is_aborted(&self) -> bool {
        self.aborted
    }

    /// Notes that SQLite has rolled back. A transaction that was begun by SQL text is the
    /// program's own business.
    pub(crate) fn note_abort(&mut self) {
        self.aborted = self.begun;
    }

    #[cold]
    pub(crate) fn refusal(&self) -> Error {
        Error::operational("the transaction is aborted: SQLite rolled it back after an error")
            .with_sqlstate("25P02")
            .with_help("roll back, then begin again")
            .transaction_aborted()
    }
}

/// How a transaction begins, checked.
struct Plan {
    mode: BeginMode,
    autocommit: bool,
    read_only: Option<bool>,
    read_uncommitted: Option<bool>,
}

impl Plan {
    fn new(options: &TransactionOptions<'_>, connection: &SqliteConnection) -> Result<Self> {
        let read_uncommitted = match options.isolation {
            None | Some(IsolationLevel::Autocommit) => None,
            Some(IsolationLevel::Serializable) => Some(false),
            Some(IsolationLevel::ReadUncommitted) => Some(true),
            Some(level) => return Err(no_such_level(level.name())),
        };
        if options.deferrable == Some(true) {
            return Err(Error::not_supported("SQLite has no deferrable transactions")
                .with_sqlstate("0A000"));
        }
        let mode = match options.mode {
            Some(word) => BeginMode::parse("the mode of a transaction", word)?,
            None => connection.session.begin,
        };
        let read_only = options.access.map(|access| access == AccessMode::ReadOnly);
        if read_only == Some(true) && options.mode.is_some() && mode != BeginMode::Deferred {
            return Err(Error::argument(format!(
                "a read-only transaction cannot be {}, which takes the write lock",
                mode.name()
            )));
        }
        let mode = if read_only == Some(true) { BeginMode::Deferred } else { mode };
        let autocommit = match options.isolation {
            None => connection.session.autocommit,
            Some(level) => level == IsolationLevel::Autocommit,
        };
        Ok(Plan { mode, autocommit, read_only, read_uncommitted })
    }
}

/// The error for an isolation level that SQLite does not have.
#[cold]
pub(crate) fn no_such_level(name: &str) -> Error {
    Error::not_supported(format!("SQLite has no isolation level {name}"))
        .with_sqlstate("0A000")
        .with_help("it has SERIALIZABLE, READ UNCOMMITTED and AUTOCOMMIT")
}

impl SqliteConnection {
    pub(crate) fn begin_transaction(
        &mut self,
        options: &TransactionOptions<'_>,
        call: &Call<'_>,
    ) -> Result<()> {
        let plan = Plan::new(options, self)?;
        self.start(call)?;
        // The last transaction may have been ended by SQL text.
        self.end_of_transaction()?;
        if plan.autocommit {
            return Ok(());
        }
        if let Err(failure) = self.fixed.run(self.db, Fixed::Begin(plan.mode)) {
            return Err(self.error(failure));
        }
        self.transaction.begun = true;
        let changed = self.change_for_transaction(&plan);
        if changed.is_err() {
            self.rollback_transaction()?;
        }
        changed
    }

    fn change_for_transaction(&mut self, plan: &Plan) -> Result<()> {
        let pragmas = [
            ("query_only", plan.read_only, self.session.read_only),
            ("read_uncommitted", plan.read_uncommitted, self.session.read_uncommitted),
        ];
        for (name, wanted, now) in pragmas {
            if let Some(wanted) = wanted.filter(|wanted| *wanted != now) {
                self.transaction.changed_session = true;
                self.set_pragma(name, wanted)?;
            }
        }
        Ok(())
    }

    pub(crate) fn commit_transaction(&mut self, call: &Call<'_>) -> Result<()> {
        self.start(call)?;
        if self.db.in_transaction()
            && let Err(failure) = self.fixed.run(self.db, Fixed::Commit)
        {
            return Err(self.error(failure));
        }
        self.end_of_transaction()
    }

    pub(crate) fn rollback_transaction(&mut self) -> Result<()> {
        self.start_unlimited();
        if self.db.in_transaction()
            && let Err(failure) = self.fixed.run(self.db, Fixed::Rollback)
        {
            return Err(self.error(failure));
        }
        self.end_of_transaction()
    }

    fn end_of_transaction(&mut self) -> Result<()> {
        self.transaction.begun = false;
        self.transaction.aborted = false;
        if !self.transaction.changed_session {
            return Ok(());
        }
        self.set_pragma("query_only", self.session.read_only)?;
        self.set_pragma("read_uncommitted", self.session.read_uncommitted)?;
        self.transaction.changed_session = false;
        Ok(())
    }

    /// Switches a pragma of this connection.
    pub(crate) fn set_pragma(&mut self, name: &str, on: bool) -> Result<()> {
        match run(self.db, &format!("PRAGMA {name}={}", u8::from(on))) {
            Ok(_) => Ok(()),
            Err(failure) => Err(self.error(failure)),
        }
    }

    pub(crate) fn use_savepoint(
        &mut self,
        operation: Savepoint,
        name: &str,
        call: &Call<'_>,
    ) -> Result<()> {
        if name.contains('\0') {
            return Err(Error::argument("the name of a savepoint cannot hold a NUL byte"));
        }
        self.start(call)?;
        let verb = match operation {
            Savepoint::Create => "SAVEPOINT",
            Savepoint::Release => "RELEASE SAVEPOINT",
            Savepoint::RollbackTo => "ROLLBACK TO SAVEPOINT",
        };
        let sql = format!("{verb} {}", SqlRules::STANDARD.quote_identifier(name));
        match run(self.db, &sql) {
            Ok(_) => Ok(()),
            Err(failure) => Err(self.error(failure)),
        }
    }
}
