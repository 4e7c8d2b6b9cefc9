//! The dialect: what it says about itself, and its entry points.

use aludel::abi::{StaticDialect, static_dialect};
use aludel::dbapi::{Call, IsolationLevel};
use aludel::dialect::{Capability, ConnectArgs, ConnectPlan, Dialect, DialectInfo};
use aludel::error::Result;

use crate::config::{self, Config};
use crate::connection::PostgresqlConnection;
use crate::net::Deadline;
use crate::{info, startup};

/// The PostgreSQL dialect.
#[derive(Debug, Clone, Copy)]
pub struct Postgresql;

/// The dialect, to be linked into a program.
pub const fn dialect() -> StaticDialect {
    static_dialect::<Postgresql>()
}

const CAPABILITIES: &[Capability] = &[
    Capability::Transactions,
    Capability::Savepoints,
    Capability::TwoPhase,
    Capability::TransactionalDdl,
    Capability::ReadOnly,
    Capability::Deferrable,
    Capability::Deadlines,
    Capability::Cancel,
    Capability::ExecuteMany,
    Capability::Streaming,
    Capability::InsertReturning,
    Capability::UpdateReturning,
    Capability::DeleteReturning,
    Capability::Notices,
    Capability::BulkIn,
    Capability::BulkOut,
    Capability::Notifications,
    Capability::Ping,
    Capability::ResetSession,
    Capability::SessionOptions,
    Capability::Reflection,
];

impl Dialect for Postgresql {
    type Connection = PostgresqlConnection;

    const INFO: DialectInfo = DialectInfo {
        description: "PostgreSQL, by a blocking client of our own.",
        aliases: info::ALIASES,
        drivers: info::DRIVERS,
        default_port: 5432,
        rules: info::RULES,
        capabilities: CAPABILITIES,
        isolation_levels: &[
            IsolationLevel::ReadUncommitted,
            IsolationLevel::ReadCommitted,
            IsolationLevel::RepeatableRead,
            IsolationLevel::Serializable,
            IsolationLevel::Autocommit,
        ],
        reserved_words: info::WORDS,
        type_names: info::TYPE_NAMES,
        ping_statement: "select 1",
        options: config::OPTIONS,
        license: "MIT OR Apache-2.0",
        homepage: "https://www.postgresql.org",
        ..DialectInfo::new("postgresql", env!("CARGO_PKG_VERSION"))
    };

    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<PostgresqlConnection> {
        let config = Config::from_args(args)?;
        let session = startup::connect(&config, Deadline::of(call))?;
        Ok(PostgresqlConnection::new(session, &config))
    }

    fn create_connect_args(args: &ConnectArgs<'_>) -> Result<ConnectPlan> {
        config::plan(args)
    }
}

/// Compiles the examples of the page for users.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/postgresql.md")]
struct Page;
