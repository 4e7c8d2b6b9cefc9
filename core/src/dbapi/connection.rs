//! The connection that an author implements.

use super::statement::not_supported;
use super::{
    BulkChunk, BulkSpec, Call, Cancel, Notice, Notification, ReflectFilter, ReflectKind, Savepoint,
    ServerInfo, Statement, TransactionOptions, TransactionState, TwoPhase,
};
use crate::error::Result;
use crate::value::{Value, ValueRef};

/// How a statement is prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PrepareOptions {
    /// The statement will be executed once: the server need not keep it.
    pub one_shot: bool,
}

/// A prepared statement, and how much of the text it took.
pub struct Prepared<S> {
    /// The statement; `None` when the text holds none (white space, comments).
    pub statement: Option<S>,
    /// Bytes of the text up to the next statement, separator included.
    pub consumed: usize,
}

/// How far a script came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScriptOutcome {
    /// Bytes of the text up to the end of the last statement that succeeded.
    pub consumed: usize,
    /// Sum of the rows that its statements changed.
    pub affected: u64,
}

/// Whether a parameter of a procedure goes in, comes out, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamDirection {
    /// IN.
    In,
    /// OUT.
    Out,
    /// INOUT.
    InOut,
}

/// A connection to a database. Dropping it closes it without waiting for the server.
///
/// Only [`prepare`](Connection::prepare) must be written. Names and meanings are PEP 249's.
pub trait Connection: Send + Sized + 'static {
    /// The statements of this connection.
    type Statement: Statement<Connection = Self>;

    /// Prepares the first statement of the text. A driver may put off asking the server until the
    /// first execution, so that one flight carries all of it.
    ///
    /// # Errors
    /// `Programming` for a statement that the database refuses.
    fn prepare(
        &mut self,
        sql: &str,
        options: PrepareOptions,
        call: &Call<'_>,
    ) -> Result<Prepared<Self::Statement>>;

    /// Executes all statements of the text and discards their rows. The default prepares and
    /// executes one after the other. `outcome` is filled in also when a statement fails.
    ///
    /// # Errors
    /// That of the first statement that fails; those before it stay.
    fn execute_script(
        &mut self,
        sql: &str,
        outcome: &mut ScriptOutcome,
        call: &Call<'_>,
    ) -> Result<()> {
        crate::abi::shim::execute_script(self, sql, outcome, call)
    }

    /// Prepares the call of a stored procedure; executing it delivers its results, then (as the
    /// last one) a row of [out parameters](super::RowWriter::out_parameters).
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn prepare_call(
        &mut self,
        procedure: &str,
        directions: &[ParamDirection],
        call: &Call<'_>,
    ) -> Result<Self::Statement> {
        let _ = (procedure, directions, call);
        Err(not_supported("calling procedures"))
    }

    /// Begins a transaction. May be put off and sent together with the first statement.
    ///
    /// # Errors
    /// `NotSupported` by default, and for options that the database does not have.
    fn begin(&mut self, options: &TransactionOptions<'_>, call: &Call<'_>) -> Result<()> {
        let _ = (options, call);
        Err(not_supported("beginning a transaction"))
    }

    /// Commits.
    ///
    /// # Errors
    /// `NotSupported` by default; `Integrity` for deferred constraints.
    fn commit(&mut self, call: &Call<'_>) -> Result<()> {
        let _ = call;
        Err(not_supported("commit"))
    }

    /// Rolls back; succeeds when there is no transaction.
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn rollback(&mut self, call: &Call<'_>) -> Result<()> {
        let _ = call;
        Err(not_supported("rollback"))
    }

    /// Creates, releases or rolls back to a savepoint; `name` is not quoted yet.
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn savepoint(&mut self, operation: Savepoint, name: &str, call: &Call<'_>) -> Result<()> {
        let _ = (operation, name, call);
        Err(not_supported("savepoints"))
    }

    /// Two-phase commit (PEP 249 `tpc_begin`, `tpc_prepare`, `tpc_commit`, `tpc_rollback`).
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn two_phase(&mut self, operation: TwoPhase, xid: &str, call: &Call<'_>) -> Result<()> {
        let _ = (operation, xid, call);
        Err(not_supported("two-phase commit"))
    }

    /// Identifiers of prepared transactions (PEP 249 `tpc_recover`).
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn recover(&mut self, call: &Call<'_>) -> Result<Vec<String>> {
        let _ = call;
        Err(not_supported("recovering two-phase transactions"))
    }

    /// Asks the server for a sign of life and leaves session and transaction as they are.
    ///
    /// # Errors
    /// `NotSupported` by default (the host then executes the dialect's ping statement); else a
    /// [disconnect](crate::Error::is_disconnect).
    fn ping(&mut self, call: &Call<'_>) -> Result<()> {
        let _ = call;
        Err(not_supported("ping"))
    }

    /// Rolls back and brings the session to its state after connecting.
    ///
    /// # Errors
    /// `NotSupported` by default (the host then rolls back).
    fn reset_session(&mut self, call: &Call<'_>) -> Result<()> {
        let _ = call;
        Err(not_supported("resetting the session"))
    }

    /// False when the connection is known to be gone. Never waits.
    fn is_alive(&self) -> bool {
        true
    }

    /// What is known of the transaction. Never waits.
    fn transaction_state(&self) -> TransactionState {
        TransactionState::Unknown
    }

    /// A handle for cancelling from other threads; `None` when the driver cannot.
    fn cancel_handle(&self) -> Option<Box<dyn Cancel>> {
        None
    }

    /// Reads a session option, by a key of [`dialect::option_key`](crate::dialect::option_key) or
    /// one of the dialect's own.
    ///
    /// # Errors
    /// `NotSupported` by default and for unknown keys.
    fn get_option(&mut self, key: &str, call: &Call<'_>) -> Result<Value> {
        let _ = call;
        Err(not_supported(&format!("session option `{key}`")))
    }

    /// Sets a session option.
    ///
    /// # Errors
    /// `NotSupported` by default and for unknown keys; `Argument` for values out of range.
    fn set_option(&mut self, key: &str, value: ValueRef<'_>, call: &Call<'_>) -> Result<()> {
        let _ = (value, call);
        Err(not_supported(&format!("session option `{key}`")))
    }

    /// The oldest notice of the server that has not been taken yet. Never waits.
    fn next_notice(&mut self) -> Option<Notice> {
        None
    }

    /// The next notification; waits until the deadline, `None` when none came.
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn next_notification(&mut self, call: &Call<'_>) -> Result<Option<Notification>> {
        let _ = call;
        Err(not_supported("notifications"))
    }

    /// Begins a bulk operation; nothing else is executed until it [ends](Connection::bulk_end).
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn bulk_begin(&mut self, spec: &BulkSpec<'_>, call: &Call<'_>) -> Result<()> {
        let _ = (spec, call);
        Err(not_supported("bulk operations"))
    }

    /// Sends a piece of a bulk operation.
    ///
    /// # Errors
    /// What the database reports; the operation must still be ended.
    fn bulk_write(&mut self, chunk: BulkChunk<'_>, call: &Call<'_>) -> Result<()> {
        let _ = (chunk, call);
        Err(not_supported("bulk operations"))
    }

    /// Receives a piece of a bulk operation, lent until the next call; `None` at the end.
    ///
    /// # Errors
    /// As [`bulk_write`](Connection::bulk_write).
    fn bulk_read(&mut self, call: &Call<'_>) -> Result<Option<&[u8]>> {
        let _ = call;
        Err(not_supported("bulk operations"))
    }

    /// Ends a bulk operation, keeps or abandons it, and tells how many rows it moved.
    ///
    /// # Errors
    /// What the database reports; the connection is free for other statements afterwards.
    fn bulk_end(&mut self, commit: bool, call: &Call<'_>) -> Result<u64> {
        let _ = (commit, call);
        Err(not_supported("bulk operations"))
    }

    /// A statement without parameters whose rows answer a question about the schema, with the
    /// columns that [`ReflectKind`] documents.
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn reflect(
        &mut self,
        kind: ReflectKind,
        filter: &ReflectFilter<'_>,
        call: &Call<'_>,
    ) -> Result<Self::Statement> {
        let _ = (kind, filter, call);
        Err(not_supported("reflection"))
    }

    /// What is known of the server.
    ///
    /// # Errors
    /// `NotSupported` by default.
    fn server_info(&mut self, call: &Call<'_>) -> Result<ServerInfo> {
        let _ = call;
        Err(not_supported("information about the server"))
    }

    /// Says goodbye to the server. The connection is dropped afterwards.
    ///
    /// # Errors
    /// When the server could not be told; the connection is dropped all the same.
    fn close(&mut self, call: &Call<'_>) -> Result<()> {
        let _ = call;
        Ok(())
    }
}
