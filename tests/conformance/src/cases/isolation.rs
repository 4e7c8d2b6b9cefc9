//! Isolation levels and savepoints.

use aludel::Value;
use aludel::abi::host::Limits;
use aludel::dbapi::{IsolationLevel, Savepoint, TransactionOptions, TransactionState};
use aludel::dialect::option_key;

use crate::case::{Case, case};
use crate::flaw::{Step, ensure};
use crate::session::is_refusal;
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Transactions,
        a_savepoint_undoes_what_came_after_it,
        [Savepoints],
        "ROLLBACK TO SAVEPOINT undoes what came after the savepoint, and nothing before.",
        "ISO/IEC 9075-2, 17.5 <savepoint statement>"
    ),
    case!(
        Transactions,
        a_released_savepoint_keeps_its_changes_and_is_gone,
        [Savepoints],
        "RELEASE SAVEPOINT keeps the changes; rolling back to it is an error afterwards.",
        "ISO/IEC 9075-2, 17.6 <release savepoint statement>"
    ),
    case!(
        Transactions,
        savepoints_nest_in_one_another,
        [Savepoints],
        "Rolling back to the outer of two savepoints undoes the inner one as well.",
        "ISO/IEC 9075-2, 4.41.2 Savepoints"
    ),
    case!(
        Transactions,
        a_name_of_a_savepoint_is_quoted,
        [Savepoints],
        "Names of savepoints are identifiers that the dialect quotes.",
        "aludel: Connection::savepoint"
    ),
    case!(
        Transactions,
        every_declared_isolation_level_begins_a_transaction,
        [Transactions],
        "A transaction begins with each declared level; AUTOCOMMIT begins none.",
        "aludel: DialectInfo::isolation_levels; ISO/IEC 9075-2, 4.41.4"
    ),
    case!(
        Transactions,
        levels_that_are_not_declared_are_refused,
        [Transactions],
        "A level that the database does not have is an error, not another level.",
        "aludel: Connection::begin"
    ),
    case!(
        Transactions,
        the_isolation_level_of_the_session_is_read_back,
        [Transactions, SessionOptions],
        "The isolation level that was set is the one that is told, and the one that is used.",
        "aludel: option_key::ISOLATION_LEVEL; SQLAlchemy, Connection.get_isolation_level"
    ),
    case!(
        Transactions,
        a_serializable_transaction_reads_the_same_twice,
        [Transactions],
        "A SERIALIZABLE transaction does not see what others commit after its first read.",
        "ISO/IEC 9075-2, 4.41.4 Isolation levels: non-repeatable read, phantom"
    ),
];

fn a_savepoint_undoes_what_came_after_it(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (1)");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.begin()?;
        session.run(&insert, &[])?;
        session.savepoint(Savepoint::Create, "kit")?;
        session.run(&insert, &[])?;
        session.run(&insert, &[])?;
        session.expect(&count, round + 3)?;
        session.savepoint(Savepoint::RollbackTo, "kit")?;
        session.expect(&count, round + 1)?;
        session.commit()?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}

fn a_released_savepoint_keeps_its_changes_and_is_gone(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (1)");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        session.begin()?;
        session.savepoint(Savepoint::Create, "kit")?;
        session.run(&insert, &[])?;
        session.savepoint(Savepoint::Release, "kit")?;
        session.commit()?;
        session.expect(&count, round)?;
        session.begin()?;
        session.savepoint(Savepoint::Create, "kit")?;
        session.savepoint(Savepoint::Release, "kit")?;
        let again = session.raw().savepoint(Savepoint::RollbackTo, "kit", Limits::NONE);
        let refused = again.as_ref().err().is_some_and(is_refusal);
        let got = again.map_or_else(|error| show::error(&error), |()| "success".into());
        ensure(refused, "rollback to a released savepoint", "an error", got)?;
        session.rollback()?;
    }
    Ok(())
}

fn savepoints_nest_in_one_another(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let all = format!("select n from {table} order by n");
    let mut session = trial.connect()?;
    let insert = |n: i64| format!("insert into {table} (n) values ({n})");
    for _ in 0..ROUNDS {
        session.begin()?;
        session.run(&insert(1), &[])?;
        session.savepoint(Savepoint::Create, "outer_one")?;
        session.run(&insert(2), &[])?;
        session.savepoint(Savepoint::Create, "inner_one")?;
        session.run(&insert(3), &[])?;
        session.savepoint(Savepoint::RollbackTo, "inner_one")?;
        session.expect_rows(&all, &[], &vec![vec![1.into()], vec![2.into()]])?;
        session.run(&insert(4), &[])?;
        session.savepoint(Savepoint::Release, "inner_one")?;
        session.expect_rows(&all, &[], &vec![vec![1.into()], vec![2.into()], vec![4.into()]])?;
        session.savepoint(Savepoint::RollbackTo, "outer_one")?;
        session.expect_rows(&all, &[], &vec![vec![1.into()]])?;
        session.rollback()?;
        session.expect(&format!("select count(*) from {table}"), 0)?;
    }
    Ok(())
}

fn a_name_of_a_savepoint_is_quoted(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for name in ["select", "two words", "it's", "a\"b", "x; drop table y; --", "ůž", "Upper", "1"]
    {
        trial.tried();
        session.begin()?;
        session.savepoint(Savepoint::Create, name)?;
        session.run(&format!("insert into {table} (n) values (1)"), &[])?;
        session.expect(&count, 1)?;
        session.savepoint(Savepoint::RollbackTo, name)?;
        session.expect(&count, 0)?;
        session.savepoint(Savepoint::Release, name)?;
        session.rollback()?;
    }
    Ok(())
}

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

fn a_serializable_transaction_reads_the_same_twice(trial: &mut Trial) -> Step<()> {
    if !trial.target().info().isolation_levels.contains(&IsolationLevel::Serializable) {
        return Err(trial.unsupported("the dialect does not declare SERIALIZABLE"));
    }
    if !trial.quirks().reads_repeat {
        return Err(trial.unsupported("a writer may have to wait for a reader"));
    }
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut reader, mut writer) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        reader.begin_with(&with(IsolationLevel::Serializable))?;
        reader.expect(&count, round)?;
        writer.run(&format!("insert into {table} (n) values (1)"), &[])?;
        writer.expect(&count, round + 1)?;
        reader.expect(&count, round)?;
        reader.rollback()?;
        reader.expect(&count, round + 1)?;
    }
    Ok(())
}
