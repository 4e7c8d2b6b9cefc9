//! Transactions: what a commit keeps, what a rollback undoes, who sees what.

use aludel::dbapi::TransactionState;

use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::Session;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Transactions,
        a_commit_is_seen_by_another_connection,
        [Transactions],
        "What a transaction did is seen by others once it is committed, and not before.",
        "PEP 249, Connection.commit; ISO/IEC 9075-2, 4.41 SQL-transactions"
    ),
    case!(
        Transactions,
        a_rollback_undoes_every_change,
        [Transactions],
        "A rollback undoes inserts, updates and deletes of its transaction, and nothing older.",
        "PEP 249, Connection.rollback"
    ),
    case!(
        Transactions,
        a_statement_outside_of_a_transaction_commits_itself,
        [Transactions],
        "Without begin each statement commits itself, and the next transaction is a new one.",
        "aludel: Connection::begin"
    ),
    case!(
        Transactions,
        a_connection_that_is_dropped_commits_nothing,
        [Transactions],
        "Closing or dropping a connection rolls its transaction back.",
        "PEP 249, Connection.close"
    ),
    case!(
        Transactions,
        commit_and_rollback_without_a_transaction_do_nothing,
        [Transactions],
        "Commit and rollback where nothing was begun succeed and change nothing.",
        "aludel: Connection::rollback; PEP 249, Connection.commit"
    ),
    case!(
        Transactions,
        the_state_of_the_transaction_is_known,
        [Transactions],
        "The driver knows without asking whether a transaction is open.",
        "aludel: Connection::transaction_state"
    ),
    case!(
        Transactions,
        ddl_is_rolled_back_with_its_transaction,
        [Transactions, TransactionalDdl],
        "CREATE TABLE in a transaction that is rolled back has not happened.",
        "aludel: Capability::TransactionalDdl"
    ),
];

fn a_commit_is_seen_by_another_connection(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut writer, mut reader) = (trial.connect()?, trial.connect()?);
    for round in 1..=ROUNDS {
        writer.begin()?;
        writer.run(&format!("insert into {table} (n) values (?)"), &[round.into()])?;
        writer.expect(&count, round)?;
        reader.expect(&count, round - 1)?;
        writer.commit()?;
        reader.expect(&count, round)?;
        reader.expect(&format!("select max(n) from {table}"), round)?;
    }
    Ok(())
}

fn a_rollback_undoes_every_change(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(3)?;
    let all = format!("select n, s from {table} order by n");
    let (mut writer, mut reader) = (trial.connect()?, trial.connect()?);
    let before = writer.query(&all, &[])?.rows;
    ensure(before.len() == 3, "the rows before", "three", before.len().to_string())?;
    for round in 0..ROUNDS {
        writer.begin()?;
        let changes = [
            format!("insert into {table} (n, s) values (9, 'x')"),
            format!("update {table} set s = 'changed' where n = 1"),
            format!("delete from {table} where n = 2"),
        ];
        // Another one comes first in each round.
        for place in 0..3 {
            writer.run(&changes[(place + round as usize) % 3], &[])?;
        }
        writer.expect(&format!("select count(*) from {table} where s in ('x', 'changed')"), 2)?;
        writer.rollback()?;
        writer.expect_rows(&all, &[], &before)?;
        reader.expect_rows(&all, &[], &before)?;
    }
    Ok(())
}

fn a_statement_outside_of_a_transaction_commits_itself(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut writer, mut reader) = (trial.connect()?, trial.connect()?);
    for round in 1..=ROUNDS {
        writer.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        reader.expect(&count, round)?;
        writer.begin()?;
        writer.run(&format!("delete from {table}"), &[])?;
        writer.expect(&count, 0)?;
        writer.rollback()?;
        reader.expect(&count, round)?;
    }
    Ok(())
}

fn a_connection_that_is_dropped_commits_nothing(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let mut reader = trial.connect()?;
    for round in 0..ROUNDS {
        let mut goes = trial.connect()?;
        goes.begin()?;
        goes.run(&format!("insert into {table} (n) values (1)"), &[])?;
        goes.expect(&count, round + 1)?;
        match round % 2 {
            0 => goes.close()?,
            _ => drop(goes),
        }
        reader.expect(&count, round)?;
        // The control: the same with a commit.
        let mut stays = trial.connect()?;
        stays.begin()?;
        stays.run(&format!("insert into {table} (n) values (1)"), &[])?;
        stays.commit()?;
        drop(stays);
        reader.expect(&count, round + 1)?;
    }
    Ok(())
}

fn commit_and_rollback_without_a_transaction_do_nothing(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(2)?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.commit()?;
        session.rollback()?;
        session.expect(&count, 2 + round)?;
        session.begin()?;
        session.run(&format!("insert into {table} (n, s) values (9, 'x')"), &[])?;
        session.commit()?;
        session.rollback()?;
        session.expect(&count, 3 + round)?;
    }
    Ok(())
}

fn the_state_of_the_transaction_is_known(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    if session.raw().transaction_state() == TransactionState::Unknown {
        return Err(trial.unsupported("the driver does not track transactions"));
    }
    let expect = |session: &mut Session, when: &str, expected: TransactionState| {
        let got = session.raw().transaction_state();
        let (what, expected, got) = (got == expected, format!("{expected:?}"), format!("{got:?}"));
        ensure(what, format!("transaction_state {when}"), expected, got)
    };
    for round in 0..ROUNDS {
        expect(&mut session, "before begin", TransactionState::Idle)?;
        session.begin()?;
        session.expect(&format!("select count(*) from {table}"), 1)?;
        expect(&mut session, "after a statement", TransactionState::Active)?;
        match round % 2 {
            0 => session.commit()?,
            _ => session.rollback()?,
        }
        expect(&mut session, "after the end", TransactionState::Idle)?;
    }
    Ok(())
}

fn ddl_is_rolled_back_with_its_transaction(trial: &mut Trial) -> Step<()> {
    let columns = trial.quirks().spell("n {integer}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let table = trial.name();
        trial.will_drop(&table);
        let count = format!("select count(*) from {table}");
        session.begin()?;
        session.run(&format!("create table {table} ({columns})"), &[])?;
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        session.expect(&count, 1)?;
        session.rollback()?;
        session.refusal(&count, &[])?;
        session.begin()?;
        session.run(&format!("create table {table} ({columns})"), &[])?;
        session.commit()?;
        session.expect(&count, 0)?;
    }
    Ok(())
}
