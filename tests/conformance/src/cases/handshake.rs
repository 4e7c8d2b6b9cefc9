//! Connecting, closing, and what the dialect says about itself.

use std::thread;
use std::time::Duration;

use aludel::ErrorKind;
use aludel::abi::host::Limits;
use aludel::dialect::{Capability, DialectInfo};

use crate::case;
use crate::case::Case;
use crate::flaw::{Flaw, Step, ensure};
use crate::session::{done, is_refusal};
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Handshake,
        a_connection_answers_a_query,
        [],
        "A connection that was opened executes queries.",
        "PEP 249, Module Interface: connect"
    ),
    case!(
        Handshake,
        a_connection_is_closed_and_opened_again,
        [],
        "Connections can be opened and closed any number of times, and see the same database.",
        "PEP 249, Connection methods: close"
    ),
    case!(
        Handshake,
        a_connection_lives_on_when_another_is_closed,
        [],
        "Closing or dropping a connection leaves every other one alone.",
        "PEP 249, Connection methods: close"
    ),
    case!(
        Handshake,
        connections_are_opened_on_several_threads_at_once,
        [],
        "`connect` may be called from several threads at once, and a connection moves between them.",
        "aludel: Dialect::connect, Threading::Connection"
    ),
    case!(
        Handshake,
        connecting_to_nowhere_is_an_operational_error,
        [],
        "A database that cannot be reached is an OperationalError that says so in time.",
        "PEP 249, Exceptions: OperationalError; aludel: Dialect::connect"
    ),
    case!(
        Handshake,
        the_url_is_checked_without_its_secrets_being_shown,
        [],
        "What the driver would get is told without the password.",
        "aludel: Dialect::create_connect_args"
    ),
    case!(
        Handshake,
        the_dialect_describes_itself_without_contradiction,
        [],
        "Names are well formed, lists are sorted and free of repetitions, what is declared fits.",
        "aludel: DialectInfo"
    ),
    case!(
        Handshake,
        the_ping_statement_is_a_query_that_works,
        [],
        "The ping statement is a cheap query that any connection can execute.",
        "aludel: DialectInfo::ping_statement"
    ),
    case!(
        Handshake,
        a_ping_leaves_the_transaction_as_it_is,
        [Ping, Transactions],
        "A ping asks for a sign of life and leaves session and transaction as they are.",
        "aludel: Connection::ping"
    ),
];

fn a_connection_answers_a_query(trial: &mut Trial) -> Step<()> {
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.expect(&query, 42)?;
    }
    session.expect_alive()
}

fn a_connection_is_closed_and_opened_again(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    for round in 1..=ROUNDS {
        let mut session = trial.connect()?;
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        session.expect(&format!("select count(*) from {table}"), round)?;
        session.close()?;
    }
    Ok(())
}

fn a_connection_lives_on_when_another_is_closed(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(3)?;
    let mut stays = trial.connect()?;
    for round in 0..ROUNDS {
        let mut goes = trial.connect()?;
        goes.expect(&format!("select count(*) from {table}"), 3)?;
        if round % 2 == 0 {
            goes.close()?;
        }
        stays.expect(&format!("select max(n) from {table}"), 3)?;
        stays.expect_alive()?;
    }
    Ok(())
}

fn connections_are_opened_on_several_threads_at_once(trial: &mut Trial) -> Step<()> {
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let target = trial.target().clone();
    let moved = thread::scope(|scope| -> Vec<Step<_>> {
        let open = || done("connect", target.connect(Limits::NONE));
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
        let joined = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| Err(Flaw::mismatch("connect", "no panic", "a panic")))
        });
        joined.collect()
    });
    for connection in moved {
        let mut session = trial.adopt(connection?);
        session.expect(&query, 42)?;
    }
    Ok(())
}

fn connecting_to_nowhere_is_an_operational_error(trial: &mut Trial) -> Step<()> {
    let quirks = trial.quirks();
    if quirks.nowhere.is_empty() {
        return Err(trial.unsupported("the quirks know no place without a database"));
    }
    let query = format!("select 42{}", quirks.from_nothing);
    for place in &quirks.nowhere {
        trial.tried();
        trial.connect()?.expect(&query, 42)?;
        let what = format!("connect to {}", place.what);
        match trial.target().connect_nowhere(place, Duration::from_secs(10)) {
            Ok(_) => return Err(Flaw::mismatch(what, "an OperationalError", "a connection")),
            Err(error) if error.kind() == ErrorKind::Operational => {}
            Err(error) => return Err(Flaw::error(what, "an OperationalError", &error)),
        }
    }
    Ok(())
}

fn the_url_is_checked_without_its_secrets_being_shown(trial: &mut Trial) -> Step<()> {
    const SECRET: &str = "kit-secret-7f3a";
    let query = format!("select 42{}", trial.quirks().from_nothing);
    trial.connect()?.expect(&query, 42)?;
    let target = trial.target().clone();
    let plain = target.dialect().create_connect_args(&target.arguments());
    done("create_connect_args", plain)?;
    let mut arguments = target.arguments();
    arguments.password = Some(SECRET);
    // Refusing a password is as good as hiding it.
    let shown = match target.dialect().create_connect_args(&arguments) {
        Ok(plan) => format!("{:?}", plan.arguments),
        Err(error) if is_refusal(&error) => error.to_string(),
        Err(error) => return Err(Flaw::error("create_connect_args", "an answer", &error)),
    };
    ensure(!shown.contains(SECRET), "create_connect_args", "no password", shown)
}

fn the_dialect_describes_itself_without_contradiction(trial: &mut Trial) -> Step<()> {
    let info = trial.target().info();
    let query = format!("select 42{}", trial.quirks().from_nothing);
    trial.connect()?.expect(&query, 42)?;
    let well_formed = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    ensure(well_formed(info.name), "the name", "lower case letters, digits and `_`", info.name)?;
    ensure(!info.version.is_empty(), "the version", "a version", "nothing")?;
    let words = info.reserved_words;
    ensure(
        words.windows(2).all(|pair| pair[0] < pair[1]),
        "reserved_words",
        "each word once, sorted",
        "another order",
    )?;
    for (index, capability) in info.capabilities.iter().enumerate() {
        let repeated = info.capabilities[..index].contains(capability);
        ensure(!repeated, "capabilities", "each once", capability.name())?;
    }
    for option in info.options {
        ensure(!option.doc.is_empty(), "options", "a sentence about each", option.name)?;
    }
    dependent_capabilities(info)
}

/// What makes no sense without something else.
fn dependent_capabilities(info: &DialectInfo) -> Step<()> {
    for (has, needs) in [
        (Capability::Savepoints, Capability::Transactions),
        (Capability::TwoPhase, Capability::Transactions),
        (Capability::TransactionalDdl, Capability::Transactions),
        (Capability::ReadOnly, Capability::Transactions),
        (Capability::Deferrable, Capability::Transactions),
    ] {
        let fits = !info.has(has) || info.has(needs);
        ensure(fits, has.name(), format!("{} as well", needs.name()), "that is not declared")?;
    }
    let levels = info.isolation_levels;
    let fits = levels.is_empty() || info.has(Capability::Transactions);
    ensure(fits, "isolation_levels", "transactions as well", format!("{levels:?} alone"))
}

fn the_ping_statement_is_a_query_that_works(trial: &mut Trial) -> Step<()> {
    let statement = trial.target().info().ping_statement;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let answer = session.query(statement, &[])?;
        if answer.rows.len() != 1 {
            return Err(session.wrong(statement, &[], "one row", &crate::show::rows(&answer.rows)));
        }
    }
    Ok(())
}

fn a_ping_leaves_the_transaction_as_it_is(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        done("ping", session.raw().ping(Limits::NONE))?;
        session.begin()?;
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        done("ping", session.raw().ping(Limits::NONE))?;
        session.rollback()?;
        session.expect(&count, 0)?;
    }
    session.expect_alive()
}
