//! The connection: its state, and aludel's trait over the parts in other files.

use std::cell::Cell;
use std::ffi::c_int;
use std::sync::Arc;

use aludel::dbapi::{
    Call, Cancel, Connection, PrepareOptions, Prepared, ReflectFilter, ReflectKind, Savepoint,
    ServerInfo, TransactionOptions, TransactionState,
};
use aludel::error::{Error, Result};
use aludel::value::{Value, ValueRef};
use rusqlite::ffi;

use crate::busy::{install_busy_handler, install_progress_handler};
use crate::cancel::SqliteCancel;
use crate::error::Failure;
use crate::fixed::FixedStatements;
use crate::handle::Handle;
use crate::location::Memory;
use crate::session::Session;
use crate::shared::Shared;
use crate::statement::SqliteStatement;
use crate::transaction::Transaction;

// SAFETY: declared as sqlite3.h does.
unsafe extern "C" {
    /// Closes a connection, later when statements are still there; left out of the bindings.
    fn sqlite3_close_v2(db: *mut ffi::sqlite3) -> c_int;
}

/// A connection to a SQLite database.
pub struct SqliteConnection {
    pub(crate) db: Handle,
    /// Opens and closes; taken when the connection is dropped.
    owner: Option<rusqlite::Connection>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) fixed: FixedStatements,
    pub(crate) transaction: Transaction,
    pub(crate) session: Session,
    /// The session as the URL asked for it.
    pub(crate) initial: Session,
    /// Whether a transaction was open when the running call began.
    was_in_transaction: bool,
    has_progress_handler: Cell<bool>,
    /// The database is in memory and shared with the other connections of the engine alone.
    is_of_engine: bool,
}

impl SqliteConnection {
    /// # Safety
    /// `db` is the handle of `owner`, whose handlers may use `shared`.
    pub(crate) unsafe fn new(
        owner: rusqlite::Connection,
        db: Handle,
        shared: Arc<Shared>,
        session: Session,
    ) -> Self {
        SqliteConnection {
            db,
            owner: Some(owner),
            shared,
            fixed: FixedStatements::default(),
            transaction: Transaction::default(),
            initial: session.clone(),
            session,
            was_in_transaction: false,
            has_progress_handler: Cell::new(false),
            is_of_engine: false,
        }
    }

    /// Says whose the database is.
    pub(crate) fn set_memory(&mut self, memory: Option<Memory>) {
        self.is_of_engine = memory == Some(Memory::Engine);
        if self.is_of_engine {
            self.db.set_memory_limit();
        }
    }

    /// Begins a call that works in the transaction.
    ///
    /// # Errors
    /// When the transaction is aborted, or the deadline has passed.
    #[inline(always)]
    pub(crate) fn start(&mut self, call: &Call<'_>) -> Result<()> {
        if self.transaction.is_aborted() {
            return Err(self.transaction.refusal());
        }
        if self.shared.control.start(call)? {
            self.watch();
        }
        self.was_in_transaction = self.db.in_transaction();
        Ok(())
    }

    /// Begins a call that waits for nobody and must be made in any case.
    pub(crate) fn start_unlimited(&mut self) {
        self.shared.control.start_unlimited();
        self.was_in_transaction = false;
    }

    /// A wait for a lock that was given up is remembered by SQLite until a statement runs; preparing
    /// reads the schema before that and would give up at once. Setting the handler forgets it.
    pub(crate) fn wait_for_locks_again(&self) {
        // SAFETY: statements and cancel handles keep `shared` alive, and with it the control.
        unsafe { install_busy_handler(self.db, &self.shared.control) };
    }

    /// Lets running statements be stopped. From then on SQLite asks now and then.
    fn watch(&self) {
        if !self.has_progress_handler.replace(true) {
            // SAFETY: statements and cancel handles keep `shared` alive, and with it the control.
            unsafe { install_progress_handler(self.db, &self.shared.control) };
        }
    }

    /// The error of the SQLite call that has just returned `code`.
    #[cold]
    pub(crate) fn failure(&mut self, code: c_int) -> Error {
        let failure = self.db.failure(code);
        self.error(failure)
    }

    /// The error, and what it did to the transaction.
    #[cold]
    pub(crate) fn error(&mut self, failure: Failure) -> Error {
        let help = failure.help_in_shared_memory().filter(|_| self.is_of_engine);
        let mut error = failure.into_error_of_call(self.shared.control.stop());
        if let Some(help) = help {
            error = error.with_help(help);
        }
        if !self.was_in_transaction || self.db.in_transaction() {
            return error;
        }
        self.transaction.note_abort();
        let error = error.transaction_aborted();
        if error.help().is_some() {
            return error;
        }
        error.with_help("SQLite has rolled the whole transaction back; run it again")
    }
}

impl Drop for SqliteConnection {
    fn drop(&mut self) {
        let (owner, db) = (self.owner.take(), self.db);
        // SAFETY: a connection that is dropped is used by nobody else.
        unsafe {
            self.fixed.finalize();
            self.shared.close(|| {
                let Some(Err((owner, _))) = owner.map(rusqlite::Connection::close) else { return };
                // A statement has outlived its connection: the database closes with the statement.
                // The owner is forgotten, so that it does not close a second time.
                sqlite3_close_v2(db.raw());
                std::mem::forget(owner);
            });
        }
    }
}

impl Connection for SqliteConnection {
    type Statement = SqliteStatement;

    fn prepare(
        &mut self,
        sql: &str,
        options: PrepareOptions,
        call: &Call<'_>,
    ) -> Result<Prepared<SqliteStatement>> {
        self.prepare_first(sql, options, call)
    }

    fn begin(&mut self, options: &TransactionOptions<'_>, call: &Call<'_>) -> Result<()> {
        self.begin_transaction(options, call)
    }

    fn commit(&mut self, call: &Call<'_>) -> Result<()> {
        self.commit_transaction(call)
    }

    /// Rolls back also when the deadline has passed: it waits for nobody.
    fn rollback(&mut self, _call: &Call<'_>) -> Result<()> {
        self.rollback_transaction()
    }

    fn savepoint(&mut self, operation: Savepoint, name: &str, call: &Call<'_>) -> Result<()> {
        self.use_savepoint(operation, name, call)
    }

    /// A database in this process is there as long as its handle; nothing is executed.
    fn ping(&mut self, call: &Call<'_>) -> Result<()> {
        call.check()
    }

    fn reset_session(&mut self, call: &Call<'_>) -> Result<()> {
        self.rollback_transaction()?;
        self.restore_session(call)
    }

    fn transaction_state(&self) -> TransactionState {
        if self.transaction.is_aborted() {
            TransactionState::Aborted
        } else if self.db.in_transaction() {
            TransactionState::Active
        } else {
            TransactionState::Idle
        }
    }

    fn cancel_handle(&self) -> Option<Box<dyn Cancel>> {
        self.watch();
        Some(Box::new(SqliteCancel::new(&self.shared)))
    }

    fn get_option(&mut self, key: &str, call: &Call<'_>) -> Result<Value> {
        self.session_value(key, call)
    }

    fn set_option(&mut self, key: &str, value: ValueRef<'_>, call: &Call<'_>) -> Result<()> {
        self.set_session_value(key, value, call)
    }

    fn reflect(
        &mut self,
        kind: ReflectKind,
        filter: &ReflectFilter<'_>,
        call: &Call<'_>,
    ) -> Result<SqliteStatement> {
        self.prepare_reflection(kind, filter, call)
    }

    fn server_info(&mut self, call: &Call<'_>) -> Result<ServerInfo> {
        call.check()?;
        Ok(ServerInfo::new("SQLite", rusqlite::version()))
    }
}
