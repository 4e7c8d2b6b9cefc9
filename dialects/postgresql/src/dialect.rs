//! The dialect: what it says about itself, and its entry points.

use aludel::abi::{StaticDialect, static_dialect};
use aludel::dbapi::{Call, IsolationLevel};
use aludel::dialect::{
    Capability, ConnectArgs, ConnectPlan, Dialect, DialectInfo, IdentifierCase, ParamStyle,
    SqlRules,
};
use aludel::error::Result;

use crate::config::Config;
use crate::connection::PostgresqlConnection;
use crate::net::Deadline;
use crate::startup;

/// The PostgreSQL dialect.
#[derive(Debug, Clone, Copy)]
pub struct Postgresql;

/// The dialect, to be linked into a program.
pub const fn dialect() -> StaticDialect {
    static_dialect::<Postgresql>()
}

const RULES: SqlRules = {
    let mut rules = SqlRules::STANDARD;
    rules.paramstyle = ParamStyle::NumericDollar;
    rules.identifier_case = IdentifierCase::Lower;
    rules.max_identifier = 63;
    rules.max_parameters = 65_535;
    rules.escape_strings = true;
    rules.dollar_quotes = true;
    rules.nested_comments = true;
    rules
};

const CAPABILITIES: &[Capability] = &[
    Capability::Transactions,
    Capability::Savepoints,
    Capability::TransactionalDdl,
    Capability::ReadOnly,
    Capability::Deferrable,
    Capability::Deadlines,
    Capability::Streaming,
    Capability::InsertReturning,
    Capability::UpdateReturning,
    Capability::DeleteReturning,
    Capability::Notices,
    Capability::Ping,
];

impl Dialect for Postgresql {
    type Connection = PostgresqlConnection;

    const INFO: DialectInfo = DialectInfo {
        description: "PostgreSQL, by a blocking client of our own.",
        aliases: &["postgres", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+asyncpg"],
        drivers: &["postgres-protocol"],
        default_port: 5432,
        rules: RULES,
        capabilities: CAPABILITIES,
        isolation_levels: &[
            IsolationLevel::ReadUncommitted,
            IsolationLevel::ReadCommitted,
            IsolationLevel::RepeatableRead,
            IsolationLevel::Serializable,
            IsolationLevel::Autocommit,
        ],
        ping_statement: "select 1",
        license: "MIT OR Apache-2.0",
        homepage: "https://www.postgresql.org",
        ..DialectInfo::new("postgresql", env!("CARGO_PKG_VERSION"))
    };

    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<PostgresqlConnection> {
        let config = Config::from_args(args)?;
        let session = startup::connect(&config, Deadline::of(call))?;
        Ok(PostgresqlConnection::new(session))
    }

    fn create_connect_args(args: &ConnectArgs<'_>) -> Result<ConnectPlan> {
        Config::from_args(args)?;
        Ok(ConnectPlan::default())
    }
}
