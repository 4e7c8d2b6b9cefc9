//! What the driver tells about its server.

use aludel::abi::host::Limits;
use aludel::dbapi::ServerInfo;
use aludel::dialect::Capability;
use aludel::{ErrorKind, Value};

use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::{Session, done};
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Server,
        the_server_tells_its_name_and_its_version,
        [],
        "A connection knows which server it talks to; what the server lacks is told by known names.",
        "aludel: Connection::server_info; ODBC, SQL_DBMS_NAME and SQL_DBMS_VER"
    ),
    case!(
        Server,
        every_connection_tells_the_same_server,
        [],
        "All connections of a URL tell the same server, however often they are asked.",
        "aludel: Connection::server_info"
    ),
    case!(
        Server,
        the_version_is_the_one_that_the_server_tells_in_sql,
        [],
        "The version is the server's own, as it writes it.",
        "aludel: ServerInfo::version; ODBC, SQL_DBMS_VER"
    ),
    case!(
        Server,
        asking_for_the_server_leaves_the_transaction_as_it_is,
        [Transactions],
        "Asking which server it is neither ends a transaction nor begins one.",
        "aludel: Connection::server_info"
    ),
    case!(
        Server,
        rules_that_differ_have_known_names_and_values,
        [],
        "Rules of the SQL text that the server changes are fields of SqlRules.",
        "aludel: ServerInfo::rules"
    ),
];

/// What the driver tells; unsupported where it does not.
fn told(trial: &Trial, session: &mut Session) -> Step<ServerInfo> {
    session.note("server_info");
    match session.raw().server_info(Limits::NONE) {
        Err(error) if error.kind() == ErrorKind::NotSupported => {
            Err(trial.unsupported("the driver does not tell"))
        }
        info => done("server_info", info),
    }
}

fn the_server_tells_its_name_and_its_version(trial: &mut Trial) -> Step<()> {
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.expect(&query, 42)?;
        let info = told(trial, &mut session)?;
        let digits = info.version.contains(|digit: char| digit.is_ascii_digit());
        let got = format!("{:?} {:?}", info.name, info.version);
        ensure(!info.name.is_empty() && digits, "server_info", "a name and a version", got)?;
        for name in info.capabilities.iter().flatten() {
            let known = Capability::from_name(name).is_some();
            ensure(known, "server_info", "known capabilities", name)?;
        }
    }
    session.expect(&query, 42)
}

fn every_connection_tells_the_same_server(trial: &mut Trial) -> Step<()> {
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    session.expect(&query, 42)?;
    let first = told(trial, &mut session)?;
    for _ in 0..ROUNDS {
        let mut other = trial.connect()?;
        for asked in [&mut session, &mut other] {
            asked.expect(&query, 42)?;
            let again = told(trial, asked)?;
            let (same, got) = (again == first, format!("{again:?}"));
            ensure(same, "server_info", format!("{first:?}"), got)?;
        }
    }
    Ok(())
}

fn the_version_is_the_one_that_the_server_tells_in_sql(trial: &mut Trial) -> Step<()> {
    let Some(query) = trial.quirks().version_query else {
        return Err(trial.unsupported("the quirks know no query for the version"));
    };
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let info = told(trial, &mut session)?;
        session.expect(query, Value::from(info.version.as_str()))?;
    }
    Ok(())
}

fn asking_for_the_server_leaves_the_transaction_as_it_is(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (1)");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.begin()?;
        session.run(&insert, &[])?;
        let info = told(trial, &mut session)?;
        ensure(!info.name.is_empty(), "server_info", "a name", "nothing")?;
        session.rollback()?;
        session.expect(&count, round)?;
        told(trial, &mut session)?;
        session.run(&insert, &[])?;
        session.rollback()?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}

/// The fields of [`SqlRules`](aludel::dialect::SqlRules), and whether they are truth values.
const RULES: [(&str, bool); 14] = [
    ("paramstyle", false),
    ("identifier_quote_open", false),
    ("identifier_quote_close", false),
    ("identifier_case", false),
    ("max_identifier", false),
    ("max_parameters", false),
    ("backslash_escapes", true),
    ("escape_strings", true),
    ("dollar_quotes", true),
    ("nested_comments", true),
    ("hash_comments", true),
    ("backtick_quotes", true),
    ("bracket_quotes", true),
    ("double_quoted_strings", true),
];

fn rules_that_differ_have_known_names_and_values(trial: &mut Trial) -> Step<()> {
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.expect(&query, 42)?;
        for (name, value) in told(trial, &mut session)?.rules {
            let rule = RULES.iter().find(|(known, _)| *known == name);
            let fits = match rule {
                None => false,
                Some((_, true)) => matches!(value.as_str(), "true" | "false"),
                Some((_, false)) => !value.is_empty(),
            };
            let got = format!("{name} = {value}");
            ensure(fits, "a rule of the server", "a field of SqlRules and its value", got)?;
        }
    }
    Ok(())
}
