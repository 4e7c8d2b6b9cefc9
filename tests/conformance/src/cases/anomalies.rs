//! What two transactions see of one another: the phenomena that each isolation level rules out.

use aludel::Value;
use aludel::abi::host::Limits;
use aludel::dbapi::{IsolationLevel, TransactionOptions};

use crate::case;
use crate::case::Case;
use crate::compare::whole;
use crate::flaw::{Flaw, Step, ensure};
use crate::session::Session;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Isolation,
        nothing_is_read_that_is_not_committed,
        [Transactions],
        "At every level but READ UNCOMMITTED a transaction reads nothing that is not committed.",
        "ISO/IEC 9075-2, 4.41.4, P1 (dirty read)"
    ),
    case!(
        Isolation,
        a_row_reads_the_same_twice,
        [Transactions],
        "From REPEATABLE READ on a transaction that reads a row again reads the same.",
        "ISO/IEC 9075-2, 4.41.4, P2 (non-repeatable read)"
    ),
    case!(
        Isolation,
        no_row_appears_between_two_reads,
        [Transactions],
        "At SERIALIZABLE a condition that is asked again finds the same rows.",
        "ISO/IEC 9075-2, 4.41.4, P3 (phantom)"
    ),
    case!(
        Isolation,
        each_statement_sees_what_was_committed_before_it,
        [Transactions],
        "At a level that takes a snapshot for each statement the newest commit is seen.",
        "PostgreSQL manual, 13.2.1 Read Committed; MySQL manual, Consistent Nonlocking Reads"
    ),
    case!(
        Isolation,
        of_two_that_read_and_then_write_one_is_told_to_try_again,
        [Transactions],
        "At SERIALIZABLE no update is lost: the second to write what both have read is refused.",
        "ISO/IEC 9075-2, 4.41.4: serializable execution, SQLSTATE 40001"
    ),
    case!(
        Isolation,
        two_transactions_do_not_both_act_on_what_the_other_changes,
        [Transactions],
        "At SERIALIZABLE two transactions end as if one had come after the other (no write skew).",
        "ISO/IEC 9075-2, 4.41.4: serializable execution; Berenson et al. 1995, A5B"
    ),
    case!(
        Isolation,
        autocommit_commits_each_statement_for_itself,
        [Transactions],
        "At AUTOCOMMIT others see each statement at once, and a rollback takes nothing back.",
        "SQLAlchemy, AUTOCOMMIT; aludel: IsolationLevel::Autocommit"
    ),
];

fn with(level: IsolationLevel) -> TransactionOptions<'static> {
    TransactionOptions { isolation: Some(level), ..TransactionOptions::default() }
}

/// Those of these levels that the dialect declares.
fn declared(trial: &Trial, levels: &[IsolationLevel]) -> Step<Vec<IsolationLevel>> {
    let known = trial.target().info().isolation_levels.iter().copied();
    let chosen: Vec<IsolationLevel> = known.filter(|level| levels.contains(level)).collect();
    match chosen.is_empty() {
        true => Err(trial.unsupported("the dialect declares no such isolation level")),
        false => Ok(chosen),
    }
}

/// Two connections that do not wait for one another's locks.
fn two(trial: &mut Trial) -> Step<(Session, Session)> {
    let quirks = trial.quirks();
    let (mut one, mut other) = (trial.connect()?, trial.connect()?);
    match quirks.no_waiting {
        Some(no_waiting) => {
            one.apply(no_waiting)?;
            other.apply(no_waiting)?;
        }
        None if quirks.readers_block_nobody => {}
        None => return Err(trial.unsupported("a transaction may have to wait for another")),
    }
    Ok((one, other))
}

/// Whether the statement was executed; false when it was refused for the sake of another
/// transaction. Any other error is a flaw.
fn gets_through(session: &mut Session, text: &str) -> Step<bool> {
    match session.try_query(text, &[])? {
        Ok(_) => Ok(true),
        Err(error) if error.is_retryable() => Ok(false),
        Err(error) => Err(session.unexpected(text, &[], &error)),
    }
}

/// Commits what got through; false when that or the commit was refused.
fn ends(session: &mut Session, through: bool) -> Step<bool> {
    if !through {
        session.rollback()?;
        return Ok(false);
    }
    session.note("commit");
    match session.raw().commit(Limits::NONE) {
        Ok(()) => Ok(true),
        Err(error) if error.is_retryable() => {
            session.rollback()?;
            Ok(false)
        }
        Err(error) => Err(Flaw::error("commit", "success, or a retryable error", &error)),
    }
}

fn nothing_is_read_that_is_not_committed(trial: &mut Trial) -> Step<()> {
    let levels = declared(
        trial,
        &[
            IsolationLevel::ReadCommitted,
            IsolationLevel::RepeatableRead,
            IsolationLevel::Serializable,
            IsolationLevel::Snapshot,
        ],
    )?;
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut reader, mut writer) = two(trial)?;
    for round in 0..ROUNDS {
        let level = levels[round as usize % levels.len()];
        writer.begin()?;
        writer.run(&format!("insert into {table} (n) values (1)"), &[])?;
        reader.note(level.name());
        reader.begin_with(&with(level))?;
        if gets_through(&mut reader, &count)? {
            reader.expect(&count, round)?;
        }
        reader.rollback()?;
        writer.commit()?;
        // The control: now it is there.
        reader.begin_with(&with(level))?;
        reader.expect(&count, round + 1)?;
        reader.rollback()?;
    }
    Ok(())
}

fn a_row_reads_the_same_twice(trial: &mut Trial) -> Step<()> {
    let levels =
        [IsolationLevel::RepeatableRead, IsolationLevel::Serializable, IsolationLevel::Snapshot];
    let levels = declared(trial, &levels)?;
    let table = trial.filled_table(1)?;
    let query = format!("select s from {table} where n = 1");
    let (mut reader, mut writer) = two(trial)?;
    for round in 0..ROUNDS {
        let level = levels[round as usize % levels.len()];
        reader.note(level.name());
        reader.begin_with(&with(level))?;
        let before = reader.scalar(&query, &[])?;
        let update = format!("update {table} set s = 'new {round}' where n = 1");
        gets_through(&mut writer, &update)?;
        reader.expect(&query, before)?;
        reader.rollback()?;
        writer.run(&update, &[])?;
        reader.expect(&query, format!("new {round}"))?;
    }
    Ok(())
}

fn no_row_appears_between_two_reads(trial: &mut Trial) -> Step<()> {
    let levels = declared(trial, &[IsolationLevel::Serializable, IsolationLevel::Snapshot])?;
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table} where n > 0");
    let (mut reader, mut writer) = two(trial)?;
    let mut rows = 0;
    for round in 0..ROUNDS {
        let level = levels[round as usize % levels.len()];
        reader.note(level.name());
        reader.begin_with(&with(level))?;
        reader.expect(&count, rows)?;
        let insert = format!("insert into {table} (n) values ({})", round + 1);
        let through = gets_through(&mut writer, &insert)?;
        reader.expect(&count, rows)?;
        reader.rollback()?;
        if !through {
            writer.run(&insert, &[])?;
        }
        rows += 1;
        reader.expect(&count, rows)?;
    }
    Ok(())
}

fn each_statement_sees_what_was_committed_before_it(trial: &mut Trial) -> Step<()> {
    let levels = declared(trial, &trial.quirks().fresh_levels)?;
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut reader, mut writer) = two(trial)?;
    for round in 0..ROUNDS {
        let level = levels[round as usize % levels.len()];
        reader.note(level.name());
        reader.begin_with(&with(level))?;
        reader.expect(&count, 2 * round)?;
        writer.run(&format!("insert into {table} (n) values (1)"), &[])?;
        reader.expect(&count, 2 * round + 1)?;
        writer.run(&format!("insert into {table} (n) values (1)"), &[])?;
        reader.expect(&count, 2 * round + 2)?;
        reader.rollback()?;
    }
    Ok(())
}

fn of_two_that_read_and_then_write_one_is_told_to_try_again(trial: &mut Trial) -> Step<()> {
    declared(trial, &[IsolationLevel::Serializable])?;
    let table = trial.filled_table(1)?;
    let query = format!("select n from {table}");
    let no_waiting = trial.quirks().no_waiting;
    let (mut one, mut other) = two(trial)?;
    for _ in 0..ROUNDS {
        let start = number(&mut one, &query)?;
        one.begin_setting(&with(IsolationLevel::Serializable), no_waiting)?;
        other.begin_setting(&with(IsolationLevel::Serializable), no_waiting)?;
        let update = format!("update {table} set n = {}", start + 1);
        one.expect(&query, start)?;
        other.expect(&query, start)?;
        let through = gets_through(&mut one, &update)?;
        let first = ends(&mut one, through)?;
        let through = gets_through(&mut other, &update)?;
        let second = ends(&mut other, through)?;
        // Both added one to what they had read: one of them may have.
        ensure(first != second, "the two updates", "one that is refused", both(first))?;
        one.expect(&query, start + 1)?;
    }
    Ok(())
}

fn number(session: &mut Session, query: &str) -> Step<i64> {
    let value = session.scalar(query, &[])?;
    let number = whole(&value).and_then(|number| i64::try_from(number).ok());
    number.ok_or_else(|| session.wrong(query, &[], "a whole number", &crate::show::value(&value)))
}

fn both(through: bool) -> &'static str {
    if through { "both got through" } else { "both were refused" }
}

fn two_transactions_do_not_both_act_on_what_the_other_changes(trial: &mut Trial) -> Step<()> {
    declared(trial, &[IsolationLevel::Serializable])?;
    let table = trial.filled_table(2)?;
    let on = format!("select count(*) from {table} where s = 'on'");
    let no_waiting = trial.quirks().no_waiting;
    let (mut one, mut other) = two(trial)?;
    for _ in 0..ROUNDS {
        one.run(&format!("update {table} set s = 'on'"), &[])?;
        one.begin_setting(&with(IsolationLevel::Serializable), no_waiting)?;
        other.begin_setting(&with(IsolationLevel::Serializable), no_waiting)?;
        // Each makes sure that the other is on, and goes off.
        one.expect(&on, 2)?;
        other.expect(&on, 2)?;
        let off = |n: i64| format!("update {table} set s = 'off' where n = {n}");
        let one_through = gets_through(&mut one, &off(1))?;
        let other_through = gets_through(&mut other, &off(2))?;
        let first = ends(&mut one, one_through)?;
        let second = ends(&mut other, other_through)?;
        ensure(first != second, "the two", "one that is refused", both(first))?;
        one.expect(&on, 1)?;
    }
    Ok(())
}

fn autocommit_commits_each_statement_for_itself(trial: &mut Trial) -> Step<()> {
    declared(trial, &[IsolationLevel::Autocommit])?;
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (?)");
    let (mut writer, mut reader) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        writer.begin_with(&with(IsolationLevel::Autocommit))?;
        writer.run(&insert, &[Value::I64(1)])?;
        reader.expect(&count, 2 * round + 1)?;
        writer.run(&insert, &[Value::I64(2)])?;
        reader.expect(&count, 2 * round + 2)?;
        writer.rollback()?;
        reader.expect(&count, 2 * round + 2)?;
        writer.expect_alive()?;
    }
    Ok(())
}
