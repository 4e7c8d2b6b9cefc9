//! Deferrable transactions: serializable, read only, and never in the way of others.

use std::time::{Duration, Instant};

use aludel::abi::host::{DriverCursor, ExecuteOptions, Limits};
use aludel::dbapi::{AccessMode, IsolationLevel, PrepareOptions, TransactionOptions};

use super::slow::renew;
use crate::case;
use crate::case::Case;
use crate::flaw::{Flaw, Step, ensure};
use crate::quirks::Deferrable;
use crate::session::{Session, refused};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Deferrable,
        a_transaction_is_deferrable_when_it_was_asked_for,
        [Transactions, Deferrable],
        "A transaction is DEFERRABLE or NOT DEFERRABLE as it was asked for.",
        "PostgreSQL manual, SET TRANSACTION; aludel: TransactionOptions::deferrable"
    ),
    case!(
        Deferrable,
        the_next_transaction_is_not_deferrable,
        [Transactions, Deferrable],
        "DEFERRABLE ends with the transaction that asked for it.",
        "PostgreSQL manual, SET TRANSACTION: default_transaction_deferrable"
    ),
    case!(
        Deferrable,
        a_deferrable_transaction_sees_one_moment,
        [Transactions, Deferrable],
        "A deferrable transaction reads the same however much others commit meanwhile.",
        "PostgreSQL manual, 13.2.3 Serializable Isolation Level"
    ),
    case!(
        Deferrable,
        a_deferrable_transaction_refuses_changes,
        [Transactions, Deferrable],
        "A deferrable transaction is read only, and the next one writes again.",
        "PostgreSQL manual, SET TRANSACTION"
    ),
    case!(
        Deferrable,
        a_deferrable_transaction_waits_until_nothing_can_disturb_it,
        [Transactions, Deferrable, Deadlines],
        "It begins to read when no serializable writer of before is left, and ends at its deadline.",
        "PostgreSQL manual, SET TRANSACTION: may block when first acquiring its snapshot"
    )
    .only_declared(),
];

fn options(deferrable: Option<bool>) -> TransactionOptions<'static> {
    TransactionOptions {
        isolation: Some(IsolationLevel::Serializable),
        access: Some(AccessMode::ReadOnly),
        deferrable,
        ..TransactionOptions::default()
    }
}

fn words(trial: &Trial) -> Step<Deferrable> {
    let words = trial.quirks().deferrable;
    words.ok_or_else(|| trial.unsupported("the quirks know nothing of deferrable transactions"))
}

fn is_shown(session: &mut Session, words: &Deferrable, expected: bool) -> Step<()> {
    session.expect(words.shown, if expected { "on" } else { "off" })
}

fn a_transaction_is_deferrable_when_it_was_asked_for(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        for asked in [Some(true), Some(false), None] {
            session.begin_with(&options(asked))?;
            is_shown(&mut session, &words, asked == Some(true))?;
            session.rollback()?;
        }
    }
    Ok(())
}

fn the_next_transaction_is_not_deferrable(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer}")?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        session.begin_with(&options(Some(true)))?;
        is_shown(&mut session, &words, true)?;
        session.commit()?;
        session.begin()?;
        is_shown(&mut session, &words, false)?;
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        session.commit()?;
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    Ok(())
}

fn a_deferrable_transaction_sees_one_moment(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut reader, mut writer) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        reader.begin_with(&options(Some(true)))?;
        reader.expect(&count, 2 * round)?;
        for _ in 0..2 {
            writer.run(&format!("insert into {table} (n) values (1)"), &[])?;
            reader.expect(&count, 2 * round)?;
        }
        reader.commit()?;
        reader.expect(&count, 2 * round + 2)?;
    }
    Ok(())
}

fn a_deferrable_transaction_refuses_changes(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let insert = format!("insert into {table} (n) values (1)");
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.begin_with(&options(Some(true)))?;
        session.expect(&count, round)?;
        session.refusal(&insert, &[])?;
        session.rollback()?;
        session.run(&insert, &[])?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}

/// Long enough to be in the first statement, short enough to wait for it in each round.
const WHILE: Duration = Duration::from_millis(60);
/// Far more than a statement takes that need not wait.
const SOON: Duration = Duration::from_secs(10);

fn a_deferrable_transaction_waits_until_nothing_can_disturb_it(trial: &mut Trial) -> Step<()> {
    if !words(trial)?.waits {
        return Err(trial.unsupported("a deferrable transaction waits for nobody"));
    }
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let writing = TransactionOptions { access: None, deferrable: None, ..options(None) };
    let (mut reader, mut writer) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        writer.begin_with(&writing)?;
        writer.run(&format!("insert into {table} (n) values (1)"), &[])?;
        let begun = Instant::now();
        let waited = first_read(&mut reader, &count, WHILE)?;
        let error = refused("a read while another writes", waited)?;
        renew(trial, &mut reader, Some(&error))?;
        let (state, elapsed) = (error.sqlstate().unwrap_or(""), begun.elapsed());
        let late = matches!(state, "HYT00" | "57014") && elapsed >= WHILE && elapsed < SOON;
        let got = format!("{} after {elapsed:?}", show::error(&error));
        ensure(late, "a read while another writes", "HYT00 or 57014 at its deadline", got)?;
        reader.rollback()?;
        writer.commit()?;
        // The control: nothing is in the way any more.
        first_read(&mut reader, &count, SOON)?
            .map_err(|error| reader.unexpected(&count, &[], &error))?;
        reader.expect(&count, round + 1)?;
        reader.rollback()?;
    }
    Ok(())
}

/// Begins a deferrable transaction and reads in it; the transaction stays open.
fn first_read(
    session: &mut Session,
    text: &str,
    within: Duration,
) -> Step<Result<(), aludel::Error>> {
    session.begin_with(&options(Some(true)))?;
    session.note(text);
    let limits = Limits::within(within);
    let connection = session.raw();
    // Preparing may ask the server, which takes the snapshot then.
    let statement = match connection.prepare(text, PrepareOptions::default(), limits) {
        Ok((Some(statement), _)) => statement,
        Ok((None, _)) => return Err(Flaw::mismatch("prepare", "a statement", "nothing")),
        Err(error) => return Ok(Err(error)),
    };
    let options = ExecuteOptions::default().limits(limits);
    let result = connection.execute(&statement, &(), options).and_then(DriverCursor::finish);
    connection.close_statement(statement);
    Ok(result)
}
