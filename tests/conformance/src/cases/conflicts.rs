//! Transactions that are in each other's way, and constraints that wait for the commit.

use aludel::abi::host::Limits;
use aludel::dbapi::TransactionOptions;
use aludel::{Error, ErrorKind};

use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Transactions,
        two_transactions_exclude_one_another_where_they_are_asked_to,
        [Transactions],
        "A transaction that asks for a lock which another holds fails as retryable if it may not wait.",
        "aludel: TransactionOptions::mode, Error::is_retryable"
    ),
    case!(
        Transactions,
        of_two_writers_of_a_row_one_is_told_to_try_again,
        [Transactions],
        "A write to a row that an open transaction has written fails as retryable if it may not wait.",
        "ISO/IEC 9075-2, 4.41.4: lost update; aludel: Error::is_retryable"
    ),
    case!(
        Transactions,
        a_deferred_constraint_fails_the_commit,
        [Transactions],
        "A commit whose deferred constraint does not hold is an IntegrityError and keeps nothing.",
        "ISO/IEC 9075-2, 17.7 <commit statement>: integrity constraint violation"
    ),
];

fn two_transactions_exclude_one_another_where_they_are_asked_to(trial: &mut Trial) -> Step<()> {
    let quirks = trial.quirks();
    let (Some(mode), Some(no_waiting)) = (quirks.exclusive_mode, quirks.no_waiting) else {
        return Err(trial.unsupported("the quirks know no mode that excludes others"));
    };
    let table = trial.table("n {integer}")?;
    let exclusive = TransactionOptions { mode: Some(mode), ..TransactionOptions::default() };
    let (mut one, mut other) = (trial.connect()?, trial.connect()?);
    other.apply(no_waiting)?;
    for round in 1..=ROUNDS {
        one.begin_with(&exclusive)?;
        one.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        other.note(&format!("begin {mode}"));
        let refused = other.raw().begin(&exclusive, Limits::NONE);
        expect_retryable(&format!("begin {mode}"), refused)?;
        one.commit()?;
        other.begin_with(&exclusive)?;
        other.expect(&format!("select count(*) from {table}"), round)?;
        other.rollback()?;
    }
    Ok(())
}

fn expect_retryable(what: &str, result: Result<(), Error>) -> Step<()> {
    let retryable = result.as_ref().err().is_some_and(Error::is_retryable);
    let got = result.map_or_else(|error| show::error(&error), |()| "success".into());
    ensure(retryable, what, "a retryable error", got)
}

fn of_two_writers_of_a_row_one_is_told_to_try_again(trial: &mut Trial) -> Step<()> {
    let Some(no_waiting) = trial.quirks().no_waiting else {
        return Err(trial.unsupported("the quirks know no way not to wait for a lock"));
    };
    let table = trial.filled_table(1)?;
    let (mut one, mut other) = (trial.connect()?, trial.connect()?);
    other.apply(no_waiting)?;
    let update = |n: i64| format!("update {table} set n = {n}");
    for round in 1..=ROUNDS {
        one.begin()?;
        one.run(&update(round), &[])?;
        other.begin_setting(&TransactionOptions::default(), Some(no_waiting))?;
        let error = other.refusal(&update(-round), &[])?;
        expect_retryable("the second writer", Err(error))?;
        other.rollback()?;
        one.commit()?;
        other.expect(&format!("select n from {table}"), round)?;
        // What was in the way is gone.
        other.begin()?;
        other.run(&update(100 + round), &[])?;
        other.commit()?;
        one.expect(&format!("select n from {table}"), 100 + round)?;
    }
    Ok(())
}

fn a_deferred_constraint_fails_the_commit(trial: &mut Trial) -> Step<()> {
    let Some(deferred) = trial.quirks().deferred else {
        return Err(trial.unsupported("the quirks know no constraint that waits for the commit"));
    };
    let parent = trial.table("id {integer} not null primary key")?;
    let child = trial.table(&format!("p {{integer}} references {parent} (id) {deferred}"))?;
    let count = format!("select count(*) from {child}");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        session.begin()?;
        session.run(&format!("insert into {child} (p) values ({round})"), &[])?;
        session.note("commit");
        let committed = session.raw().commit(Limits::NONE);
        let refused =
            committed.as_ref().err().is_some_and(|error| error.kind() == ErrorKind::Integrity);
        let got = committed.map_or_else(|error| show::error(&error), |()| "success".into());
        ensure(refused, "commit", "an IntegrityError", got)?;
        session.rollback()?;
        session.expect(&count, round - 1)?;
        session.begin()?;
        session.run(&format!("insert into {child} (p) values ({round})"), &[])?;
        session.run(&format!("insert into {parent} (id) values ({round})"), &[])?;
        session.commit()?;
        session.expect(&count, round)?;
    }
    Ok(())
}
