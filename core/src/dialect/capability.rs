//! What a dialect can do, by name.

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Something that not every database or driver offers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Capability {
            $($(#[$doc])* $name,)*
        }

        impl Capability {
            /// All of them.
            pub const ALL: &'static [Capability] = &[$(Capability::$name),*];

            /// The name in notes, reports and documentation.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Capability::$name => $text,)*
                }
            }

            /// The capability of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Capability::$name),)*
                    _ => None,
                }
            }
        }
    };
}

capabilities! {
    /// Transactions: begin, commit, rollback.
    Transactions = "transactions",
    /// Savepoints.
    Savepoints = "savepoints",
    /// Two-phase commit with recovery.
    TwoPhase = "two_phase",
    /// DDL can be rolled back.
    TransactionalDdl = "transactional_ddl",
    /// Read-only transactions.
    ReadOnly = "read_only",
    /// Deferrable transactions.
    Deferrable = "deferrable",
    /// Deadlines of calls are honoured by the driver itself.
    Deadlines = "deadlines",
    /// Cancelling from another thread.
    Cancel = "cancel",
    /// Several statements of a connection may be active at once.
    MultipleActive = "multiple_active",
    /// executemany in fewer round trips than rows.
    ExecuteMany = "execute_many",
    /// Rows stream: a large result needs no more memory than a batch.
    Streaming = "streaming",
    /// Several results of one statement.
    MultipleResults = "multiple_results",
    /// Stored procedures with out parameters.
    CallProcedure = "call_procedure",
    /// INSERT … RETURNING.
    InsertReturning = "insert_returning",
    /// UPDATE … RETURNING.
    UpdateReturning = "update_returning",
    /// DELETE … RETURNING.
    DeleteReturning = "delete_returning",
    /// The key of the last inserted row.
    LastInsertId = "last_insert_id",
    /// Notices and warnings of the server.
    Notices = "notices",
    /// Asynchronous notifications.
    Notifications = "notifications",
    /// Bulk loading.
    BulkIn = "bulk_in",
    /// Bulk unloading.
    BulkOut = "bulk_out",
    /// Ping.
    Ping = "ping",
    /// Resetting the session.
    ResetSession = "reset_session",
    /// Session options.
    SessionOptions = "session_options",
    /// Reflection.
    Reflection = "reflection",
    /// Prepared statements tell their parameters before they are executed.
    DescribeParameters = "describe_parameters",
}
