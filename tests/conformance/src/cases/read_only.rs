//! Transactions and sessions that may not write.

use aludel::Value;
use aludel::dbapi::{AccessMode, TransactionOptions};
use aludel::dialect::option_key;

use crate::case;
use crate::case::Case;
use crate::flaw::Step;
use crate::session::Session;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        ReadOnly,
        a_read_only_transaction_refuses_changes,
        [Transactions, ReadOnly],
        "A read-only transaction reads but does not write; the next one writes again.",
        "ISO/IEC 9075-2, 17.3 <set transaction statement>; aludel: TransactionOptions::access"
    ),
    case!(
        ReadOnly,
        every_kind_of_change_is_refused,
        [Transactions, ReadOnly],
        "INSERT, UPDATE, DELETE and DDL are refused in a read-only transaction, and change nothing.",
        "ISO/IEC 9075-2, 4.41.3 Access mode; SQLSTATE 25006"
    ),
    case!(
        ReadOnly,
        a_read_only_transaction_sees_what_is_committed,
        [Transactions, ReadOnly],
        "A read-only transaction reads what was committed before it, and nothing that is not.",
        "ISO/IEC 9075-2, 4.41.4 Isolation levels"
    ),
    case!(
        ReadOnly,
        rows_of_an_executemany_are_refused,
        [Transactions, ReadOnly],
        "An executemany that changes something is refused in a read-only transaction.",
        "ISO/IEC 9075-2, 4.41.3 Access mode"
    ),
    case!(
        ReadOnly,
        a_prepared_statement_writes_again_in_the_next_transaction,
        [Transactions, ReadOnly],
        "A statement that a read-only transaction refused writes in one that may.",
        "aludel: Statement::execute, TransactionOptions::access"
    ),
    case!(
        ReadOnly,
        a_session_that_is_read_only_refuses_changes,
        [Transactions, ReadOnly, SessionOptions],
        "While the option `read_only` is set nothing is written, in transactions and outside.",
        "aludel: option_key::READ_ONLY; PostgreSQL manual, default_transaction_read_only"
    ),
];

const READ_ONLY: TransactionOptions<'static> = TransactionOptions {
    isolation: None,
    access: Some(AccessMode::ReadOnly),
    deferrable: None,
    mode: None,
};

fn a_read_only_transaction_refuses_changes(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(2)?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n, s) values (9, 'x')");
    let read_only =
        TransactionOptions { access: Some(AccessMode::ReadOnly), ..TransactionOptions::default() };
    let read_write =
        TransactionOptions { access: Some(AccessMode::ReadWrite), ..TransactionOptions::default() };
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.begin_with(&read_only)?;
        session.expect(&count, 2 + round)?;
        session.refusal(&insert, &[])?;
        session.rollback()?;
        match round % 2 {
            0 => session.begin()?,
            _ => session.begin_with(&read_write)?,
        }
        session.run(&insert, &[])?;
        session.commit()?;
        session.expect(&count, 3 + round)?;
    }
    Ok(())
}

fn every_kind_of_change_is_refused(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(3)?;
    let other = trial.name();
    let columns = trial.quirks().spell("n {integer}");
    trial.will_drop(&other);
    let all = format!("select count(*) from {table} where n between 1 and 3 and s <> 'x'");
    let mut session = trial.connect()?;
    for round in 0..2 * ROUNDS as usize {
        trial.tried();
        let changes = [
            format!("insert into {table} (n, s) values (2, 'x')"),
            format!("update {table} set s = 'x'"),
            format!("delete from {table}"),
            format!("create table {other} ({columns})"),
        ];
        session.begin_with(&READ_ONLY)?;
        session.expect(&all, 3)?;
        session.refusal(&changes[round % changes.len()], &[])?;
        session.rollback()?;
        session.expect(&all, 3)?;
        session.refusal(&format!("select n from {other}"), &[])?;
    }
    // The control: another transaction may do all of it.
    session.begin()?;
    session.run(&format!("update {table} set s = 'x'"), &[])?;
    session.run(&format!("delete from {table} where n = 1"), &[])?;
    session.commit()?;
    session.expect(&format!("select count(*) from {table} where s = 'x'"), 2)
}

fn a_read_only_transaction_sees_what_is_committed(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (1)");
    let (mut reader, mut writer) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        writer.begin()?;
        writer.run(&insert, &[])?;
        writer.expect(&count, round + 1)?;
        reader.begin_with(&READ_ONLY)?;
        reader.expect(&count, round)?;
        reader.commit()?;
        writer.commit()?;
        reader.begin_with(&READ_ONLY)?;
        reader.expect(&count, round + 1)?;
        reader.refusal(&insert, &[])?;
        reader.rollback()?;
    }
    Ok(())
}

fn rows_of_an_executemany_are_refused(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let insert = format!("insert into {table} (n) values (?)");
    let count = format!("select count(*) from {table}");
    let rows: Vec<Vec<Value>> = (1..=3).map(|n| vec![n.into()]).collect();
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.begin_with(&READ_ONLY)?;
        session.refusal_of_many(&insert, &rows)?;
        session.rollback()?;
        session.expect(&count, 3 * round)?;
        session.run_many(&insert, &rows)?;
        session.expect(&count, 3 * (round + 1))?;
    }
    Ok(())
}

fn a_prepared_statement_writes_again_in_the_next_transaction(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    let insert = session.prepare(&format!("insert into {table} (n) values (?)"))?;
    for round in 1..=ROUNDS {
        session.begin_with(&READ_ONLY)?;
        session.refusal_of(&insert, &[round.into()])?;
        session.rollback()?;
        session.begin()?;
        session.execute(&insert, &[round.into()])?;
        session.commit()?;
        session.expect(&count, round)?;
    }
    Ok(())
}

fn a_session_that_is_read_only_refuses_changes(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let insert = format!("insert into {table} (n) values (1)");
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    let set = |session: &mut Session, to: bool| {
        session.set_option(option_key::READ_ONLY, &Value::Bool(to))
    };
    for round in 0..ROUNDS {
        set(&mut session, true)?;
        session.refusal(&insert, &[])?;
        session.begin()?;
        session.expect(&count, round)?;
        session.refusal(&insert, &[])?;
        session.rollback()?;
        set(&mut session, false)?;
        session.expect(&count, round)?;
        session.run(&insert, &[])?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}
