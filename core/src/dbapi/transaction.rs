//! How transactions begin, nest and end.

use crate::abi::layout::numbered;
use crate::error::{Error, Result};

macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* }) => {
        numbered! { $(#[$meta])* pub enum $name { $($body)* } }

        impl $name {
            /// The value of an ABI number, where there is one.
            pub const fn from_code(code: u32) -> Option<Self> {
                Self::known(code)
            }
        }
    };
}

codes! {
    /// Isolation levels of ISO/IEC 9075-2, and two that databases add.
    pub enum IsolationLevel {
        /// READ UNCOMMITTED.
        ReadUncommitted = 1,
        /// READ COMMITTED.
        ReadCommitted = 2,
        /// REPEATABLE READ.
        RepeatableRead = 3,
        /// SERIALIZABLE.
        Serializable = 4,
        /// SNAPSHOT (SQL Server).
        Snapshot = 5,
        /// No transaction: each statement commits itself (SQLAlchemy's AUTOCOMMIT).
        Autocommit = 6,
    }
}

codes! {
    /// Whether a transaction may write.
    pub enum AccessMode {
        /// READ WRITE.
        ReadWrite = 1,
        /// READ ONLY.
        ReadOnly = 2,
    }
}

codes! {
    /// What to do with a savepoint.
    pub enum Savepoint {
        /// SAVEPOINT name.
        Create = 1,
        /// RELEASE SAVEPOINT name.
        Release = 2,
        /// ROLLBACK TO SAVEPOINT name.
        RollbackTo = 3,
    }
}

codes! {
    /// What to do with a two-phase transaction (PEP 249 `tpc_*`).
    pub enum TwoPhase {
        /// Begins it.
        Begin = 1,
        /// First phase.
        Prepare = 2,
        /// Second phase: commit.
        Commit = 3,
        /// Second phase: roll back.
        Rollback = 4,
    }
}

codes! {
    /// What the driver knows of the transaction without asking the server.
    pub enum TransactionState {
        /// The driver does not track it.
        Unknown = 0,
        /// No transaction.
        Idle = 1,
        /// In a transaction.
        Active = 2,
        /// In a transaction that the database has aborted.
        Aborted = 3,
    }
}

impl IsolationLevel {
    /// The name in SQL.
    pub const fn name(self) -> &'static str {
        match self {
            IsolationLevel::ReadUncommitted => "READ UNCOMMITTED",
            IsolationLevel::ReadCommitted => "READ COMMITTED",
            IsolationLevel::RepeatableRead => "REPEATABLE READ",
            IsolationLevel::Serializable => "SERIALIZABLE",
            IsolationLevel::Snapshot => "SNAPSHOT",
            IsolationLevel::Autocommit => "AUTOCOMMIT",
        }
    }
}

impl std::fmt::Display for IsolationLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for IsolationLevel {
    type Err = Error;

    /// The name in SQL; without regard to case, and with `_` for a space.
    fn from_str(name: &str) -> Result<Self> {
        let normal = name.trim().to_ascii_uppercase().replace('_', " ");
        let all = (1..).map_while(Self::from_code);
        all.clone().find(|level| level.name() == normal).ok_or_else(|| {
            let names: Vec<&str> = all.map(Self::name).collect();
            Error::argument(format!("{name:?} is no isolation level"))
                .with_help(format!("isolation levels are {}", names.join(", ")))
        })
    }
}

/// How a transaction begins; what is `None` is the session's default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TransactionOptions<'a> {
    /// Isolation level.
    pub isolation: Option<IsolationLevel>,
    /// Whether it may write.
    pub access: Option<AccessMode>,
    /// Whether a serializable read-only transaction may wait for a safe snapshot (PostgreSQL).
    pub deferrable: Option<bool>,
    /// A mode of the dialect's own (SQLite: `DEFERRED`, `IMMEDIATE`, `EXCLUSIVE`).
    pub mode: Option<&'a str>,
}
