//! Resetting a session: nothing of it is seen by the next user of the connection.

use aludel::abi::host::ExecuteOptions;
use aludel::dbapi::{IsolationLevel, TransactionState};
use aludel::dialect::option_key;
use aludel::{Value, ValueRef};

use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::{Session, done};
use crate::show;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Reset,
        a_reset_rolls_back,
        [Transactions],
        "Resetting rolls an open transaction back.",
        "aludel: Connection::reset_session; SQLAlchemy, reset on return"
    ),
    case!(
        Reset,
        a_session_is_used_again_after_its_reset,
        [ResetSession],
        "A session works after any number of resets, with and without a transaction before.",
        "aludel: Connection::reset_session"
    )
    // The host rolls back for who does not declare it.
    .only_declared(),
    case!(
        Reset,
        a_reset_abandons_an_open_result,
        [ResetSession],
        "Resetting in the middle of a result abandons it.",
        "aludel: Connection::reset_session"
    )
    // The host rolls back for who does not declare it.
    .only_declared(),
    case!(
        Reset,
        session_options_are_what_they_were_after_connecting,
        [ResetSession, SessionOptions],
        "Every session option has, after a reset, the value that it had after connecting.",
        "aludel: Connection::reset_session"
    ),
    case!(
        Reset,
        the_isolation_level_is_what_it_was_after_connecting,
        [ResetSession, SessionOptions, Transactions],
        "An isolation level that was set for a session is not inherited by its next user.",
        "aludel: Connection::reset_session; SQLAlchemy, isolation_level per connection"
    ),
    case!(
        Reset,
        temporary_tables_are_gone_after_a_reset,
        [ResetSession],
        "Temporary tables belong to the session that is over.",
        "aludel: Connection::reset_session; PostgreSQL manual, DISCARD ALL"
    ),
    case!(
        Reset,
        a_prepared_statement_outlives_a_reset,
        [ResetSession],
        "A statement that was prepared before a reset is executed after it.",
        "aludel: Connection::reset_session, statements belong to the connection"
    )
    // The host rolls back for who does not declare it.
    .only_declared(),
];

fn a_reset_rolls_back(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut session, mut other) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        session.begin()?;
        session.run(&format!("insert into {table} (n) values (1)"), &[])?;
        session.expect(&count, round + 1)?;
        session.reset()?;
        let state = session.raw().transaction_state();
        let idle = matches!(state, TransactionState::Idle | TransactionState::Unknown);
        ensure(idle, "transaction_state", "Idle", format!("{state:?}"))?;
        session.expect(&count, round)?;
        // The lock has gone with the transaction.
        other.run(&format!("insert into {table} (n) values (2)"), &[])?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}

fn a_session_is_used_again_after_its_reset(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        session.reset()?;
        session.reset()?;
        session.begin()?;
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        session.commit()?;
        session.reset()?;
        session.expect(&format!("select count(*) from {table}"), round)?;
        session.expect_alive()?;
    }
    Ok(())
}

fn a_reset_abandons_an_open_result(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(600)?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let prepared = session.prepare(&format!("select n from {table} order by n"))?;
        let connection = session.raw();
        let executed = connection.execute(&prepared.statement, &(), ExecuteOptions::default());
        let mut cursor = done("execute", executed)?;
        let has_row = done("next", cursor.next())?.is_some();
        ensure(has_row, "next", "a row", "the end")?;
        // Forgotten, so that the result is still open.
        std::mem::forget(cursor);
        session.reset()?;
        session.run(&format!("update {table} set s = 'x{round}' where n = 1"), &[])?;
        session.expect(&format!("select s from {table} where n = 1"), format!("x{round}"))?;
        session.close_statement(prepared);
    }
    Ok(())
}

/// The standard options that say something about what the session does, with another value than the
/// one that they have.
fn others(session: &mut Session) -> Vec<(&'static str, Value, Value)> {
    let keys = [option_key::AUTOCOMMIT, option_key::READ_ONLY, option_key::TIMEOUT];
    let known = keys.into_iter().filter_map(|key| {
        let before = session.option(key).ok()?;
        let other = match before.as_ref() {
            ValueRef::Bool(truth) => Value::Bool(!truth),
            ValueRef::I64(number) => Value::I64(number + 12_345),
            ValueRef::U64(number) => Value::U64(number + 12_345),
            _ => return None,
        };
        Some((key, before, other))
    });
    known.collect()
}

fn session_options_are_what_they_were_after_connecting(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let mut session = trial.connect()?;
    let options = others(&mut session);
    if options.is_empty() {
        return Err(trial.unsupported("the session has none of the standard options"));
    }
    for round in 1..=ROUNDS {
        for (key, before, other) in &options {
            session.set_option(key, other)?;
            let set = session.option(key)?;
            ensure(set == *other, format!("{key} after it was set"), show::value(other), {
                show::value(&set)
            })?;
            session.reset()?;
            let after = session.option(key)?;
            ensure(after == *before, format!("{key} after the reset"), show::value(before), {
                show::value(&after)
            })?;
        }
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    Ok(())
}

fn the_isolation_level_is_what_it_was_after_connecting(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let levels = trial.target().info().isolation_levels;
    let mut session = trial.connect()?;
    let before = session.option(option_key::ISOLATION_LEVEL)?;
    let others: Vec<&IsolationLevel> =
        levels.iter().filter(|level| Value::from(level.name()) != before).collect();
    if others.is_empty() {
        return Err(trial.unsupported("there is no other isolation level"));
    }
    for round in 0..ROUNDS as usize {
        let level = others[round % others.len()];
        session.set_option(option_key::ISOLATION_LEVEL, &level.name().into())?;
        session.reset()?;
        let after = session.option(option_key::ISOLATION_LEVEL)?;
        let what = format!("isolation_level after {}", level.name());
        ensure(after == before, what, show::value(&before), show::value(&after))?;
        session.begin()?;
        session.run(&format!("insert into {table} (n) values (1)"), &[])?;
        session.rollback()?;
        session.expect(&count, 0)?;
    }
    Ok(())
}

fn temporary_tables_are_gone_after_a_reset(trial: &mut Trial) -> Step<()> {
    let quirks = trial.quirks();
    let Some(template) = quirks.temporary_table else {
        return Err(trial.unsupported("the quirks know no temporary tables"));
    };
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let table = trial.name();
        let columns = quirks.spell("n {integer}");
        session.run(&fill(template, &[("table", &table), ("columns", &columns)]), &[])?;
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        session.expect(&format!("select n from {table}"), round)?;
        session.reset()?;
        session.refusal(&format!("select n from {table}"), &[])?;
    }
    session.expect_alive()
}

fn a_prepared_statement_outlives_a_reset(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(ROUNDS)?;
    let mut session = trial.connect()?;
    let prepared = session.prepare(&format!("select s from {table} where n = ?"))?;
    for round in 1..=ROUNDS {
        let answer = session.execute(&prepared, &[round.into()])?;
        let expected = vec![vec![format!("row {round}").into()]];
        if answer.rows != expected {
            let (expected, got) = (show::rows(&expected), show::rows(&answer.rows));
            return Err(session.wrong(&prepared.sql, &[round.into()], &expected, &got));
        }
        session.reset()?;
    }
    session.expect_alive()
}
