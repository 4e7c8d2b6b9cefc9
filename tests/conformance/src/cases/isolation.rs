//! Isolation levels: which there are, and how they are set.

use aludel::Value;
use aludel::abi::host::Limits;
use aludel::dbapi::{IsolationLevel, TransactionOptions, TransactionState};
use aludel::dialect::option_key;

use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::is_refusal;
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Isolation,
        every_declared_isolation_level_begins_a_transaction,
        [Transactions],
        "A transaction begins with each declared level; AUTOCOMMIT begins none.",
        "aludel: DialectInfo::isolation_levels; ISO/IEC 9075-2, 4.41.4"
    ),
    case!(
        Isolation,
        levels_that_are_not_declared_are_refused,
        [Transactions],
        "A level that the database does not have is an error, not another level.",
        "aludel: Connection::begin"
    ),
    case!(
        Isolation,
        the_isolation_level_of_the_session_is_read_back,
        [Transactions, SessionOptions],
        "The isolation level that was set is the one that is told, and the one that is used.",
        "aludel: option_key::ISOLATION_LEVEL; SQLAlchemy, Connection.get_isolation_level"
    ),
];

fn with(level: IsolationLevel) -> TransactionOptions<'static> {
    TransactionOptions { isolation: Some(level), ..TransactionOptions::default() }
}

fn every_declared_isolation_level_begins_a_transaction(trial: &mut Trial) -> Step<()> {
    let levels = trial.target().info().isolation_levels;
    if levels.is_empty() {
        return Err(trial.unsupported("the dialect declares no isolation levels"));
    }
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    let mut rows = 0;
    for round in 0..ROUNDS as usize * levels.len() {
        let level = levels[round % levels.len()];
        session.note(level.name());
        session.begin_with(&with(level))?;
        session.run(&format!("insert into {table} (n) values (1)"), &[])?;
        session.expect(&count, rows + 1)?;
        session.rollback()?;
        rows += i64::from(level == IsolationLevel::Autocommit);
        session.expect(&count, rows)?;
    }
    Ok(())
}

fn levels_that_are_not_declared_are_refused(trial: &mut Trial) -> Step<()> {
    let declared = trial.target().info().isolation_levels;
    let Some(control) = declared.first() else {
        return Err(trial.unsupported("the dialect declares no isolation levels"));
    };
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    for code in (1..=6).filter_map(IsolationLevel::from_code) {
        if declared.contains(&code) {
            continue;
        }
        trial.tried();
        for _ in 0..ROUNDS {
            session.begin_with(&with(*control))?;
            session.expect(&format!("select count(*) from {table}"), 1)?;
            session.rollback()?;
            let begun = session.raw().begin(&with(code), Limits::NONE);
            let refused = begun.as_ref().err().is_some_and(is_refusal);
            let got = begun.map_or_else(|error| show::error(&error), |()| "success".into());
            ensure(refused, format!("begin {}", code.name()), "an error", got)?;
            let state = session.raw().transaction_state();
            let idle = state != TransactionState::Active;
            ensure(idle, "transaction_state after that", "Idle", format!("{state:?}"))?;
        }
    }
    Ok(())
}

fn the_isolation_level_of_the_session_is_read_back(trial: &mut Trial) -> Step<()> {
    let levels = trial.target().info().isolation_levels;
    if levels.is_empty() {
        return Err(trial.unsupported("the dialect declares no isolation levels"));
    }
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    let mut rows = 0;
    for round in 0..ROUNDS as usize * levels.len() {
        let level = levels[round % levels.len()];
        let name = Value::from(level.name());
        session.set_option(option_key::ISOLATION_LEVEL, &name)?;
        let told = session.option(option_key::ISOLATION_LEVEL)?;
        let what = "the isolation level that was set";
        ensure(told == name, what, show::value(&name), show::value(&told))?;
        session.begin()?;
        session.run(&format!("insert into {table} (n) values (1)"), &[])?;
        session.rollback()?;
        rows += i64::from(level == IsolationLevel::Autocommit);
        session.expect(&count, rows)?;
    }
    Ok(())
}
