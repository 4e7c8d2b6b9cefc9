//! The dialect: its data, which leaves no field out, and connecting.

use std::path::Path;

use aludel::dbapi::{Call, IsolationLevel, TypeKind};
use aludel::dialect::{
    Capability, ConnectArgs, ConnectPlan, Dialect, DialectInfo, IdentifierCase, OptionClass,
    OptionInfo, OptionType, SqlRules, Threading, TypeName,
};
use aludel::{Error, Result};

use crate::connection::EverythingConnection;
use crate::probe::Probe;

/// Every isolation level.
pub(crate) const LEVELS: &[IsolationLevel] = &[
    IsolationLevel::ReadUncommitted,
    IsolationLevel::ReadCommitted,
    IsolationLevel::RepeatableRead,
    IsolationLevel::Serializable,
    IsolationLevel::Snapshot,
    IsolationLevel::Autocommit,
];

/// The dialect of everything.
pub struct Everything;

impl Dialect for Everything {
    type Connection = EverythingConnection;

    const INFO: DialectInfo = DialectInfo {
        description: "Has every capability, for tests",
        aliases: &["all", "everything+more"],
        drivers: &["memory"],
        default_port: 4242,
        rules: RULES,
        capabilities: Capability::ALL,
        isolation_levels: LEVELS,
        reserved_words: &["emit", "echo"],
        type_names: &[
            TypeName { kind: TypeKind::Varchar, name: "STRING({length})" },
            TypeName { kind: TypeKind::Numeric, name: "EXACT({precision},{scale})" },
        ],
        ping_statement: "rows 1",
        options: &[
            OptionInfo::new("panic", OptionType::Text, "", "the entry that panics"),
            OptionInfo::new("flag", OptionType::Bool, "false", "a truth value"),
            OptionInfo::new("number", OptionType::Integer, "0", "a whole number"),
            OptionInfo::new("wait", OptionType::Seconds, "0", "how long connecting takes"),
            OptionInfo::new("mode", OptionType::OneOf(&["fast", "safe"]), "safe", "one of two"),
            OptionInfo::new("key", OptionType::Text, "", "a secret").secret(),
            OptionInfo::new("file", OptionType::Text, "", "a file").class(OptionClass::File),
            OptionInfo::new("script", OptionType::Text, "", "code").class(OptionClass::Code),
        ],
        native_libraries: &[],
        threading: Threading::Connection,
        license: "MIT OR Apache-2.0",
        homepage: "https://github.com/aludel/aludel",
        ..DialectInfo::new("everything", env!("CARGO_PKG_VERSION"))
    };

    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<EverythingConnection> {
        visit(args, "DialectVt.connect");
        if args.username == Some("nobody") {
            return Err(Error::operational("access denied for `nobody`").with_sqlstate("28000"));
        }
        if args.database == Some("missing") {
            return Err(Error::operational("there is no database `missing`").with_sqlstate("3D000"));
        }
        for file in ["file", "script"].into_iter().filter_map(|option| args.option(option)) {
            if !Path::new(file).exists() {
                return Err(Error::operational(format!("there is no file `{file}`")));
            }
        }
        EverythingConnection::open(args, call)
    }

    fn create_connect_args(args: &ConnectArgs<'_>) -> Result<ConnectPlan> {
        visit(args, "DialectVt.create_connect_args");
        args.bool_option("flag")?;
        args.integer_option("number")?;
        let mut plan = ConnectPlan::default().argument("scheme", args.scheme);
        for host in &args.hosts {
            let port = host.port().map_or("default".into(), |port| port.to_string());
            plan = plan.argument("host", format!("{} port {port}", host.host()));
        }
        plan.pool = Some("SingletonThreadPool".into());
        plan.keep_connected = args.database == Some("");
        plan.pool_use_lifo = plan.keep_connected;
        Ok(plan)
    }
}

const RULES: SqlRules = {
    let mut rules = SqlRules::STANDARD;
    rules.identifier_case = IdentifierCase::Lower;
    rules.dollar_quotes = true;
    rules.max_parameters = 65_535;
    rules
};

/// Before there is a connection, the URL says what panics.
fn visit(args: &ConnectArgs<'_>, entry: &'static str) {
    let probe = Probe::default();
    if let Some(armed) = args.option("panic") {
        probe.arm(armed);
    }
    probe.enter(entry);
}

/// What the dialect says about itself, in memory that lives for ever.
pub fn info() -> &'static DialectInfo {
    &Everything::INFO
}
