//! The dialect: what it says about itself, and its entry points.

use aludel::abi::{StaticDialect, static_dialect};
use aludel::dbapi::{Call, IsolationLevel, TypeKind};
use aludel::dialect::{
    Capability, ConnectArgs, ConnectPlan, Dialect, DialectInfo, EmptyIn, IdentifierCase, SqlRules,
    TypeName,
};
use aludel::error::Result;

use crate::connection::SqliteConnection;
use crate::{location, open, options, reserved, settings};

/// The SQLite dialect.
#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

/// The dialect, to be linked into a program.
pub const fn dialect() -> StaticDialect {
    static_dialect::<Sqlite>()
}

const RULES: SqlRules = {
    let mut rules = SqlRules::STANDARD;
    rules.identifier_case = IdentifierCase::Preserved;
    rules.max_identifier = 0;
    rules.max_parameters = 32_766;
    rules.backtick_quotes = true;
    rules.bracket_quotes = true;
    rules.empty_in = EmptyIn::Parentheses;
    rules.tuple_in_values = true;
    rules
};

const CAPABILITIES: &[Capability] = &[
    Capability::Transactions,
    Capability::Savepoints,
    Capability::TransactionalDdl,
    Capability::ReadOnly,
    Capability::Deadlines,
    Capability::Cancel,
    Capability::MultipleActive,
    Capability::ExecuteMany,
    Capability::Streaming,
    Capability::InsertReturning,
    Capability::UpdateReturning,
    Capability::DeleteReturning,
    Capability::LastInsertId,
    Capability::Ping,
    Capability::ResetSession,
    Capability::SessionOptions,
    Capability::Reflection,
    Capability::DescribeParameters,
];

const fn type_name(kind: TypeKind, name: &'static str) -> TypeName {
    TypeName { kind, name }
}

const TYPE_NAMES: &[TypeName] = &[
    type_name(TypeKind::Boolean, "BOOLEAN"),
    type_name(TypeKind::TinyInteger, "TINYINT"),
    type_name(TypeKind::SmallInteger, "SMALLINT"),
    type_name(TypeKind::Integer, "INTEGER"),
    type_name(TypeKind::BigInteger, "BIGINT"),
    type_name(TypeKind::Real, "REAL"),
    type_name(TypeKind::Double, "DOUBLE"),
    type_name(TypeKind::Numeric, "NUMERIC({precision}, {scale})"),
    type_name(TypeKind::Char, "CHAR({length})"),
    type_name(TypeKind::Varchar, "VARCHAR({length})"),
    type_name(TypeKind::Text, "TEXT"),
    type_name(TypeKind::Binary, "BLOB"),
    type_name(TypeKind::Varbinary, "BLOB"),
    type_name(TypeKind::Blob, "BLOB"),
    type_name(TypeKind::Date, "DATE"),
    type_name(TypeKind::Time, "TIME"),
    type_name(TypeKind::Timestamp, "DATETIME"),
    type_name(TypeKind::TimestampTz, "TIMESTAMP"),
    type_name(TypeKind::Uuid, "CHAR(36)"),
    type_name(TypeKind::Json, "JSON"),
];

impl Dialect for Sqlite {
    type Connection = SqliteConnection;

    const INFO: DialectInfo = DialectInfo {
        description: "SQLite, bundled: databases in files and in memory.",
        aliases: &["sqlite3", "sqlite+pysqlite", "sqlite+aiosqlite"],
        drivers: &["rusqlite"],
        rules: RULES,
        capabilities: CAPABILITIES,
        isolation_levels: &[
            IsolationLevel::Serializable,
            IsolationLevel::ReadUncommitted,
            IsolationLevel::Autocommit,
        ],
        reserved_words: reserved::WORDS,
        type_names: TYPE_NAMES,
        ping_statement: "select 1",
        options: options::OPTIONS,
        license: "MIT OR Apache-2.0",
        homepage: "https://www.sqlite.org",
        ..DialectInfo::new("sqlite", env!("CARGO_PKG_VERSION"))
    };

    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<SqliteConnection> {
        open::open(args, call)
    }

    fn create_connect_args(args: &ConnectArgs<'_>) -> Result<ConnectPlan> {
        settings::Settings::new(args)?;
        Ok(location::Location::new(args)?.plan(args))
    }
}

/// Compiles and runs the examples of the page for users.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/sqlite.md")]
struct Page;
