//! The wrapper as a dialect, with what it wraps declared or not.

use std::borrow::Cow;

use aludel::abi::host::{DriverDialect, Limits};
use aludel::dbapi::Call;
use aludel::dialect::{Capability, ConnectArgs, Dialect, DialectInfo, OptionInfo, OptionType};
use aludel::error::Result;
use aludel_dialect_sqlite::Sqlite;

use crate::connection::FaultyConnection;
use crate::plan::Plan;
use crate::{hub, network};

/// SQLite with a fault.
#[derive(Debug, Clone, Copy)]
pub struct Faulty;

/// SQLite without a fault, and without a word about what it can do.
#[derive(Debug, Clone, Copy)]
pub struct Undeclared;

/// The wrapper without a fault, which claims that its rows stream.
#[derive(Debug, Clone, Copy)]
pub struct Buffering;

const OPTIONS: &[OptionInfo] = &[
    OptionInfo::new("fault", OptionType::Text, "", "The fault to make."),
    OptionInfo::new("every", OptionType::Integer, "1", "Makes it every so many times."),
    OptionInfo::new(
        "count",
        OptionType::OneOf(&["chances", "calls"]),
        "chances",
        "What is counted: chances to make the fault, or calls of every kind.",
    ),
];

/// All of SQLite's but streaming (whole results are read at once), and what the wrapper adds.
const CAPABILITIES: &[Capability] = &[
    Capability::Transactions,
    Capability::Savepoints,
    Capability::TransactionalDdl,
    Capability::ReadOnly,
    Capability::Deadlines,
    Capability::Cancel,
    Capability::MultipleActive,
    Capability::ExecuteMany,
    Capability::InsertReturning,
    Capability::UpdateReturning,
    Capability::DeleteReturning,
    Capability::LastInsertId,
    Capability::Ping,
    Capability::ResetSession,
    Capability::SessionOptions,
    Capability::Reflection,
    Capability::DescribeParameters,
    Capability::TwoPhase,
    Capability::Deferrable,
    Capability::MultipleResults,
    Capability::CallProcedure,
    Capability::Notices,
    Capability::Notifications,
    Capability::BulkIn,
    Capability::BulkOut,
];

impl Dialect for Faulty {
    type Connection = FaultyConnection;

    const INFO: DialectInfo = DialectInfo {
        name: "faulty",
        aliases: &[],
        capabilities: CAPABILITIES,
        options: OPTIONS,
        ..<Sqlite as Dialect>::INFO
    };

    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<FaultyConnection> {
        let plan = Plan::new(args)?;
        if let Some(host) = args.hosts.first() {
            return Err(network::silence(host, &plan, call));
        }
        let own = |name: &str| OPTIONS.iter().any(|option| option.name == name);
        let options = args.options.iter().filter(|(name, _)| !own(name));
        let inner = ConnectArgs {
            scheme: "sqlite",
            engine: 0,
            hosts: args.hosts.clone(),
            options: options
                .map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value)))
                .collect(),
            ..*args
        };
        let dialect = DriverDialect::from(aludel_dialect_sqlite::dialect());
        let connection = dialect.connect(&inner, limits(call))?;
        FaultyConnection::new(connection, plan, hub::of(args.database.unwrap_or_default()))
    }
}

impl Dialect for Buffering {
    type Connection = FaultyConnection;

    const INFO: DialectInfo = DialectInfo {
        name: "buffering",
        capabilities: &[Capability::Streaming],
        ..<Faulty as Dialect>::INFO
    };

    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<FaultyConnection> {
        Faulty::connect(args, call)
    }
}

impl Dialect for Undeclared {
    type Connection = FaultyConnection;

    const INFO: DialectInfo = DialectInfo {
        rules: <Sqlite as Dialect>::INFO.rules,
        ..DialectInfo::new("undeclared", "1.0.0")
    };

    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<FaultyConnection> {
        Faulty::connect(args, call)
    }
}

/// The limits of a call, for the call that it becomes. One whose time is over is refused before, or
/// has become one without limits by a fault.
pub(crate) fn limits(call: &Call<'_>) -> Limits {
    let left = call.remaining().filter(|left| !left.is_zero());
    left.map_or(Limits::NONE, Limits::within)
}
